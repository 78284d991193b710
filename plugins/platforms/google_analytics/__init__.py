"""Google Analytics 4 over the Data API v1beta: visits by day, where they came from and landed, what they led to.

Connection: `{"conn_type": "http", "host": "https://analyticsdata.googleapis.com"}` with `property_id` (digits) in its
extra, beside the content of a service account's key file (`client_email`, `private_key`, `token_uri`); or, instead of
the key, an access token as password. The account needs the role Viewer on the property.
"""

from include.domain.streams import Stream
from platforms import Platform

_API = "https://developers.google.com/analytics/devguides/reporting/data/v1"

PLATFORM = Platform(
    name="google_analytics",
    title="Google Analytics",
    hook="platforms.google_analytics.hook:GoogleAnalyticsHook",
    wording="platforms.google_analytics.wording:problems",
    docs=(
        f"{_API}/rest/v1beta/properties/batchRunReports",
        f"{_API}/api-schema",
        f"{_API}/quotas",
        "https://developers.google.com/identity/protocols/oauth2/service-account#httprest",
    ),
    streams=(
        Stream(
            name="web_day",
            most_days=92,
            source=f"{_API}/api-schema",
            checked_on="2026-11-24",
            restates_days=3,
        ),
    ),
    day_zone="account",
    answers=("referral_sessions", "conversions", "conversion_rate", "bounce_rate"),
)
