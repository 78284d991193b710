"""Our question in Google's words: the five reports of a window, each as far as it was not read yet."""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from include.domain.posts import Post
from include.domain.windows import Window

PAGE_ROWS = 8_000  # of one report; five such pages stay below what one answer may weigh

VISITS = ("sessions", "engagedSessions", "keyEvents", "totalRevenue")
DIMENSIONS = {
    "content": ("sessionSource", "sessionMedium", "sessionCampaignName", "sessionManualAdContent", "landingPage"),
    "landing_page": ("landingPage",),
    "source": ("sessionSource", "sessionMedium", "sessionCampaignName"),
    "channel": ("sessionDefaultChannelGroup",),
    "day": (),
}
"""By breakdown: its dimensions beside `date`. https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema"""
METRICS = {
    "content": VISITS,
    "landing_page": (*VISITS, "sessionKeyEventRate"),
    "source": (*VISITS, "sessionKeyEventRate"),
    "channel": (*VISITS, "sessionKeyEventRate"),
    "day": (*VISITS, "sessionKeyEventRate", "totalUsers", "newUsers"),
}


@functools.cache
def constraints() -> dict[str, Any]:
    """Google's limits, as sourced and dated in `constraints.json`."""
    data: dict[str, Any] = json.loads((Path(__file__).parent / "constraints.json").read_text(encoding="utf-8"))
    return data


def problems(post: Post) -> list[str]:
    """Google Analytics takes no posts at all."""
    return ["Google Analytics publishes no posts; take it out of the row's accounts."]


def report(breakdown: str, window: Window, offset: int) -> dict[str, Any]:
    """One report of a batch. Its rows are ordered by all their names, so that pages neither overlap nor leave gaps."""
    names = ("date", *DIMENSIONS[breakdown])
    return {
        "dateRanges": [{"startDate": str(window.first), "endDate": str(window.last)}],
        "dimensions": [{"name": name} for name in names],
        "metrics": [{"name": name} for name in METRICS[breakdown]],
        "orderBys": [{"dimension": {"dimensionName": name}} for name in names],
        "limit": str(PAGE_ROWS),
        "offset": str(offset),
        "returnPropertyQuota": True,
    }


def batch(pages: Mapping[str, int], window: Window) -> dict[str, Any]:
    """The body of `batchRunReports` for `pages`: where each breakdown is to go on."""
    return {"requests": [report(breakdown, window, offset) for breakdown, offset in pages.items()]}
