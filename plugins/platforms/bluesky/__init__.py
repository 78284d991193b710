"""Bluesky over the AT Protocol: texts with links, mentions and hashtags, images, videos, cards and threads go out;
replies, quotes and mentions come in, and are answered and hidden (replies under the account's own posts only).

Connection: `{"conn_type": "http", "host": "https://bsky.social", "login": "aurora.bsky.social", "password": "<app
password>"}`: the handle, and an app password from Settings, Privacy and security, App passwords. `host` is the
account's own server (PDS) where that is another. `video_host` in the extra names a video service other than Bluesky's.
A live post cannot be edited.
"""

from datetime import timedelta

from platforms import Platform, Quota

PLATFORM = Platform(
    name="bluesky",
    title="Bluesky",
    hook="platforms.bluesky.hook:BlueskyHook",
    wording="platforms.bluesky.wording:problems",
    docs=(
        "https://docs.bsky.app/docs/advanced-guides/posts",
        "https://docs.bsky.app/docs/tutorials/video",
        "https://docs.bsky.app/docs/advanced-guides/rate-limits",
        "https://atproto.com/specs/tid",
        "https://docs.bsky.app/docs/api/app-bsky-notification-list-notifications",
        "https://github.com/bluesky-social/atproto/tree/main/lexicons",
    ),
    publishes=True,
    # The record key is ours, and asking the account's own server for it is a proof either way. But a call that we gave
    # up may still be on its way there: what is asked for too early is not there yet.
    find_delay=timedelta(minutes=2),
    follows=("thread", "comment"),
    deletes=True,
    listens=True,
    moderates=("hide", "answer"),
    # 3 points of 5,000 an hour and 35,000 a day for each record.
    quotas=(Quota(1666, timedelta(hours=1), comments=True), Quota(11_666, timedelta(days=1), comments=True)),
)
