"""A post's address at its network, as a person copies it: whether it is one of that network, and the id in it. Pure.

A link that a person gives is no receipt. The id is taken out only where the address holds the one that the network's
API knows: Instagram's short code, and a Bluesky handle, are none. Read on 2026-11-24 off the addresses that the
platforms of this desk give in their receipts.
"""

import re
from urllib.parse import parse_qs, urlsplit

HOSTS = {
    "facebook": ("facebook.com", "fb.com", "fb.watch"),
    "instagram": ("instagram.com",),
    "x": ("x.com", "twitter.com"),
    "linkedin": ("linkedin.com", "lnkd.in"),
    "bluesky": ("bsky.app",),
    "tiktok": ("tiktok.com",),
    "threads": ("threads.net", "threads.com"),
    "pinterest": ("pinterest.com", "pin.it"),
    "youtube": ("youtube.com", "youtu.be"),
}
"""Where a network's posts are seen. One that is not named here, Mastodon above all, has many hosts or any."""

_IN_ADDRESS = {
    "x": re.compile(r"/status/(\d+)/?(?:\?|$)"),
    "mastodon": re.compile(r"/@[^/]+/(\d+)/?(?:\?|$)"),
    "linkedin": re.compile(r"(urn:li:(?:share|ugcPost):\d+)"),
    "bluesky": re.compile(r"/profile/(did:[a-z]+:[\w.:-]+/post/\w+)"),
    "instagram": re.compile(r"(?!)"),
}


def network_of(account: str) -> str:
    """The network of an account's key."""
    return account.partition("_")[0]


def is_of(network: str, url: str) -> bool:
    """Whether the address may be that of a post there."""
    host = (urlsplit(url).hostname or "").lower()
    known = HOSTS.get(network)
    if known is None:
        return "." in host
    return any(host == each or host.endswith(f".{each}") for each in known)


def remote_id(network: str, url: str) -> str:
    """The id that the network's API has for it; empty where the address does not say."""
    if network == "facebook":
        asked = parse_qs(urlsplit(url).query)
        page, story = asked.get("id", [""])[0], asked.get("story_fbid", [""])[0]
        return f"{page}_{story}" if page.isdigit() and story.isdigit() else ""
    if network not in _IN_ADDRESS:  # one without a plugin, which is never asked about it
        last = urlsplit(url).path.rstrip("/").rpartition("/")[2]
        # Without a digit it is no post's id (`watch?v=…`), and no two posts of an account may have the same.
        return last if any(letter.isdigit() for letter in last) else url
    found = _IN_ADDRESS[network].search(url.replace("%3A", ":"))
    said = found[1] if found else ""
    return f"at://{said.replace('/post/', '/app.bsky.feed.post/')}" if said and network == "bluesky" else said
