"""Every KPI, declared once: what it says, what it is made of, and over what it may be added.

`docs/metrics.md` is written from here, the roll-up reads its units and additivity from here, and the digest its
titles. A KPI whose source is not connected in this version is declared all the same and names what it waits for, so
that nobody is shown a made-up number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Unit(StrEnum):
    """How a value is written. A `PERCENT` is kept as a fraction: 0.05 is 5 %."""

    COUNT = "count"
    PERCENT = "percent"
    MONEY = "money"
    RATIO = "ratio"


class Over(StrEnum):
    """What a value may be added over."""

    DAYS = "days"
    POSTS = "posts"
    ACCOUNTS = "accounts"
    PLATFORMS = "platforms"


class Across(StrEnum):
    """What a brand with several accounts is told: the words go into `docs/metrics.md`."""

    SUM = "the sum, if every account has a value"
    RATIO_OF_ALL = "the ratio of the sums, if every account has both"
    RATIO_OF_GIVEN = "the ratio of the sums over the accounts that have both; the note names the others"
    NEVER = "nothing: see each account"


class Family(StrEnum):
    """Which accounts a KPI is of: those whose numbers are read, the websites' properties, those that listen."""

    SOCIAL = "social"
    WEBSITE = "website"
    COMMENTS = "comments"


WEBSITES = frozenset({"google_analytics"})
"""Platforms whose accounts are properties of a website."""

ADDS_UP = frozenset(Over)
NEVER: frozenset[Over] = frozenset()


@dataclass(frozen=True, slots=True)
class Kpi:
    """One number of the trade.

    `sentence` is for a marketer; `numerator` and `denominator` are in the columns of the facts (a KPI without
    denominator is its numerator); `across` is what a brand with several accounts is told; `null_rule` says when there
    is no value; `streams` are what it is read from; `native` gives the platforms' own names for those columns, for
    whoever compares with their screens; `sliced_by` what its parts are. `up_is_good` is None where more is neither.
    `waits_for` names a source not yet connected.
    """

    name: str
    title: str
    sentence: str
    unit: Unit
    numerator: str
    denominator: str | None = None
    across: Across = Across.NEVER
    adds_over: frozenset[Over] = NEVER
    null_rule: str = ""
    streams: tuple[str, ...] = ()
    native: Mapping[str, str] = field(default_factory=dict, hash=False)
    sliced_by: str | None = None
    up_is_good: bool | None = True
    waits_for: str | None = None
    family: Family = Family.SOCIAL


_ENGAGEMENTS = "reactions + comments + shares + saves"
_ENGAGED_NATIVE = {
    "facebook": "reactions, comments, shares of the post",
    "x": "like_count, reply_count, retweet_count + quote_count, bookmark_count",
}
_POSTS = ("posts",)
_ACCOUNT = ("account_day",)
_BOTH = ("account_day", "posts")
WEBSITE = "website analytics"
COMMENTS = "comments"
ADS = "ad accounts"
AUDIENCE = "audience breakdowns"

_COMPUTED = (
    Kpi(
        name="followers",
        title="Followers",
        sentence="How many people follow at the end of the week. Over accounts an upper bound: some follow several.",
        unit=Unit.COUNT,
        numerator="the week's last account_day.followers (period day)",
        across=Across.SUM,
        adds_over=frozenset({Over.ACCOUNTS, Over.PLATFORMS}),
        null_rule="no level was read in the week",
        streams=_ACCOUNT,
        native={
            "facebook": "page_follows",
            "x": "public_metrics.followers_count, which has no past: the level read in the night, at 04:00 UTC, counts"
            " for the day that has just begun",
        },
    ),
    Kpi(
        name="audience_growth",
        title="Audience growth",
        sentence="How many followers the week brought, after those who left.",
        unit=Unit.COUNT,
        numerator="sum(follows) - sum(unfollows) where all seven days have both;"
        " else the week's last level - the last level of the week before",
        across=Across.SUM,
        adds_over=ADDS_UP - {Over.POSTS},
        null_rule="neither seven days of follows and unfollows nor the level at both weeks' ends is known",
        streams=_ACCOUNT,
        native={"facebook": "page_daily_follows_unique, page_daily_unfollows_unique", "x": "difference of levels"},
    ),
    Kpi(
        name="audience_growth_rate",
        title="Audience growth rate",
        sentence="The week's growth as a share of the followers it began with.",
        unit=Unit.PERCENT,
        numerator="audience_growth",
        denominator="the last level of the week before",
        across=Across.RATIO_OF_ALL,
        null_rule="the growth is unknown, or the level at the start is unknown or 0",
        streams=_ACCOUNT,
    ),
    Kpi(
        name="posts_published",
        title="Posts published",
        sentence="How many posts went out in the week.",
        unit=Unit.COUNT,
        numerator="count(remote_post) by published_at in the brand's week",
        across=Across.SUM,
        adds_over=ADDS_UP,
        null_rule="none of the week's days was read",
        streams=_POSTS,
        native={"facebook": "published_posts", "x": "the account's own timeline"},
        up_is_good=None,
    ),
    Kpi(
        name="engagements",
        title="Engagements",
        sentence="Reactions, comments, shares and saves that the week's posts have had so far. Clicks are not counted.",
        unit=Unit.COUNT,
        numerator=f"sum({_ENGAGEMENTS}) of each post's latest post_snapshot",
        across=Across.SUM,
        adds_over=ADDS_UP,
        null_rule="none of the week's days was read, or posts went out and none has a counter; a counter that a"
        " platform does not give adds nothing",
        streams=_POSTS,
        native=_ENGAGED_NATIVE,
    ),
    Kpi(
        name="engagement_by_content_type",
        title="Engagement by content type",
        sentence="The same engagements, by kind of post: image, video, link, text and so on.",
        unit=Unit.COUNT,
        numerator=f"sum({_ENGAGEMENTS}) by remote_post.content_type",
        across=Across.SUM,
        adds_over=ADDS_UP,
        null_rule="a kind without posts has no row; a kind whose posts have no counter has no value",
        streams=_POSTS,
        native=_ENGAGED_NATIVE,
        sliced_by="content type",
    ),
    Kpi(
        name="engagement_rate_by_reach",
        title="Engagement rate by reach",
        sentence="Of the people whom the week's posts reached, counted post by post, how many engaged.",
        unit=Unit.PERCENT,
        numerator="sum(engagements) of the posts that have reach",
        denominator="sum(post_snapshot.reach) of the same posts",
        across=Across.RATIO_OF_GIVEN,
        null_rule="no post has both engagements and reach, or the reach is 0",
        streams=_POSTS,
        native={"facebook": "post_total_media_view_unique", "x": "not given"},
    ),
    Kpi(
        name="engagement_rate_by_views",
        title="Engagement rate by views",
        sentence="Engagements for each time that one of the week's posts was viewed.",
        unit=Unit.PERCENT,
        numerator="sum(engagements) of the posts whose exposure_basis is views",
        denominator="sum(post_snapshot.views) of the same posts",
        across=Across.RATIO_OF_GIVEN,
        null_rule="no post is counted in views, or the views are 0; never mixed with impressions",
        streams=_POSTS,
        native={"facebook": "post_media_view", "x": "not given: X counts impressions"},
    ),
    Kpi(
        name="engagement_rate_by_impressions",
        title="Engagement rate by impressions",
        sentence="Engagements for each time that one of the week's posts was shown on a screen.",
        unit=Unit.PERCENT,
        numerator="sum(engagements) of the posts whose exposure_basis is impressions",
        denominator="sum(post_snapshot.impressions) of the same posts",
        across=Across.RATIO_OF_GIVEN,
        null_rule="no post is counted in impressions, or they are 0; never mixed with views",
        streams=_POSTS,
        native={"facebook": "not given: Facebook counts views", "x": "public_metrics.impression_count"},
    ),
    Kpi(
        name="engagement_rate_by_followers",
        title="Engagement rate by followers",
        sentence="The week's engagements for each follower that the account had on average in it.",
        unit=Unit.PERCENT,
        numerator="sum(engagements) of the week's posts",
        denominator="avg(account_day.followers) over the week's days that have a level",
        across=Across.RATIO_OF_GIVEN,
        null_rule="the engagements or the followers are unknown, or the followers are 0",
        streams=_BOTH,
    ),
    Kpi(
        name="reach",
        title="Reach",
        sentence="How many different people saw anything of the account in the week, as the platform counts them. Those"
        " of two accounts cannot be added: somebody may be among both.",
        unit=Unit.COUNT,
        numerator="account_day.reach, period week, ending on the week's Sunday; else on the newest of the two days"
        " before it, which the note then names",
        null_rule="the platform gives no weekly figure for any of those days",
        streams=_ACCOUNT,
        native={"facebook": "page_total_media_view_unique, period week", "x": "not given"},
    ),
    Kpi(
        name="coverage",
        title="Coverage",
        sentence="The people reached in the week for each follower; above 100 % it went beyond them.",
        unit=Unit.PERCENT,
        numerator="reach",
        denominator="followers",
        null_rule="the reach or the followers are unknown, or the followers are 0",
        streams=_ACCOUNT,
    ),
)

_WEB = ("web_day",)

_OF_WEBSITES = (
    Kpi(
        name="referral_sessions",
        title="Visits from social",
        sentence="Visits to the website and its landing pages that came from social networks, by posts and ads.",
        unit=Unit.COUNT,
        numerator="sum(web_day.sessions) by channel Organic Social and Paid Social",
        across=Across.SUM,
        adds_over=ADDS_UP - {Over.POSTS},
        null_rule="none of the week's days was read",
        streams=_WEB,
        native={"google_analytics": "sessions by sessionDefaultChannelGroup"},
        family=Family.WEBSITE,
    ),
    Kpi(
        name="conversions",
        title="Conversions",
        sentence="What those visits led to: orders, bookings, sign-ups, whatever the website counts as a goal.",
        unit=Unit.COUNT,
        numerator="sum(web_day.conversions) of the same visits",
        across=Across.SUM,
        adds_over=ADDS_UP - {Over.POSTS},
        null_rule="none of the week's days was read",
        streams=_WEB,
        native={"google_analytics": "keyEvents"},
        family=Family.WEBSITE,
    ),
    Kpi(
        name="conversion_rate",
        title="Conversion rate",
        sentence="Conversions for each visit from social networks, on the whole and by landing page (the twenty with"
        " the most of these visits; parts may fall short of the whole where Google puts rare names together).",
        unit=Unit.PERCENT,
        numerator="conversions",
        denominator="referral_sessions",
        across=Across.RATIO_OF_ALL,
        null_rule="none of the week's days was read, or there were no visits",
        streams=_WEB,
        sliced_by="landing page",
        family=Family.WEBSITE,
    ),
    Kpi(
        name="bounce_rate",
        title="Bounce rate",
        sentence="Of the visits from social networks, how many left at once: neither ten seconds, nor a second page,"
        " nor a conversion.",
        unit=Unit.PERCENT,
        numerator="sum(web_day.sessions) - sum(web_day.engaged_sessions)",
        denominator="sum(web_day.sessions)",
        across=Across.RATIO_OF_ALL,
        null_rule="none of the week's days was read, or there were no visits",
        streams=_WEB,
        native={"google_analytics": "1 - engagedSessions / sessions"},
        up_is_good=False,
        family=Family.WEBSITE,
    ),
)

_OF_COMMENTS = (
    Kpi(
        name="negative_comments",
        title="Negative comments",
        sentence="Of the week's comments that could be judged, how many were negative. The note counts the others.",
        unit=Unit.PERCENT,
        numerator="count(comment) by created_at in the brand's week, not our own, judged negative",
        denominator="count(comment) of the same that could be judged",
        across=Across.RATIO_OF_GIVEN,
        null_rule="no comment could be judged, or none was heard",
        streams=("comments",),
        up_is_good=False,
        family=Family.COMMENTS,
    ),
)

_WAITING = (
    Kpi(
        name="audience_profile",
        title="Audience profile",
        sentence="Who follows: age with gender, country and city, as shares of the followers.",
        unit=Unit.PERCENT,
        numerator="audience_slice.value of one slice",
        denominator="sum(audience_slice.value) of the same breakdown",
        null_rule="the platform withholds small audiences",
        sliced_by="age and gender, country, city",
        up_is_good=None,
        waits_for=AUDIENCE,
    ),
    Kpi(
        name="spend",
        title="Ad spend",
        sentence="What the week's ads cost, in the ad account's own currency.",
        unit=Unit.MONEY,
        numerator="sum(ad_day.spend), one currency at a time",
        adds_over=ADDS_UP,
        null_rule="the ad account was not read for the week",
        sliced_by="currency",
        up_is_good=None,
        waits_for=ADS,
    ),
    Kpi(
        name="roi",
        title="Return on investment",
        sentence="What the ads brought for each unit of money that they cost, beyond that unit.",
        unit=Unit.RATIO,
        numerator="conversion value - cost, in one currency",
        denominator="cost: ad spend + declared production cost",
        null_rule="there was no cost, or value and cost are in two currencies",
        waits_for=f"{ADS} and declared costs",
    ),
)

KPIS: Mapping[str, Kpi] = {kpi.name: kpi for kpi in (*_COMPUTED, *_OF_WEBSITES, *_OF_COMMENTS, *_WAITING)}
COMPUTED: tuple[Kpi, ...] = (*_COMPUTED, *_OF_WEBSITES, *_OF_COMMENTS)
WAITING: tuple[Kpi, ...] = _WAITING
