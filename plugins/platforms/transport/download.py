"""Media to be handed on, as an open file: from a file here, or from the web. It is never whole in memory.

An address is fetched without any token, from the public web only (`reach.py`), within a number of bytes, of seconds
and of redirects, each of them checked as the first address was.
"""

import http.client
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from ssl import SSLCertVerificationError
from typing import BinaryIO
from urllib.parse import SplitResult, urljoin, urlsplit

from requests.utils import requote_uri

from include.domain.errors import PlatformError, Refused, TryLater
from include.domain.posts import Media
from platforms.transport.limits import retry_after
from platforms.transport.reach import Connection, OutOfBounds, Resolve, checked, loopback_allowed, resolved
from platforms.transport.redaction import hide

MOST_REDIRECTS = 5
MOST_SECONDS = 300.0
SILENCE_S = 30.0
PIECE_BYTES = 65_536
HEADERS = {"Accept-Encoding": "identity", "User-Agent": "social-desk", "Connection": "close"}
REDIRECTS = (301, 302, 303, 307, 308)


def local_file(source: str, account: str) -> BinaryIO:
    """The file at `source`, opened. Raises Refused where it cannot be read."""
    try:
        return Path(source).open("rb")
    except OSError as error:
        said = f"{account}: {source} cannot be read ({error.strerror}). Put the file there or correct its path."
        raise Refused(said, account=account) from None


@contextmanager
def opened(media: Media, *, most_bytes: int, account: str, loopback: bool | None = None) -> Iterator[BinaryIO]:
    """The media as a file that can be read from its beginning, and sought in.

    Raises Refused (not there, too big, not of the public web) or TryLater (no answer). `loopback`: whether it may come
    from this machine; None asks the environment.
    """
    if media.is_web:
        with fetched(media.source, most_bytes=most_bytes, account=account, loopback=loopback) as file:
            yield file
        return
    with local_file(media.source, account) as file:
        yield file


@contextmanager
def fetched(
    url: str,
    *,
    most_bytes: int,
    account: str = "",
    most_seconds: float = MOST_SECONDS,
    loopback: bool | None = None,
    resolve: Resolve = resolved,
) -> Iterator[BinaryIO]:
    """What lies at `url`, as a temporary file; the calendar's import looks into media the same way.

    Raises Refused (not there, too big, not of the public web) or TryLater (no answer), each with a sentence.
    """
    allowed = loopback_allowed() if loopback is None else loopback
    fetch = _Fetch(account, most_bytes, time.monotonic() + most_seconds, most_seconds, allowed, resolve)
    with tempfile.TemporaryFile() as kept:
        fetch.into(kept, url)
        kept.seek(0)
        yield kept


@dataclass(frozen=True, slots=True)
class _Fetch:
    """One download with its limits. `until` is of the monotonic clock."""

    account: str
    most_bytes: int
    until: float
    most_seconds: float
    loopback: bool
    resolve: Resolve

    def into(self, kept: BinaryIO, url: str) -> None:
        for _ in range(MOST_REDIRECTS + 1):
            onward = self._hop(kept, url)
            if onward is None:
                return
            url = self._onward(url, onward)
        raise self._refused(url, f"it leads on more than {MOST_REDIRECTS} times; write the last address")

    def _onward(self, url: str, location: str) -> str:
        try:
            return urljoin(url, location)
        except ValueError:
            raise self._refused(url, "it leads on to what is no web address; write the last address") from None

    def _hop(self, kept: BinaryIO, url: str) -> str | None:
        """Ask one address: the next one where it leads on, None where the file is whole."""
        connection = self._connection(url)
        watch = threading.Timer(max(self.until - time.monotonic(), 0), connection.cut)
        watch.daemon = True
        watch.start()
        try:
            return self._answered(kept, url, connection)
        except http.client.InvalidURL:
            raise self._refused(url, "it holds a character that no web address has; write it anew") from None
        except SSLCertVerificationError:
            raise self._refused(url, "the server's certificate is not to be trusted; check the address") from None
        except (OSError, http.client.HTTPException, ValueError):
            raise self._late(url) from None
        finally:
            watch.cancel()
            connection.close()

    def _connection(self, url: str) -> Connection:
        where = _parts(url)
        if where is None:
            raise self._refused(url, "it is no web address; write it with https://")
        name, port = _host(where), where.port or (443 if where.scheme == "https" else 80)
        try:
            addresses = self.resolve(name, port)
        except (OSError, UnicodeError):
            raise self._late(url, f"the name {name} was not found") from None
        try:
            checked(where.scheme, addresses, loopback=self.loopback)
        except OutOfBounds as error:
            raise self._refused(
                url, f"{error}. Put the file on a public https:// address or beside the calendar"
            ) from None
        timeout = min(SILENCE_S, max(self.until - time.monotonic(), 0.001))
        return Connection(name, port, secure=where.scheme == "https", addresses=addresses, timeout=timeout)

    def _answered(self, kept: BinaryIO, url: str, connection: Connection) -> str | None:
        where = urlsplit(requote_uri(url))
        path = f"{where.path or '/'}{'?' if where.query else ''}{where.query}"
        connection.request("GET", path, headers=HEADERS)
        answer = connection.getresponse()
        if answer.status in REDIRECTS and answer.getheader("Location"):
            return answer.getheader("Location")
        if answer.status in (408, 429) or answer.status >= 500:
            wait_s = retry_after(dict(answer.getheaders()), time.time())
            raise self._late(url, f"it answers with status {answer.status}", 60 if wait_s is None else wait_s)
        if answer.status != 200:
            raise self._refused(url, f"it answers with status {answer.status}. Correct the media's address")
        self._keep(kept, url, answer)
        return None

    def _keep(self, kept: BinaryIO, url: str, answer: http.client.HTTPResponse) -> None:
        size, promised = 0, answer.length
        if (promised or 0) > self.most_bytes:
            raise self._too_large(url)
        # `read1` gives what is there; `read` would wait for a piece to be full, however slowly it comes.
        while (promised is None or size < promised) and (piece := answer.read1(PIECE_BYTES)):
            size += len(piece)
            if size > self.most_bytes:
                raise self._too_large(url)
            kept.write(piece)
            if time.monotonic() > self.until:
                break
        if time.monotonic() > self.until:
            raise self._late(url)
        if promised is not None and size < promised:
            raise self._late(url, "the connection broke in the middle")

    def _too_large(self, url: str) -> PlatformError:
        return self._refused(url, f"it is larger than {self.most_bytes:,} bytes. Use a smaller file")

    def _refused(self, url: str, why: str) -> PlatformError:
        return Refused(f"{self._start(url)}: {why}.", account=self.account)

    def _late(self, url: str, why: str = "", wait_s: float = 60) -> PlatformError:
        if not why:
            over = time.monotonic() > self.until
            why = f"it took longer than {self.most_seconds:g} s" if over else "it did not answer"
        return TryLater(f"{self._start(url)}: {why}; asked again later.", wait_s=wait_s, account=self.account)

    def _start(self, url: str) -> str:
        """Who wants what, without what may be a secret: a query, a password."""
        where = _parts(url)
        shown = f"{where.scheme}://{where.hostname}{where.path}" if where else url.partition("?")[0]
        return f"{self.account}: {hide(shown)}" if self.account else hide(shown)


def _parts(url: str) -> SplitResult | None:
    """The address in its parts, None where it is none of the web."""
    try:
        where = urlsplit(url)
        return where if where.scheme in ("http", "https") and where.hostname and where.port != 0 else None
    except ValueError:
        return None


def _host(where: SplitResult) -> str:
    name = where.hostname or ""
    try:
        return name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        return name
