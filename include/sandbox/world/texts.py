"""What brands say in the samples: Italian, Lao and English, each post put together from three parts."""

from random import Random

OPENERS = {
    "it": (
        "Buongiorno dalla bottega.",
        "Appena sfornato.",
        "Una novità sugli scaffali.",
        "Dietro le quinte:",
        "Ce lo chiedete in tanti.",
        "Sabato siamo aperti fino alle 19.",
    ),
    "lo": (
        "ສະບາຍດີຕອນເຊົ້າ.",
        "ກາເຟຄົ່ວໃໝ່ມາແລ້ວ.",
        "ມີຂ່າວດີມາບອກ.",
        "ມື້ນີ້ທີ່ຮ້ານ:",
        "ຫຼາຍຄົນຖາມມາ.",
        "ວັນເສົາເປີດຮອດ 7 ໂມງແລງ.",
    ),
    "en": (
        "Good morning from all of us.",
        "Fresh out this morning.",
        "New on the shelves.",
        "Behind the scenes:",
        "You asked, so here it is.",
        "We are open until seven on Saturday.",
    ),
}

BODIES = {
    "it": (
        "Ogni pezzo passa per le mani di tre persone prima di arrivare in vetrina.",
        "Abbiamo rimesso a posto la vetrina: passate a vedere i colori della stagione.",
        "Marta ci mostra come nasce quello che trovate sul banco, dall'inizio alla fine.",
        "Spediamo in 48 ore in tutta Italia, e la confezione regalo è offerta da noi.",
        "Torna a grande richiesta la ricetta di sempre, in quantità limitata.",
        "Tre cose che non sapevate del nostro laboratorio.",
        "Da oggi si può prenotare online e ritirare in bottega in un'ora.",
        "Una domanda per voi: meglio il classico o la novità?",
        "Per chi non è riuscito a passare: domenica restiamo aperti.",
        "Grazie a chi è passato ieri: non ci aspettavamo così tanta gente.",
    ),
    "lo": (
        "ເມັດກາເຟຈາກພູພຽງບໍລະເວນ ຄົ່ວທຸກວັນອັງຄານ ແລະ ວັນສຸກ.",
        "ກາເຟເຢັນແກ້ວໃໝ່ ລົດຊາດນຸ້ມ ບໍ່ຫວານຫຼາຍ.",
        "ຊາວສວນທີ່ປາກຊ່ອງເກັບເມັດກາເຟດ້ວຍມືທຸກເມັດ.",
        "ສັ່ງອອນລາຍມື້ນີ້ ສົ່ງຮອດບ້ານພາຍໃນສອງມື້.",
        "ມາຊີມກາເຟຟຣີທີ່ຮ້ານແຄມຂອງ ຕອນ 4 ໂມງແລງ.",
        "ວິທີດິບກາເຟຢູ່ບ້ານໃຫ້ແຊບ ໃຊ້ເວລາພຽງ 4 ນາທີ.",
        "ຂອບໃຈລູກຄ້າທຸກຄົນທີ່ມາຮ່ວມງານມື້ວານນີ້.",
        "ຖົງກາເຟແບບໃໝ່ ເຮັດຈາກເຈ້ຍ ບໍ່ມີຢາງ.",
    ),
    "en": (
        "Every order is checked by two people before it leaves the shop.",
        "The new one is lighter, and you will notice the difference.",
        "Three things that you did not know about how we work.",
        "We ship within two days, and gift wrapping is on us.",
        "Come by at four this afternoon and try it for yourself.",
        "It took us eleven tries to get this one right.",
        "Back by popular demand, for as long as it lasts.",
        "Thank you to everybody who came yesterday; we ran out by noon.",
        "Here is how it is made, from the first step to the last.",
        "Tell us which one you would take home.",
    ),
}

CLOSERS = {
    "it": ("Vi aspettiamo!", "Quale scegliete?", "#fattoamano", "Link qui sotto.", "Ditecelo nei commenti.", ""),
    "lo": ("ແລ້ວພົບກັນ!", "ທ່ານມັກອັນໃດ?", "#ກາເຟລາວ", "ລິ້ງຢູ່ລຸ່ມນີ້.", "ຂຽນບອກພວກເຮົາແດ່.", ""),
    "en": ("See you there.", "Which one is yours?", "#handmade", "Link below.", "Tell us in the comments.", ""),
}


def sample_text(language: str, draw: Random) -> str:
    """A post of two or three sentences; a language without samples speaks English."""
    spoken = language.split("-", maxsplit=1)[0] if language.split("-", maxsplit=1)[0] in BODIES else "en"
    parts = (draw.choice(OPENERS[spoken]), draw.choice(BODIES[spoken]), draw.choice(CLOSERS[spoken]))
    return " ".join(p for p in parts if p)
