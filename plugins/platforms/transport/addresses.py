"""Web addresses inside a text."""

import re

_ENDS = r"/?[.,;:!?…)\]}\"'»”’*_~]*(?:\s|$)"  # what may stand after an address without being a part of it


def has_address(text: str, link: str) -> bool:
    """Whether the text holds this very address as a whole, and not only a longer one that begins with it."""
    return bool(link) and re.search(rf"(?<![\w/@.-]){re.escape(link)}{_ENDS}", text) is not None


def untagged(link: str) -> str:
    """The address without its campaign tags (`utm_…`), all else of it as it is."""
    address, mark, fragment = link.partition("#")
    page, _, query = address.partition("?")
    kept = "&".join(each for each in query.split("&") if each and not each.lower().startswith("utm_"))
    return f"{page}{'?' * bool(kept)}{kept}{mark}{fragment}"
