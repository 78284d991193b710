"""No secret in a log, an error or a kept answer.

Two nets: the values that we know to be secret, and the shapes in which platforms hand out tokens of their own
(Graph repeats the access token in `paging.next`; the AT Protocol's are JSON Web Tokens, which all begin alike).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote, quote_plus

HIDDEN = "***"
SHORTEST = 8  # a shorter value is no secret, and hiding it would tear holes into ordinary text
LONGEST = 16_384  # bytes: no token that any platform hands out comes near

_SHAPES = re.compile(
    r"""(?xi)
    ((?: access_token | client_secret | refresh_token | appsecret_proof | oauth_[a-z_]+ ) ["']? \s* [=:] \s* ["']? )
        (?: \\/ | [^&"'\s\\,}] )+
    | (\bBearer \s+) [^\s"'\\]{16,}
    | (\bxox[a-z]-) [A-Za-z0-9-]+
    """
)
_HANDED_OUT = re.compile(
    r"""(?x)
    ( (?: accessJwt | refreshJwt ) ["']? \s* [=:] \s* ["']? ) (?: \\/ | [^&"'\s\\,}] )+
    | \b eyJ [\w-]{5,} \. [\w-]{5,} \. [\w-]+
    """
)

_TELLING = (
    *(b"access_token", b"client_secret", b"refresh_token", b"appsecret_proof", b"oauth_", b"bearer"),
    *(b"xox", b"accessjwt", b"refreshjwt", b"eyj"),
)
"""With what each of these shapes begins, in small letters."""


class Secret:
    """A value that shows itself only to who asks for it by name."""

    __slots__ = ("_value",)

    def __init__(self, value: str = "") -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return HIDDEN


def hide(text: str, secrets: Iterable[Secret] = ()) -> str:
    """`text` with every secret in it, plain or quoted for a URL, put out of sight."""
    return _HANDED_OUT.sub(lambda found: f"{found[1] or ''}{HIDDEN}", hide_but_handed_out(text, secrets))


def hide_but_handed_out(text: str, secrets: Iterable[Secret] = ()) -> str:
    """The same, but for the tokens that a server of the AT Protocol hands out to be used: for who signs in alone."""
    for form in _forms(secrets):
        text = text.replace(form, HIDDEN)
    return _SHAPES.sub(lambda found: f"{found[1] or found[2] or found[3]}{HIDDEN}", text)


def hide_in_body(
    body: bytes, secrets: Iterable[Secret] = (), *, hide: Callable[[str, Iterable[Secret]], str] = hide
) -> bytes:
    """The same for an answer as it came. Answers weigh megabytes: only what follows a telling word is looked at
    closely, as far as any token reaches."""
    cleaned = body
    for form in _forms(secrets):
        cleaned = cleaned.replace(form.encode(), HIDDEN.encode())
    spans = list(_telling(cleaned))
    if not spans:
        return cleaned
    pieces, end = [], 0
    for first, last in spans:
        near = cleaned[first:last].decode(errors="surrogateescape")
        pieces += [cleaned[end:first], hide(near, ()).encode(errors="surrogateescape")]
        end = last
    return b"".join((*pieces, cleaned[end:]))


def _forms(secrets: Iterable[Secret]) -> Iterator[str]:
    """Every known value as it may stand in a text: plain, quoted for a URL, or with slashes as JSON may escape them."""
    for secret in secrets:
        value = secret.reveal()
        if len(value) >= SHORTEST:
            yield from {value, quote(value, safe=""), quote_plus(value), value.replace("/", "\\/")}


def _telling(body: bytes) -> Iterator[tuple[int, int]]:
    """Where tokens may stand: from before each telling word to as far behind it as a token is long."""
    low = body.lower()
    found = sorted(at for word in _TELLING for at in _places(low, word))
    span: tuple[int, int] | None = None
    for at in found:
        first, last = _whole_character(body, max(at - 1, 0)), min(at + LONGEST, len(body))
        if span and first <= span[1]:
            span = (span[0], last)
            continue
        if span:
            yield span
        span = (first, last)
    if span:
        yield span


def _whole_character(body: bytes, at: int) -> int:
    """Where the character that `at` is in begins."""
    while at > 0 and body[at] & 0xC0 == 0x80:
        at -= 1
    return at


def _places(text: bytes, word: bytes) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)
