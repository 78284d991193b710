"""How long a text is to Mastodon: graphemes, with addresses and mentions at less than they are.

mastodon/mastodon app/validators/status_length_validator.rb and config/initializers/twitter_regex.rb (2026-11-24): an
address counts what the instance reserves for one, if it has its protocol; `@name@server` counts as `@name`. Mastodon
knows every domain ending; here any of two letters or more is one.
"""

import regex

URL = regex.compile(
    r"""
    (?<![\w@/]) https?:// (?:[\w-]+\.)+ [^\W\d_]{2,} (?: : \d+ )?
    (?:
        /
        (?:
            [^\s<>()?]* (?: \( [^\s<>()?]+ \) [^\s<>()?]* )*
            (?: [^\s()?!*"'「」<>;:=,.$%\[\]~&|@] | \( [^\s<>()?]+ \) )
        )?
        /?
    )?
    (?: \? [^\s()]* [^\s()?!*"'「」<>;:=,.$%\[\]~&|@] )?
    """,
    regex.IGNORECASE | regex.VERBOSE,
)
MENTION = regex.compile(r"(?<![=/\w])@[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*(@\w+(?:[.-]+\w+)*)?", regex.IGNORECASE)


def length(text: str, per_url: int) -> int:
    """What `text` takes of the limit."""
    pieces, at = [], 0
    for found in URL.finditer(text):
        pieces += [without_servers(text[at : found.start()]), "x" * per_url]
        at = found.end()
    pieces.append(without_servers(text[at:]))
    return len(regex.findall(r"\X", "".join(pieces)))


def without_servers(text: str) -> str:
    """Every `@name@server` as `@name`, which is how Mastodon counts it and may show it."""
    return MENTION.sub(lambda found: found[0].removesuffix(found[1] or ""), text)
