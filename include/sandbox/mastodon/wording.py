"""How Mastodon counts a text and shows it as HTML (its own source: StatusLengthValidator, TextFormatter).

Addresses with a protocol count as many as the instance reserves for one, a mention of another server's account without
the server, all else by graphemes. The sandbox takes every mention of another server for one that could be looked up.
"""

import html

import regex

_PATH = (
    r"""(?:/(?:[^\s<>()?]*(?:\([^\s<>()?]+\)[^\s<>()?]*)*(?:[^\s()?!*"'「」<>;:=,.$%\[\]~&|@]|\([^\s<>()?]+\)))?/?)?"""
)
_QUERY = r"""(?:\?[^\s()]*[^\s()?!*"'「」<>;:=,.$%\[\]~&|@])?"""
URL = regex.compile(rf"(?<![\w@/])https?://(?:[\w-]+\.)+[^\W\d_]{{2,}}(?::\d+)?{_PATH}{_QUERY}", regex.IGNORECASE)
MENTION = regex.compile(r"(?<![=/\w])@([a-z0-9_]+(?:[.-]+[a-z0-9_]+)*)(?:@\w+(?:[.-]+\w+)*)?", regex.IGNORECASE)
HASHTAG = regex.compile(r"(?<![=/)\p{Nd}\p{L}])[#＃](\w*[\p{L}\p{M}_]\w*)")
_ANY = regex.compile(
    f"(?P<url>{URL.pattern})|(?P<mention>{MENTION.pattern})|(?P<tag>{HASHTAG.pattern})", regex.IGNORECASE
)
_PREFIX = regex.compile(r"https?://(?:www\.)?")


def counted(text: str, per_url: int) -> int:
    """How many characters of its limit a text takes."""

    def shorter(found: regex.Match[str]) -> str:
        if found["url"]:
            return "x" * per_url
        return "@" + found[0].split("@")[1] if found["mention"] else found[0]

    return len(regex.findall(r"\X", _ANY.sub(shorter, text)))


def shown(text: str, local: set[str], host: str) -> str:
    """The text as HTML. `local` are the accounts of this host: a mention of another of its names stays words."""
    at, pieces = 0, []
    for found in _ANY.finditer(text):
        pieces += [html.escape(text[at : found.start()]), _entity(found, local, host)]
        at = found.end()
    pieces.append(html.escape(text[at:]))
    paragraphs = regex.split(r"\n{2,}", "".join(pieces).replace("\r\n", "\n"))
    return "".join(f"<p>{part.replace(chr(10), '<br />')}</p>" for part in paragraphs) if text else ""


def _entity(found: "regex.Match[str]", local: set[str], host: str) -> str:
    words = found[0]
    if found["url"]:
        prefix = _PREFIX.match(words)
        start = len(prefix[0]) if prefix else 0
        rest = words[start:]
        cut = "ellipsis" if len(rest) > 30 else ""
        return (
            f'<a href="{html.escape(words)}" target="_blank" rel="nofollow noopener noreferrer" translate="no">'
            f'<span class="invisible">{html.escape(words[:start])}</span><span class="{cut}">{html.escape(rest[:30])}'
            f'</span><span class="invisible">{html.escape(rest[30:])}</span></a>'
        )
    if found["tag"]:
        tag = html.escape(words[1:])
        return f'<a href="https://{host}/tags/{tag}" class="mention hashtag" rel="tag">#<span>{tag}</span></a>'
    name, _, server = words[1:].partition("@")
    if not server and name.lower() not in local:
        return html.escape(words)
    url = f"https://{server or host}/@{name}"
    return f'<span class="h-card" translate="no"><a href="{url}" class="u-url mention">@<span>{name}</span></a></span>'
