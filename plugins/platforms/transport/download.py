"""Media to be handed on, as an open file: from a file here, or from the web."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import requests

from include.domain.errors import Refused, TryLater
from include.domain.posts import Media
from platforms.transport.redaction import hide


def local_file(source: str, account: str) -> BinaryIO:
    """The file at `source`, opened. Raises Refused where it cannot be read."""
    try:
        return Path(source).open("rb")
    except OSError as error:
        said = f"{account}: {source} cannot be read ({error.strerror}). Put the file there or correct its path."
        raise Refused(said, account=account) from None


@contextmanager
def opened(media: Media, *, most_bytes: int, account: str) -> Iterator[BinaryIO]:
    """The media as a file that can be read from its beginning, and sought in; it is never whole in memory.

    Raises Refused (not there, too big) or TryLater (no answer).
    """
    if not media.is_web:
        with local_file(media.source, account) as file:
            yield file
        return
    with tempfile.TemporaryFile() as kept:
        kept.write(download(media.source, most_bytes=most_bytes, account=account))
        kept.seek(0)
        yield kept


def download(url: str, *, most_bytes: int, account: str, timeout: tuple[float, float] = (5.0, 30.0)) -> bytes:
    """The bytes at `url`, fetched without any token. Raises Refused (not there, too big) or TryLater (no answer)."""
    where = hide(url.split("?", maxsplit=1)[0])
    problem = None
    try:
        with requests.get(url, stream=True, timeout=timeout) as answer:
            if answer.status_code == 200:
                return _read(answer, most_bytes, where, account)
            problem = answer.status_code
    except requests.RequestException:
        pass
    if problem is None or problem >= 500:
        raise TryLater(f"{account}: {where} did not answer; the post waits for its media.", wait_s=60, account=account)
    raise Refused(f"{account}: {where} answers with status {problem}. Correct the media's address.", account=account)


def _read(answer: requests.Response, most_bytes: int, where: str, account: str) -> bytes:
    body = bytearray()
    for chunk in answer.iter_content(65536):
        body += chunk
        if len(body) > most_bytes:
            said = f"{account}: {where} is larger than {most_bytes:,} bytes. Use a smaller file."
            raise Refused(said, account=account)
    return bytes(body)
