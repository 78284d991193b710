"""X over its API v2: text, threads, links, images, GIFs and videos go out; followers, post metrics, replies and
mentions come in; replies are answered and hidden.

A first comment is a reply to the first post. Texts count 280 at most: whether an account pays for longer ones is not
known when the plan is imported.

Connection: `{"conn_type": "http", "host": "https://api.x.com", "password": "<OAuth 2.0 user access token>"}`, or
consumer_key, consumer_secret, token and token_secret in its extra for OAuth 1.0a; `user_id` in its extra saves the
question who we are. Scopes: tweet.read, tweet.write, users.read, media.write, tweet.moderate.write (to hide replies).

Reading costs money: $0.005 for each reply, mention or post that an answer holds, once a UTC day; of one's own posts
$0.001 ("Owned Reads"). Asking whether comments are still there costs the same for each that is.
"""

from datetime import timedelta

from include.domain.streams import Stream
from platforms import Platform, Quota

PLATFORM = Platform(
    name="x",
    title="X",
    hook="platforms.x.hook:XHook",
    wording="platforms.x.wording:problems",
    docs=(
        "https://docs.x.com/x-api/posts/creation-of-a-post",
        "https://docs.x.com/x-api/media/quickstart/media-upload-chunked",
        "https://docs.x.com/x-api/posts/timelines/integrate",
        "https://docs.x.com/x-api/posts/hide-replies/introduction",
        "https://docs.x.com/x-api/fundamentals/metrics",
        "https://docs.x.com/x-api/fundamentals/response-codes-and-errors",
        "https://docs.x.com/x-api/fundamentals/rate-limits",
        "https://docs.x.com/x-api/getting-started/pricing",
        "https://docs.x.com/fundamentals/counting-characters",
    ),
    publishes=True,
    streams=(
        Stream(
            name="account_day",
            most_days=1,
            source="https://docs.x.com/x-api/users/user-lookup-me",
            checked_on="2026-11-23",
            snapshot=True,
        ),
        Stream(
            name="posts",
            most_days=30,
            source="https://docs.x.com/x-api/fundamentals/metrics",
            checked_on="2026-11-23",
            refresh_after=((7, 1), (28, 3), (90, 7), (365, 30)),
        ),
    ),
    day_zone="UTC",
    find_delay=timedelta(minutes=2),
    follows=("thread", "comment"),
    deletes=True,
    listens=True,
    moderates=("hide", "answer"),
    quotas=(
        Quota(100, timedelta(minutes=15), comments=True),
        Quota(10_000, timedelta(days=1), comments=True),
    ),  # the second is the whole app's
    cost="platforms.x.wording:price",
    answers=(
        "followers",
        "audience_growth",
        "audience_growth_rate",
        "posts_published",
        "engagements",
        "engagement_by_content_type",
        "engagement_rate_by_impressions",
        "engagement_rate_by_followers",
    ),
)
