"""What may stand in a cell of the calendar. Each reader takes the cell's text and raises Unfit with the remedy."""

import difflib
import hashlib
import re
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from include.desk.problems import Unfit, instead
from include.domain.accounts import Account, Brand
from include.domain.posts import FORMATS, Media

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_PARTING = re.compile(r"^[ \t]*---[ \t]*$", re.MULTILINE)
_LOST_WORD = re.compile(r"(?<!\S)\?{4,}(?!\S)")


def read_key(text: str) -> str:
    """A row's own name, fit for ids and for web addresses."""
    if not _KEY.fullmatch(text):
        raise Unfit("use up to 100 letters, digits, - . and _, without spaces, such as aurora-2026w48-panettone.")
    return text


def read_accounts(text: str, brand: Brand) -> tuple[Account, ...]:
    """The accounts of `brand` that the cell names, in the brand's order, each once."""
    names = re.split(r"[\s,;+]+", text.lower().strip(" ,;+"))
    allowed = ["all", *sorted({account.platform for account in brand.accounts}), *(a.key for a in brand.accounts)]
    if not text:
        raise Unfit(f"is needed; write one or more of: {', '.join(allowed)}.")
    for name in names:
        if name not in allowed:
            raise Unfit(f'{brand.key} has no account "{name}"; {instead(name, allowed)}')
    return tuple(a for a in brand.accounts if {"all", a.platform, a.key} & set(names))


def read_letters(text: str) -> str:
    """A text with all its letters: question marks in place of words mean that saving the file lost them."""
    only_marks = len(text) > 1 and not text.strip("? \n")
    if "\N{REPLACEMENT CHARACTER}" in text or only_marks or _LOST_WORD.search(text):
        raise Unfit('the file lost its letters; save it anew as "CSV UTF-8" and write them again.')
    return text


def parted(text: str) -> tuple[str, ...]:
    """A text in the parts of its thread: a line that holds only --- begins the next one."""
    return tuple(part.strip() for part in _PARTING.split(text))


def read_format(text: str) -> str:
    """What a post is on networks that tell them apart; empty means feed."""
    if text and text.lower() not in FORMATS:
        raise Unfit(f"not a format; {instead(text, FORMATS)}")
    return text.lower() or "feed"


def read_link(text: str) -> str:
    """A web address whole enough to be opened."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", text):
        raise Unfit("not a web address; write it whole, such as https://example.com/page.")
    return text


def read_media(text: str, folder: Path) -> tuple[Media, ...]:
    """The files or addresses that the cell names, files as absolute paths; their alt texts are read apart."""
    return tuple(Media(_source(name.strip(), folder)) for name in text.split("|")) if text else ()


def digest_of(media: Media) -> str:
    """What the reader would see, apart from where it lies: a digest of a file's bytes, or the address itself.

    Raises Unfit for a file that cannot be read (any more).
    """
    if urlsplit(media.source).scheme == "https":
        return media.source
    path = Path(media.source)
    try:
        with path.open("rb") as file:
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    except OSError as error:
        raise _unreadable(path.name, error) from error


def read_alts(text: str, count: int) -> tuple[str, ...]:
    """One alt text per image, empty where it is missing."""
    alts = [read_letters(alt.strip()) for alt in text.split("|")] if text else []
    if len(alts) > count:
        raise Unfit(f"{len(alts)} alt texts for {count} image{'s' * (count != 1)}; a vertical bar parts them.")
    return (*alts, *[""] * (count - len(alts)))


def _source(name: str, folder: Path) -> str:
    if "://" in name:
        if not name.startswith("https://") or not urlsplit(name).hostname:
            raise Unfit(f'"{name}" cannot be fetched safely; use an https address or a file beside the calendar.')
        return name
    path = PurePosixPath(name.replace("\\", "/"))
    if not name or path.is_absolute() or ".." in path.parts or ":" in name:
        raise Unfit(f'"{name}" is not a file beside the calendar; write it like media/photo.png.')
    file = folder / path
    try:
        if not file.is_file():
            raise Unfit(f'there is no file "{name}" in {folder}.{_near(path, folder)}')
        return str(file.resolve())
    except OSError as error:
        raise _unreadable(name, error) from error


def _unreadable(name: str, error: OSError) -> Unfit:
    return Unfit(f'"{name}" cannot be read ({error.strerror}); let the desk read it, or put it there anew.')


def _near(path: PurePosixPath, folder: Path) -> str:
    there = [str(file.relative_to(folder)) for file in (folder / path.parent).glob("*") if file.is_file()]
    close = difflib.get_close_matches(str(path), there, n=1, cutoff=0.5)
    return f' Did you mean "{close[0]}"?' if close else ""
