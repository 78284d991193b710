"""The tags that let website traffic find its post again, on the link of a row (never on links within a text).

| tag | says |
|---|---|
| `utm_source` | the network: `facebook` |
| `utm_medium` | `social`, or `paid_social` where a `sponsor_budget` pays: most of the visits are bought then |
| `utm_campaign` | the row's `campaign`, if it has one |
| `utm_content` | the post's id: `aurora-panettone:facebook_bottega_aurora` |

A tag that the link has already stays as it is, even empty; so does every other parameter, byte by byte, and the
fragment. `utm: false` in brands.yml leaves a brand's links alone. An approval covers the link as the row has it: tags
are not what a reader sees.
"""

from urllib.parse import quote, unquote_plus


def tagged(link: str, *, source: str, content: str, campaign: str | None = None, sponsored: bool = False) -> str:
    """`link` with the tags that it lacks, behind what it has."""
    tags = {
        "utm_source": source,
        "utm_medium": "paid_social" if sponsored else "social",
        "utm_campaign": campaign or "",
        "utm_content": content,
    }
    address, mark, fragment = link.partition("#")
    page, _, query = address.partition("?")
    there = {unquote_plus(each.partition("=")[0]).lower() for each in query.split("&")}
    added = "&".join(f"{name}={quote(value, safe='')}" for name, value in tags.items() if value and name not in there)
    if not added:
        return link
    between = "&" if query and not query.endswith("&") else ""
    return f"{page}?{query}{between}{added}{mark}{fragment}"
