"""The chart of a case: its accounts' comments of the last two days, hour by hour, on the brand's clock."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from include.listening.series import Series
from include.messages.charts import Chart
from include.messages.spike_chart import Hours, spike_chart

HOURS = 48


def chart_of(title: str, several: Sequence[Series], until: datetime, opened_at: datetime, timezone: str) -> Chart:
    """Draw what was written until then. `opened_at`: its first window begins six hours before."""
    end = until.timestamp()
    edges = end - 3600.0 * np.arange(HOURS, -1, -1)
    bad = sum(np.histogram(each.bad_times, edges)[0] for each in several)
    every = sum(np.histogram(each.times, edges)[0] for each in several)
    negative = [int(count) for count in np.atleast_1d(bad)]
    others = [int(count) - bad for count, bad in zip(np.atleast_1d(every), negative, strict=True)]
    began = int(np.clip((opened_at.timestamp() - end) // 3600 + HOURS - 6, 0, HOURS - 6))
    zone = ZoneInfo(timezone)
    starts = [datetime.fromtimestamp(edge, UTC).astimezone(zone) for edge in edges[:-1]]
    usual = usual_of(several, until)[0] / 6
    return spike_chart(Hours(title, negative, others, usual, _ticks(starts), began))


def _ticks(starts: Sequence[datetime]) -> list[tuple[int, str]]:
    """Noon and midnight, the latter by the day's name."""
    words = [(n, f"{at:%a}" if at.hour == 0 else f"{at:%H}:00") for n, at in enumerate(starts) if at.hour in (0, 12)]
    return words[:5]


def usual_of(several: Sequence[Series], until: datetime) -> tuple[float, float]:
    """How many negatives six hours usually have, and their share of the scored: of the 28 days before the last six
    hours, or of what is known of them."""
    end = (until - timedelta(hours=6)).timestamp()
    negatives = scored = usual = 0.0
    for each in several:
        first = max(each.since, end - timedelta(days=28).total_seconds())
        known = (each.times > first) & (each.times <= end)
        bad = float((known & each.negative).sum())
        usual += bad * 6 * 3600 / max(end - first, 6 * 3600)
        negatives, scored = negatives + bad, scored + float((known & each.scored).sum())
    return usual, (negatives + 2) / (scored + 10)
