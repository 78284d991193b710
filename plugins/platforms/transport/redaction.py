"""No secret in a log, an error or a kept answer.

Two nets: the values that we know to be secret, and the shapes in which platforms hand out tokens of their own
(Graph repeats the access token in `paging.next`; the AT Protocol's are JSON Web Tokens, which all begin alike).
"""

import re
from collections.abc import Callable, Iterable
from urllib.parse import quote, quote_plus

HIDDEN = "***"
SHORTEST = 8  # a shorter value is no secret, and hiding it would tear holes into ordinary text

_SHAPES = re.compile(
    r"""(?xi)
    ((?: access_token | client_secret | refresh_token | appsecret_proof | oauth_[a-z_]+ ) ["']? \s* [=:] \s* ["']? )
        [^&"'\s\\,}]+
    | (\bBearer \s+) [^\s"'\\]{16,}
    | (\bxox[a-z]-) [A-Za-z0-9-]+
    """
)
_HANDED_OUT = re.compile(
    r"""(?x)
    ( (?: accessJwt | refreshJwt ) ["']? \s* [=:] \s* ["']? ) [^&"'\s\\,}]+
    | \b eyJ [\w-]{5,} \. [\w-]{5,} \. [\w-]+
    """
)


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
    for secret in secrets:
        value = secret.reveal()
        for form in {value, quote(value, safe=""), quote_plus(value)} if len(value) >= SHORTEST else ():
            text = text.replace(form, HIDDEN)
    return _SHAPES.sub(lambda found: f"{found[1] or found[2] or found[3]}{HIDDEN}", text)


def hide_in_body(
    body: bytes, secrets: Iterable[Secret] = (), *, hide: Callable[[str, Iterable[Secret]], str] = hide
) -> bytes:
    """The same for an answer as it came. A body that is not text cannot be kept as an answer and passes unchanged."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return body
    cleaned = hide(text, secrets)
    return body if cleaned == text else cleaned.encode()
