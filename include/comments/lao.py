"""Lao in Thai letters, so that what was learnt from Thai comments serves for Lao ones.

The two scripts stand in the same order in Unicode, 0x80 apart (The Unicode Standard, chapter 16, Thai and Lao): most
letters need no table. Where the spellings differ, a rule mends the syllable, and words that Thai says otherwise are
exchanged. Nobody whose language is Lao has checked the result.
"""

import re

_LAO = re.compile("[\u0e80-\u0eff]")

# Lao words that Thai has another word for, or spells otherwise. Longest first where one begins another.
_WORDS = {
    "ບໍ່": "ไม่",
    "ບໍ": "ไหม",
    "ຫຼາຍ": "มาก",
    "ຫລາຍ": "มาก",
    "ໂພດ": "เกินไป",
    "ຂີ້ຮ້າຍ": "แย่",
    "ໃຈຮ້າຍ": "โกรธ",
    "ຮ້າຍແຮງ": "ร้ายแรง",
    "ແຊບ": "อร่อย",
    "ມັກ": "ชอบ",
    "ຊັງ": "เกลียด",
    "ຊື້": "ซื้อ",
    "ຊື່": "ชื่อ",
    "ລໍຖ້າ": "รอ",
    "ດົນ": "นาน",
    "ເສຍ": "เสีย",
    "ງາມ": "สวย",
    "ຂອບໃຈ": "ขอบคุณ",
    "ຂີ້ຕົວະ": "โกหก",
    "ຕົວະ": "หลอก",
    "ຫຼອກລວງ": "หลอกลวง",
    "ສໍ້ໂກງ": "โกง",
    "ສໍ້ໂກ່ງ": "โกง",
    "ເຮັດ": "ทำ",
    "ເວົ້າ": "พูด",
    "ເບິ່ງ": "ดู",
    "ຮອດ": "ถึง",
    "ຮ້ານ": "ร้าน",
    "ຮັກ": "รัก",
    "ຮູ້": "รู้",
    "ຮຽນ": "เรียน",
    "ເຮືອນ": "บ้าน",
    "ເຮົາ": "เรา",
    "ຮັບ": "รับ",
    "ຮ້ອນ": "ร้อน",
    "ຊ່ວຍ": "ช่วย",
    "ໃຫຍ່": "ใหญ่",
    "ຍິງ": "หญิง",
    "ຢູ່": "อยู่",
    "ຢ່າງ": "อย่าง",
    "ຢ່າ": "อย่า",
    "ຢາກ": "อยาก",
    "ບໍລິການ": "บริการ",
    "ບໍລິສັດ": "บริษัท",
    "ພະນັກງານ": "พนักงาน",
    "ຄຸນນະພາບ": "คุณภาพ",
    "ລູກຄ້າ": "ลูกค้า",
    "ລາຄາ": "ราคา",
    "ເຄື່ອງ": "เครื่อง",
    "ຖືກ": "ถูก",
    "ເປ່ເພ": "พัง",
    "ເພ": "พัง",
    "ເສຍໃຈ": "เสียใจ",
    "ຜິດຫວັງ": "ผิดหวัง",
    "ບັນຫາ": "ปัญหา",
    "ເປື້ອນ": "สกปรก",
    "ເໝັນ": "เหม็น",
    "ເມື່ອຍ": "เหนื่อย",
    "ຄືນເງິນ": "คืนเงิน",
    "ດີໃຈ": "ดีใจ",
    "ປະທັບໃຈ": "ประทับใจ",
    "ສຸດຍອດ": "สุดยอด",
    "ໄວ": "เร็ว",
    "ຈັກເທື່ອ": "เลย",
    "ແມ່ນ": "ใช่",
    "ແນວໃດ": "อย่างไร",
    "ຫຍັງ": "อะไร",
    "ເປັນຫຍັງ": "ทำไม",
    "ມື້": "วัน",
    "ແລ້ວ": "แล้ว",
    "ຍັງ": "ยัง",
    "ນໍາ": "ด้วย",
    "ນຳ": "ด้วย",
}
_WORD = re.compile("|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True)))

# Letters that Thai has no counterpart for at the same place.
_LETTERS = {lao: lao - 0x80 for lao in range(0x0E81, 0x0EDA)} | {
    ord("ຍ"): "ย",
    ord("ຽ"): "ีย",
    ord("ຼ"): "ล",
    ord("ໜ"): "หน",
    ord("ໝ"): "หม",
    ord("ໞ"): "ก",
    ord("ໟ"): "ย",
}
_SYLLABLES = (
    (re.compile("\u0ebb([\u0ec8-\u0ecb]?)\u0ea7"), "\u0eb1\\1\u0ea7"),  # ົວ is ัว
    (re.compile("\u0ebb"), ""),  # the o that Thai does not write
    (re.compile("\u0ecd([\u0ec8-\u0ecb]?)\u0eb2"), "\\1\u0eb3"),  # two signs for ำ
    (re.compile("\u0ecd([\u0ec8-\u0ecb]?)"), "\\1\u0ead"),  # ໍ is อ behind the letter
    (re.compile("([\u0ec0\u0ec1][\u0e81-\u0eae][\u0ec8-\u0ecb]?)\u0eb1"), "\\1\u0e47"),  # ເ–ັ is เ–็
    (re.compile("(\u0eb7[\u0ec8-\u0ecb]?)(?![\u0e81-\u0eae\u0ec8-\u0ecb])"), "\\1\u0ead"),  # an open ື takes อ
)


def in_thai_letters(text: str) -> str:
    """The text with every Lao word in Thai letters; a text without any is left as it is."""
    if not _LAO.search(text):
        return text
    text = _WORD.sub(lambda found: _WORDS[found.group()], text)
    for pattern, instead in _SYLLABLES:
        text = pattern.sub(instead, text)
    return text.translate(_LETTERS)
