"""What lies in a media file, told by its bytes and not by its name: the facts that networks have rules about.

Whatever is wrong is a sentence about the file: empty, damaged, cut off, too large to be looked at, of no kind that a
network takes, or called what it is not.
"""

import os
from pathlib import PurePosixPath
from typing import BinaryIO

from include.desk.problems import Unfit
from include.domain.posts import MediaFacts
from include.editorial.images import image_facts
from include.editorial.videos import video_facts

_ENDINGS = {
    ".jpg": ("jpeg",),
    ".jpeg": ("jpeg",),
    ".png": ("png",),
    ".gif": ("gif",),
    ".webp": ("webp",),
    ".bmp": ("bmp",),
    ".tif": ("tiff",),
    ".tiff": ("tiff",),
    ".avif": ("avif",),
    # One family: a camera's .mov is often called .mp4, and plays.
    ".mp4": ("mp4", "mov"),
    ".m4v": ("mp4", "mov"),
    ".mov": ("mp4", "mov"),
    ".webm": ("webm", "matroska"),
    ".mkv": ("webm", "matroska"),
    ".avi": ("avi",),
    ".mpg": ("mpeg",),
    ".mpeg": ("mpeg",),
}
_CALLED = {"jpeg": ".jpg", "matroska": ".mkv", "mpeg": ".mpg", "tiff": ".tif"}
_PHONES_OWN = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")


def look_into(file: BinaryIO, name: str) -> MediaFacts:
    """What is in the open file, which people call `name`. Raises Unfit with what is wrong with it."""
    size = file.seek(0, os.SEEK_END)
    if not size:
        raise Unfit(f"{name} is empty (0 bytes); put the file there anew.")
    try:
        _refuse_phones_own(file)
        facts = image_facts(file, size) or video_facts(file, size)
    except Unfit as unfit:
        raise Unfit(f"{name} {unfit}") from unfit.__cause__
    if facts is None:
        raise Unfit(f"{name} is neither an image nor a video that networks take; save it as JPEG, PNG or MP4.")
    _check_name(facts, name)
    return facts


def _refuse_phones_own(file: BinaryIO) -> None:
    file.seek(4)
    if file.read(4) == b"ftyp" and file.read(4) in _PHONES_OWN:
        raise Unfit("is a HEIC photo, which no network takes; save it as JPEG.")


def _check_name(facts: MediaFacts, name: str) -> None:
    path = PurePosixPath(name)
    meant = _ENDINGS.get(path.suffix.lower(), ())
    if meant and facts.format not in meant:
        right = path.with_suffix(_CALLED.get(facts.format, f".{facts.format}")).name
        raise Unfit(f"{name} is a {facts.format.upper()} inside; call it {right}, or save it as what it is called.")
