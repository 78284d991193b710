"""One message per episode: said once, worse once, over once; restated days in silence."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from benchmarks.pacing_replay import FIRST, play
from include.domain.alerts import Alert, Severity
from include.pacing.check import check
from include.pacing.episodes import RINGS, News, news, replay
from include.pacing.sentences import alert_of
from tests.pacing.conftest import a_budget, day, spend

ALERT = Alert("budget_pacing", "a", "behind", "", "", Severity.WARNING)
WORSE = replace(ALERT, headline="gone", severity=Severity.CRITICAL)


def test_it_opens_is_updated_in_place_gets_worse_once_and_closes():
    course = [None, ALERT, ALERT, replace(ALERT, headline="more behind"), WORSE, ALERT, WORSE, None, None]
    said = [what for _, what, _ in replay((FIRST + timedelta(days=place), each) for place, each in enumerate(course))]
    assert said == ["silent", "opened", "silent", "updated", "worse", "updated", "updated", "closed", "silent"]


def alerts_of(amounts):
    """The alert of each morning, if this spend was known on it."""
    for passed in range(1, len(amounts) + 1):
        today = day(passed)
        (look,) = check([a_budget()], spend(amounts[:passed]), lambda _: today)  # noqa: B023  # used at once
        yield today, alert_of(look)


def test_a_steady_campaign_never_rings():
    assert {what for _, what, _ in replay(alerts_of([98, 103, 99, 101, 97] * 5))} == {News.SILENT}


def test_restated_spend_tells_nothing_again_and_closes_what_no_longer_holds():
    amounts = [100] * 10 + [180] * 6
    *_, (_, alert) = alerts_of(amounts)
    _, told = news(None, alert)
    # The same morning, and two days before came out lower, still too high: the message is rewritten in place.
    *_, (_, restated) = alerts_of([*amounts[:12], 150, 150, *amounts[14:]])
    what, told = news(told, restated)
    assert what == News.UPDATED
    # All of it is taken back: it is over, once, and the days that had rung do not ring again.
    *_, (_, settled) = alerts_of([100] * 16)
    assert news(told, settled) == (News.CLOSED, None)
    assert news(None, settled) == (News.SILENT, None)


def test_a_run_that_is_repeated_says_nothing():
    *_, (_, alert) = alerts_of([180] * 8)
    _, told = news(None, alert)
    *_, (_, again) = alerts_of([180] * 8)
    assert news(told, again) == (News.SILENT, told)


def test_a_troubled_flight_rings_a_few_times_and_not_after_it_is_set_right():
    said = [*replay((look.today, alert_of(look)) for look in play())]
    rings = [(on, what) for on, what, _ in said if what in RINGS]
    assert [what for _, what in rings] == [News.OPENED, News.CLOSED]
    *_, last = play()
    assert abs(last.spent - last.money) < Decimal(60)
