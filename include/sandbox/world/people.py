"""Who writes under posts: invented people with ids of the shape that their network gives them."""

from dataclasses import dataclass
from functools import lru_cache

from include.sandbox.chance import chance, digits, letters

CROWD = 400
"""So many different people write to one account; some of them again and again."""

FIRST = {
    "it": ("Giulia", "Paolo", "Sara", "Luca", "Chiara", "Marco", "Elena", "Davide", "Francesca", "Pina", "Nicolò"),
    "lo": ("Noy", "Bounmy", "Dao", "Somphone", "Keo", "Vilay", "Souk", "Phonesavanh", "ຄຳ", "ສົມພອນ", "ມະນີວັນ"),
    "en": ("Emma", "Jon", "Priya", "Tom", "Lena", "Grace", "Owen", "Maya", "Ben", "Aoife", "Zoë"),
}
LAST = {
    "it": ("Conti", "Mancini", "De Santis", "Ferraro", "Galli", "Russo", "Bruno", "Lombardi", "Sanna", "Vitale"),
    "lo": ("Vongsa", "Keomany", "Sisavath", "Phommachanh", "Inthavong", "Chanthala", "ວົງສາ", "ພົມມະຈັນ", "Saelim"),
    "en": ("Walsh", "Price", "Kaur", "Hughes", "Novak", "O'Neill", "Baker", "Lindqvist", "Reid", "Moore"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """`person_id` as the network gives it to the account that asks; `username` without `@`."""

    person_id: str
    name: str
    username: str


@lru_cache(maxsize=1 << 16)
def person(seed: int, platform: str, brand_language: str, account: str, number: int) -> Person:
    """Number `number` of the crowd around an account."""
    draw = chance(seed, account, "person", number)
    spoken = brand_language.partition("-")[0] if brand_language.partition("-")[0] in FIRST else "en"
    first, last = draw.choice(FIRST[spoken]), draw.choice(LAST[spoken])
    plain = "".join(c for c in f"{first}{last}".lower() if c.isascii() and c.isalnum()) or "lao"
    return Person(_person_id(platform, seed, account, number), f"{first} {last}", f"{plain}{number}")


def _person_id(platform: str, *names: object) -> str:
    if platform == "linkedin":
        return f"urn:li:person:{letters(10, *names)}"
    if platform == "bluesky":
        return "did:plc:" + "".join(chance(*names).choices("abcdefghijklmnopqrstuvwxyz234567", k=24))
    return digits(18 if platform == "mastodon" else 17, "person", *names)
