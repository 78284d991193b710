"""The one HTTP session of all platforms: reads are repeated, writes are sent once.

What a failure means depends on when it came. Before the request could leave (no such host, connection refused, no
connection in time), nothing happened: TryLater. After it left, a write may have been carried out: OutcomeUnknown.
"""

import json as json_lib
import logging
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import msgspec
import requests
from requests.auth import AuthBase
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from include.domain.errors import OutcomeUnknown, PlatformError, Refused, TryLater
from platforms.transport.access import Access
from platforms.transport.failures import A_DAY_S, Answer, Explain
from platforms.transport.limits import Parser
from platforms.transport.redaction import Secret, hide, hide_but_handed_out, hide_in_body

log = logging.getLogger(__name__)

TIMEOUT = (5.0, 30.0)  # seconds to connect, seconds of silence while it answers
MOST_BYTES = 16_000_000  # of an answer; what any API here says is far below
ANSWER_S = 60.0  # for an answer's body, from its first byte to its last
PIECE_BYTES = 65_536
TRIES = 3
LONGEST_WAIT_S = 10.0  # a task slot is worth more than a longer sleep; beyond it the caller is told to come back

Params = Mapping[str, Any]


class BearerToken(AuthBase):
    """The token in the Authorization header, where no log of addresses can see it."""

    def __init__(self, token: Secret) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token.reveal()}"
        return request


class _Endless(Exception):
    """An answer went on for too long; the message says how."""


@dataclass(frozen=True, slots=True)
class _Call:
    """One request, in all that its sending and its failing need."""

    method: str
    path: str
    doing: str
    content: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    signed: bool = True
    patience_s: float = 0.0


class Session:
    """Talks to one account's API. Not for sharing between threads.

    `explain` turns a refusal into an error, `limits` reads the headers of every answer, `headers` go with every
    request. `requests_made` counts what was sent, retries included. One that `signs_in` finds in an answer's `data` the
    tokens that it came for; never in its `body`.

    A path may be a whole address: platforms hand out addresses for uploads. The token goes there only where the
    address is of the API's own host, or `signed` asks for it.
    """

    def __init__(
        self,
        access: Access,
        *,
        explain: Explain,
        limits: Parser,
        auth: AuthBase | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: tuple[float, float] = TIMEOUT,
        pause: Callable[[float], None] = time.sleep,
        signs_in: bool = False,
    ) -> None:
        self.access = access
        self._headers = dict(headers or {})
        self.requests_made = 0
        self._explain = explain
        self._limits = limits
        self._auth = auth or BearerToken(access.token)
        self._timeout = timeout
        self._signs_in = signs_in
        self._pause = pause
        self._kept_open = requests.Session()
        self._closed_until: dict[str, tuple[float, str]] = {}

    def read(
        self,
        path: str,
        params: Params | None = None,
        *,
        doing: str,
        tries: int = TRIES,
        headers: Mapping[str, str] | None = None,
        signed: bool | None = None,
    ) -> Answer:
        """GET, tried again while the failure may pass. Raises any PlatformError but OutcomeUnknown."""
        asked = {"params": dict(params or {})}
        call = _Call("GET", path, doing, asked, headers or {}, self._is_own(path) if signed is None else signed)
        for tries_left in range(tries - 1, -1, -1):
            outcome = self._attempt(call, self._kept_open)
            if isinstance(outcome, Answer):
                return outcome
            failed = _harmless(outcome, wait_s=60)
            wait_s = _wait_before_next_try(outcome, tries_left)
            if not tries_left or wait_s > LONGEST_WAIT_S:
                break
            self._pause(wait_s)
        raise failed

    def write(
        self,
        path: str,
        *,
        doing: str,
        method: str = "POST",
        headers: Mapping[str, str] | None = None,
        signed: bool | None = None,
        patience_s: float = 0.0,
        **content: Any,
    ) -> Answer:
        """POST (or PUT, DELETE), once. `content` is what `requests` takes: json, data, files, params. `patience_s` is
        how long silence is borne where a server has a big file to put away before it answers.

        Raises TryLater where it surely was not done, OutcomeUnknown where it may have been.
        """
        goes_signed = self._is_own(path) if signed is None else signed
        call = _Call(method, path, doing, content, headers or {}, goes_signed, patience_s)
        # A connection of its own: on one kept open, a reset would not tell whether the request was ever read.
        with requests.Session() as alone:
            outcome = self._attempt(call, alone)
        if isinstance(outcome, Answer):
            return outcome
        raise outcome

    def upload(
        self,
        path: str,
        *,
        doing: str,
        method: str = "POST",
        headers: Mapping[str, str] | None = None,
        signed: bool | None = None,
        patience_s: float = 0.0,
        **content: Any,
    ) -> Answer:
        """A `write` that may be done twice without harm: a lost answer only means TryLater, and so it may go over the
        connection that is kept open, as the many pieces of a file should."""
        goes_signed = self._is_own(path) if signed is None else signed
        call = _Call(method, path, doing, content, headers or {}, goes_signed, patience_s)
        outcome = self._attempt(call, self._kept_open)
        if isinstance(outcome, Answer):
            return outcome
        raise _harmless(outcome, wait_s=60)

    def _attempt(self, call: _Call, wire: requests.Session) -> Answer | PlatformError:
        """One try: an answer that is a success, or the error that it is."""
        closed = self._limit(call)
        if closed is not None:
            raise closed
        answer = self._send(call, wire)
        if isinstance(answer, PlatformError):
            return answer
        self._learn(call, answer)
        if not 200 <= answer.status < 300 or _is_error(answer.data):
            return self._explain(answer)
        if answer.data is None:
            return self._error(OutcomeUnknown, call, "The answer could not be read.", answer.status)
        return answer

    def _send(self, call: _Call, wire: requests.Session) -> Answer | PlatformError:
        """What the server said, or what its silence means. Nothing is chained: a library's error holds the request."""
        self.requests_made += 1
        started, account = time.monotonic(), self.access.account
        url = call.path if _is_whole(call.path) else f"{self.access.base_url}/{call.path.lstrip('/')}"
        result: Answer | PlatformError
        try:
            response = wire.request(
                call.method,
                url,
                auth=self._auth if call.signed else _unsigned,
                headers={**self._headers, **call.headers},
                timeout=self._patience(call),
                allow_redirects=False,
                stream=True,
                **call.content,
            )
            with response:
                url, result = response.url, self._answer(call, response, _whole(response))
        except requests.RequestException as failure:
            result = self._broken(call, failure)
        except (HTTPError, OSError):
            result = self._error(OutcomeUnknown, call, "The connection broke before the answer was complete.")
        except _Endless as endless:
            result = self._error(OutcomeUnknown, call, str(endless))
        outcome = result.status if isinstance(result, Answer) else type(result).__name__
        shown = hide(url, self.access.secrets)
        log.debug("%s %s %s: %s in %.2f s", account, call.method, shown, outcome, time.monotonic() - started)
        return result

    def _broken(self, call: _Call, failure: requests.RequestException) -> PlatformError:
        if "CERTIFICATE_VERIFY_FAILED" in str(failure):
            return self._error(Refused, call, "The server's certificate is not to be trusted; check the host.")
        if isinstance(failure, ValueError):
            return self._error(Refused, call, "The address is not valid; check the connection's host.")
        if _never_left(failure):
            return self._error(TryLater, call, "The server could not be reached; nothing was sent.")
        if isinstance(failure, requests.Timeout):
            return self._error(OutcomeUnknown, call, f"No answer came in {self._patience(call)[1]:g} s.")
        return self._error(OutcomeUnknown, call, "The connection broke before the answer was complete.")

    def _patience(self, call: _Call) -> tuple[float, float]:
        return self._timeout[0], max(self._timeout[1], call.patience_s)

    def _answer(self, call: _Call, response: requests.Response, came: bytes) -> Answer:
        body = hide_in_body(came, self.access.secrets)
        try:
            # A write may have nothing to say. An empty list, though, says so: a read without a body is no answer.
            nothing = not body.strip() and call.method != "GET"
            data = {} if nothing else _parsed(self._said(came, body))
        except ValueError:
            data = None
        about = (self.access.account, call.doing, response.status_code, response.headers)
        return Answer(*about, body, data, nothing_hidden=came == body and not nothing)

    def _said(self, came: bytes, body: bytes) -> bytes:
        """What may be acted on: as it is kept, but for the tokens that a server hands out to be used."""
        if came == body or self._signs_in:
            return came
        return hide_in_body(came, self.access.secrets, hide=hide_but_handed_out)

    def _learn(self, call: _Call, answer: Answer) -> None:
        """Remember when the headers say that nothing is left."""
        limit = self._limits(answer.headers, time.time())
        if limit is not None:
            until = time.monotonic() + limit.wait_s
            self._closed_until["" if limit.everywhere else f"{call.method} {call.path}"] = (until, limit.because)

    def _limit(self, call: _Call) -> TryLater | None:
        """Why this call must not be sent now, if so."""
        for key in ("", f"{call.method} {call.path}"):
            until, because = self._closed_until.get(key, (0.0, ""))
            wait_s = min(until - time.monotonic(), A_DAY_S)
            if wait_s > 0:
                sentence = f"{self.access.account}: did not {call.doing}, for the limit is reached ({because})."
                return TryLater(sentence, wait_s=wait_s, account=self.access.account)
        return None

    def _is_own(self, path: str) -> bool:
        """Whether the token may go there: a path of the API, or an address of its very host."""
        return not _is_whole(path) or urlsplit(path)[:2] == urlsplit(self.access.base_url)[:2]

    def _error(self, kind: type[PlatformError], call: _Call, why: str, status: int | None = None) -> PlatformError:
        sentence = f"{self.access.account}: could not {call.doing}. {why}"
        if issubclass(kind, TryLater):
            return kind(sentence, wait_s=5.0, account=self.access.account, status=status)
        return kind(sentence, account=self.access.account, status=status)


def _parsed(text: bytes) -> Any:
    """JSON, read fast; what the fast reader finds too strange (NaN, half a surrogate) by the other one."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return json_lib.loads(text)


def _whole(response: requests.Response) -> bytes:
    """The answer's body, within its limits. `read1` gives what is there: a server that drips cannot hold us."""
    until, pieces, size = time.monotonic() + ANSWER_S, list[bytes](), 0
    while piece := response.raw.read1(PIECE_BYTES, decode_content=True):
        pieces.append(piece)
        size += len(piece)
        if size > MOST_BYTES:
            raise _Endless(f"The answer is longer than {MOST_BYTES:,} bytes.")
        if time.monotonic() > until:
            raise _Endless(f"The answer took longer than {ANSWER_S:g} s.")
    return b"".join(pieces)


def _is_whole(path: str) -> bool:
    return path.startswith(("http://", "https://"))


def _unsigned(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """No token; without this `requests` would look for one in the machine's netrc."""
    return request


def _wait_before_next_try(error: PlatformError, tries_left: int) -> float:
    """Seconds; for ever where another try is of no use."""
    if isinstance(error, TryLater):
        return error.wait_s
    return 2.0 / max(tries_left, 1) if isinstance(error, OutcomeUnknown) else math.inf


def _harmless(error: PlatformError, *, wait_s: float) -> PlatformError:
    """What is unknown of a call that may be repeated is only late."""
    if not isinstance(error, OutcomeUnknown):
        return error
    return TryLater(f"{error} It can be done again.", wait_s=wait_s, account=error.account, status=error.status)


def _never_left(failure: requests.RequestException) -> bool:
    """Whether the connection was never made, so that not a byte of the request was sent."""
    if isinstance(failure, requests.ConnectTimeout):
        return True
    cause: Any = failure.args[0] if failure.args else None
    while cause is not None:
        if isinstance(cause, NewConnectionError | ConnectTimeoutError):
            return True
        cause = getattr(cause, "reason", None) or getattr(cause, "original_error", None)
    return False


def _is_error(data: Any) -> bool:
    """Graph may say no with status 200."""
    return isinstance(data, dict) and isinstance(data.get("error"), dict)
