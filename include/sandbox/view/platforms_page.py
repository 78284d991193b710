"""What went out through the sandbox, account by account: a card per post, newest first."""

import base64
import html
from pathlib import Path

from include.sandbox.declaration import DeclaredAccount
from include.sandbox.posts import LoggedPost
from include.sandbox.state import Sandbox
from include.sandbox.view.mrkdwn import link
from include.sandbox.view.slack_page import page

STYLE = (Path(__file__).parent / "platforms.css").read_text(encoding="utf-8")
TITLES = {"facebook": "Facebook", "linkedin": "LinkedIn", "x": "X"}
WITHOUT_POSTS = frozenset(("meta_ads", "google_analytics"))
"""What has accounts here and no posts: nobody looks for them on this page."""


def platforms_page(sandbox: Sandbox) -> str:
    """One self-contained HTML page."""
    shown = [account for account in sandbox.declaration.accounts if account.platform not in WITHOUT_POSTS]
    accounts = "".join(_account(sandbox, account) for account in shown)
    return page("Live on the platforms", f'<h1>Live on the platforms</h1><div class="accounts">{accounts}</div>', STYLE)


def _account(sandbox: Sandbox, account: DeclaredAccount) -> str:
    posts = [p for p in sandbox.posts.of(account.platform, account.name) if p.published]
    cards = "".join(_card(sandbox, account, post) for post in reversed(posts))
    badge = f'<span class="badge {account.platform}">{TITLES.get(account.platform, account.platform.title())}</span>'
    empty = '<div class="quiet">Nothing posted yet.</div>'
    return f'<div class="account"><div class="name">{badge}{html.escape(account.title)}</div>{cards or empty}</div>'


def _card(sandbox: Sandbox, account: DeclaredAccount, post: LoggedPost) -> str:
    images = "".join(_image(sandbox, post.platform, media) for media in post.media)
    shared = f'<div class="meta">{link(post.link)}</div>' if post.link else ""
    when = post.created_at.strftime("%-d %b %Y, %H:%M UTC")
    reply = f" · reply to {html.escape(post.reply_to)}" if post.reply_to else ""
    gone = " · deleted" if post.deleted_at else ""
    style = "card deleted" if post.deleted_at else "card"
    return (
        f'<div class="{style}" id="{html.escape(post.remote_id)}"><div class="words">{html.escape(post.text)}</div>'
        f'{shared}{images}<div class="meta">{when}{reply}{gone}<br>{link(post.url, html.escape(post.url.removeprefix("https://").removeprefix("www.")))}</div></div>'
    )


def _image(sandbox: Sandbox, platform: str, media_id: str) -> str:
    media = sandbox.posts.media(platform, media_id)
    if media is None:
        return ""
    if not media.content or not media.mime.startswith("image/"):
        return f'<div class="meta">{link(media.source) if media.source else html.escape(media.mime)}</div>'
    uri = f"data:{media.mime};base64,{base64.b64encode(media.content).decode()}"
    return f'<img alt="{html.escape(media.alt)}" src="{uri}">'
