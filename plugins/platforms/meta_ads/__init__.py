"""Meta Ads over the Marketing API v25.0: campaigns with their budgets, what they spent by day and hour; budgets set.

Connection: `{"conn_type": "http", "host": "https://graph.facebook.com", "password": "<token>"}` with `ad_account_id`
(digits, without act_) and, if wanted, `api_version` in its extra. The token needs ads_read, and ads_management where
the desk is to set budgets.
"""

from datetime import timedelta

from include.domain.streams import Stream
from platforms import Platform

_INSIGHTS = "https://developers.facebook.com/docs/marketing-api/insights/parameters"

PLATFORM = Platform(
    name="meta_ads",
    title="Meta Ads",
    hook="platforms.meta_ads.hook:MetaAdsHook",
    wording="platforms.meta_ads.wording:problems",
    docs=(
        _INSIGHTS,
        "https://developers.facebook.com/docs/marketing-api/insights/best-practices",
        "https://developers.facebook.com/docs/marketing-api/reference/ad-campaign-group",
        "https://developers.facebook.com/docs/marketing-api/reference/ad-campaign",
        "https://developers.facebook.com/docs/marketing-api/overview/rate-limiting",
    ),
    streams=(
        Stream(
            name="ad_entities",
            most_days=1,
            source="https://developers.facebook.com/docs/marketing-api/reference/ad-campaign-group",
            checked_on="2026-11-24",
            snapshot=True,
            fresh_for=timedelta(minutes=20),
        ),
        Stream(
            name="ad_day",
            most_days=90,
            source=_INSIGHTS,
            checked_on="2026-11-24",
            restates_days=28,
            retention_days=1100,
            fresh_for=timedelta(minutes=20),
        ),
        Stream(
            name="ad_hour",
            most_days=7,
            source="https://developers.facebook.com/docs/marketing-api/insights/breakdowns",
            checked_on="2026-11-24",
            restates_days=2,
            retention_days=35,
            fresh_for=timedelta(minutes=20),
        ),
    ),
    day_zone="account",
    manages_ads=True,
)
