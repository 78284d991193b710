"""The text of a file as people save it: UTF-8 with or without a mark, or what Excel makes of it.

A file that was fetched, not found, is read from its `content`; its path then says only what to call it.
"""

from dataclasses import dataclass
from pathlib import Path

from include.desk.problems import DeskProblems, Problem


@dataclass(frozen=True, slots=True)
class FileText:
    """A file's text, and the encoding in which it was found (`cp1252` is a guess, the others are certain)."""

    text: str
    encoding: str


def read_file(path: Path, content: bytes | None = None) -> FileText:
    """The text of `path`. Raises DeskProblems if it is not there, or holds no text that can be read."""
    return _decoded(path, read_bytes(path, content))


def read_bytes(path: Path, content: bytes | None = None) -> bytes:
    """What is in `path`. Raises DeskProblems if it is not there, or may not be read."""
    if content is not None:
        return content
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise refused(
            path,
            f"there is no such file in {path.parent.resolve()}. Set DESK_DIR to the folder that holds"
            " brands.yml and calendar.csv (.env.example shows how).",
        ) from None
    except OSError as error:
        raise refused(path, f"cannot be read from {path.parent.resolve()}: {error.strerror}.") from None


def refused(path: Path, why: str) -> DeskProblems:
    """The file as a whole cannot be used; `why` is the end of a sentence that begins with its name."""
    return DeskProblems([Problem(path.name, 0, "", "", why)])


def _decoded(path: Path, content: bytes) -> FileText:
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    # Excel's "Unicode text" is UTF-16; its plain "CSV" is the Windows code page of western Europe.
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "cp1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return FileText(text, encoding)
    raise refused(path, 'is not a text in an encoding that can be told; save it as "CSV UTF-8".')
