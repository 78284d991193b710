"""Mastodon over its REST API: texts with links, images, GIFs, a video and threads go out; a live post can be edited;
mentions, replies and quotes come in and are answered. Nobody can hide what others say.

Connection: `{"conn_type": "http", "host": "https://mastodon.social", "password": "<access token>"}`: the account's own
instance, and a token of an application made there under Preferences, Development, with the scopes read:accounts,
read:statuses, read:notifications, write:media and write:statuses. `account_id` in the extra saves the question who we
are.
"""

from datetime import timedelta

from platforms import Platform

PLATFORM = Platform(
    name="mastodon",
    title="Mastodon",
    hook="platforms.mastodon.hook:MastodonHook",
    wording="platforms.mastodon.wording:problems",
    docs=(
        "https://docs.joinmastodon.org/methods/statuses/",
        "https://docs.joinmastodon.org/methods/media/",
        "https://docs.joinmastodon.org/methods/notifications/",
        "https://docs.joinmastodon.org/methods/instance/#v2",
        "https://docs.joinmastodon.org/api/rate-limits/",
        "https://github.com/mastodon/mastodon/blob/main/app/validators/status_length_validator.rb",
    ),
    publishes=True,
    # An instance may read its lists from a copy of its database. For an hour the key guards a second call anyway.
    find_delay=timedelta(minutes=1),
    follows=("thread",),
    deletes=True,
    edits=True,
    listens=True,
    moderates=("answer",),
    limited=True,
)
