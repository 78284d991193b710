"""Facebook Pages over the Graph API v25.0: text, links, images, videos, reels and stories go out; insights, comments
and leads come in.

Connection: `{"conn_type": "http", "host": "https://graph.facebook.com", "password": "<Page access token>"}`, with
`page_id` (else the token's own Page) and `api_version` in its extra. The token needs pages_manage_posts,
pages_manage_engagement (first comments, answers, hiding), pages_read_engagement, pages_read_user_content and
read_insights; to hear what is said under ads, pages_manage_ads and ads_management; for leads, leads_retrieval and
pages_manage_ads.

Facebook takes 30 reels from the API in any 24 hours for a Page. The desk does not count them: what is too many is
refused there, and told. Plan no more.

Comments are read for 90 days under the Page's posts and for a year under what ads show; Facebook tells who wrote them
to the Page's own token alone, and never that one was edited.
"""

from datetime import timedelta

from include.domain.streams import Stream
from platforms import Platform

PLATFORM = Platform(
    name="facebook",
    title="Facebook",
    hook="platforms.facebook.hook:FacebookHook",
    wording="platforms.facebook.wording:problems",
    docs=(
        "https://developers.facebook.com/docs/graph-api/reference/page/feed",
        "https://developers.facebook.com/docs/graph-api/reference/page/photos",
        "https://developers.facebook.com/documentation/video-api/guides/reels-publishing",
        "https://developers.facebook.com/docs/page-stories-api",
        "https://developers.facebook.com/docs/graph-api/reference/insights",
        "https://developers.facebook.com/docs/graph-api/reference/object/comments",
        "https://developers.facebook.com/docs/graph-api/reference/page/ads_posts",
        "https://developers.facebook.com/documentation/ads-commerce/marketing-api/guides/lead-ads/retrieving",
        "https://developers.facebook.com/docs/graph-api/guides/error-handling",
        "https://developers.facebook.com/docs/graph-api/overview/rate-limiting",
    ),
    publishes=True,
    follows=("comment",),
    deletes=True,
    edits=True,
    listens=True,
    moderates=("hide", "answer"),
    gathers_leads=True,
    streams=(
        Stream(
            name="account_day",
            most_days=90,
            source="https://developers.facebook.com/docs/graph-api/reference/insights",
            checked_on="2026-11-23",
            restates_days=3,
            retention_days=730,
        ),
        Stream(
            name="posts",
            most_days=90,
            source="https://developers.facebook.com/docs/graph-api/reference/insights",
            checked_on="2026-11-23",
            refresh_after=((7, 1), (28, 3), (90, 7), (365, 30)),
        ),
    ),
    day_zone="America/Los_Angeles",
    find_delay=timedelta(minutes=2),
    answers=(
        "followers",
        "audience_growth",
        "audience_growth_rate",
        "posts_published",
        "engagements",
        "engagement_by_content_type",
        "engagement_rate_by_reach",
        "engagement_rate_by_views",
        "engagement_rate_by_followers",
        "reach",
        "coverage",
    ),
)
