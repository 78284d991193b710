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
        "Good morning from the workshop.",
        "Fresh out this morning.",
        "New on the shelves.",
        "Behind the scenes:",
        "You asked, so here it is.",
        "We are open until seven on Saturday.",
    ),
}

BODIES = {
    "it": (
        "Il cuoio arriva da una conceria a venti minuti da qui e si sente al tatto.",
        "Ogni borsa passa per le mani di tre persone prima di uscire dal laboratorio.",
        "Abbiamo rimesso a posto la vetrina: passate a vedere i colori dell'autunno.",
        "Il nuovo portafoglio pesa 48 grammi e tiene otto carte.",
        "Marta ci mostra come si cuce un manico che dura trent'anni.",
        "Spediamo in 48 ore in tutta Italia, e il reso è gratuito.",
        "Le cinture su misura tornano in negozio: bastano cinque minuti per le misure.",
        "Tre modi per curare la pelle chiara quando piove.",
        "Da oggi si può far incidere il nome anche sui modelli piccoli.",
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
        "Every piece is checked by two people before it leaves the bench.",
        "The new roast is lighter, and it shows in the cup.",
        "Three ways to look after it when the weather turns.",
        "We ship within two days, and returns cost nothing.",
        "Come by at four this afternoon and try it for yourself.",
        "It took us eleven tries to get this colour right.",
        "The small model is back after five weeks of waiting.",
        "Thank you to everybody who came yesterday; we ran out by noon.",
        "Here is how it is made, from the first cut to the last stitch.",
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
