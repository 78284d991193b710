"""What the ads show: each a dark post of the brand's Page, which stands in none of the Page's own lists.

`creative{effective_object_story_id}` of an ad names it (contracts: Ad, AdCreative). People comment on it, evenly, for
as long as its campaign runs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from include.sandbox.chance import chance, digits
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.meta_ads.campaigns import Campaign, Share, ads_of, campaigns_of
from include.sandbox.state import Sandbox

A_DAY = 0.25
"""Comments that an ad draws on a day."""


@dataclass(frozen=True, slots=True)
class DarkPost:
    """`ages`: the hours of its life at whose end each comment is there."""

    post_id: str
    posted_at: datetime
    text: str
    ages: tuple[int, ...]


def page_of(sandbox: Sandbox, ad_account: DeclaredAccount) -> DeclaredAccount | None:
    """The Page that an ad account advertises for: its brand's."""
    return next((page for page in sandbox.accounts("facebook") if page.brand == ad_account.brand), None)


def story_of(page: DeclaredAccount, ad: Share) -> str:
    """The id of the post that an ad shows."""
    return f"{page.native_id}_122{digits(15, 'story', ad.id)}"


def dark_posts(sandbox: Sandbox, page: DeclaredAccount) -> Iterator[DarkPost]:
    """Those of a Page, of every campaign that was begun."""
    now = sandbox.clock.now()
    for ad_account in sandbox.accounts("meta_ads"):
        shown_by = page_of(sandbox, ad_account)
        if shown_by is not None and shown_by.key == page.key:
            for campaign in campaigns_of(sandbox, ad_account):
                if campaign.start <= now:
                    yield from (_dark(sandbox, page, campaign, ad) for ad in ads_of(sandbox.seed, campaign))


def _dark(sandbox: Sandbox, page: DeclaredAccount, campaign: Campaign, ad: Share) -> DarkPost:
    ends = campaign.stop or campaign.start + timedelta(days=400)
    ages = _ages(sandbox.seed, ad.id, (ends - campaign.start).total_seconds() / 3600)
    return DarkPost(story_of(page, ad), campaign.start, f"{campaign.name}: {page.title}", ages)


@lru_cache(maxsize=4096)
def _ages(seed: int, ad_id: str, hours: float) -> tuple[int, ...]:
    draw, age, ages = chance(seed, ad_id, "talk"), 0.0, []
    while (age := age + draw.expovariate(A_DAY / 24)) < hours:
        ages.append(int(age) + 1)
    return tuple(ages)
