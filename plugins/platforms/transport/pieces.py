"""A part of a file as a file of its own, so that a form can carry it piece by piece and never whole in memory."""

from typing import BinaryIO


class Piece:
    """The bytes of `file` from `start` to before `end`. `len` is what is left to read: `forms.form` asks for it."""

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        self._file, self._start, self._end = file, start, end
        self.seek(0)

    def seek(self, place: int) -> int:
        self.len = self._end - self._start - place
        self._file.seek(self._start + place)
        return place

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(self.len if size < 0 else min(size, self.len))
        self.len -= len(data)
        return data
