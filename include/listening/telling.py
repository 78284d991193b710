"""Cases told in Slack: the words of an episode (`Voice` in include/alerts/episodes.py), from the warehouse."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from include.desk.rota import Duty, on_duty
from include.domain.accounts import Brand
from include.domain.alerts import Alert, Severity
from include.domain.messages import Attachment, Message
from include.listening import cases
from include.listening.picture import chart_of, usual_of
from include.listening.spikes import Case
from include.messages.notices import closed_reply, returned_reply
from include.messages.spike import OnDuty, Spike, doubled, spike_closed, spike_message

KIND = "spike"
SEVERITIES = {"notice": Severity.INFO, "high": Severity.WARNING, "critical": Severity.CRITICAL}


def alert_key(case: Case) -> str:
    return f"{KIND}:{case.key}"


def brand_of(key: str) -> str:
    """The brand of an alert's key."""
    return key.partition(":")[2].partition("@")[0]


@dataclass(frozen=True, slots=True)
class Desk:
    """What the warehouse does not know: titles of networks by account, who may hold, the rota."""

    titles: Mapping[str, str]
    may_hold: Mapping[str, tuple[str, ...]]
    rota: tuple[Duty, ...] = ()
    runbook: str = ""


def spike_of(connection: Connection, case: Case, brand: Brand, desk: Desk, now: datetime) -> Spike:
    """All that is said of a case; which examples it shows is noted."""
    accounts = cases.accounts_of(case, brand)
    several = cases.heard(connection, accounts, case.seen_at)
    said = cases.written(connection, case, accounts, case.seen_at, usual_of(several, case.seen_at))
    place = _place([desk.titles.get(account, account) for account in accounts])
    coming = cases.next_post(connection, brand.key, now)
    chart = chart_of(f"{brand.title} · {place}", several, case.seen_at, case.opened_at, brand.timezone)
    return Spike(
        brand=brand.title,
        place=place,
        severity=SEVERITIES[case.severity],
        negatives=max(said.negatives, 1),
        usual=said.usual,
        opened_at=case.opened_at,
        timezone=brand.timezone,
        scored=said.scored,
        unscored=said.unscored,
        usual_share=said.usual_share,
        learning=any(row.learning for row in case.rows),
        posts=said.posts,
        languages=[(name, count) for _, name, count in said.languages],
        examples=said.examples,
        next_post=(coming[0], desk.titles.get(coming[1], coming[1])) if coming else None,
        ads=cases.running_ads(connection, [account.key for account in brand.accounts], now),
        duty=duty_for(desk, brand, said.languages, now),
        taken_by=case.taken_by or "",
        on_hold_by=cases.held_by(connection, brand),
        may_hold=desk.may_hold.get(brand.key, ()),
        runbook=desk.runbook,
        chart=Attachment("chart", "comments.png", chart.png, chart.alt),
    )


def _place(titles: list[str]) -> str:
    """`Facebook`, `Facebook and X`, `4 networks`."""
    names = list(dict.fromkeys(titles))
    return " and ".join(names) if len(names) < 3 else f"{len(names)} networks"


def duty_for(desk: Desk, brand: Brand, languages: tuple[tuple[str, str, int], ...], now: datetime) -> list[OnDuty]:
    """Who answers for the two most frequent languages."""
    found: dict[str, OnDuty] = {}
    for tag, name, _ in languages[:2]:
        for duty in on_duty(desk.rota, brand, tag, now):
            found.setdefault(duty.who, OnDuty(duty.who, duty.slack, name if duty.language else ""))
    return list(found.values())


def alert_of(case: Case, spike: Spike) -> Alert:
    """The alert of a case. Its severity stays: that it has become worse is told by `worse_key`, for the detector says
    so of more than severities."""
    return Alert(KIND, case.key, spike.headline, "", "", Severity.WARNING)


def worse_key(case: Case, message_key: str) -> str | None:
    """What is said once in the thread, each time that the case has become worse; None where it has not."""
    return f"{message_key}:worse:{case.rung_at:%Y%m%dT%H%M}" if case.rung_at > case.opened_at else None


@dataclass(frozen=True)
class SpikeVoice:
    """The words of the cases' episodes, by their alert's key."""

    spikes: Mapping[str, Spike]
    cases: Mapping[str, Case]

    def alert(self, alert: Alert) -> Message:
        return spike_message(self.spikes[alert.key])

    def worse(self, alert: Alert) -> Message:
        return doubled(self.spikes[alert.key])

    def back(self, alert: Alert, quiet: timedelta) -> Message:
        return returned_reply(alert, quiet)

    def closed(self, key: str, headline: str, lasted: timedelta) -> Message:
        case = self.cases.get(key)
        if case is None:
            return spike_closed(headline, lasted)
        return spike_closed(headline, _time(case), negatives=case.negatives, dismissed_by=case.dismissed_by or "")

    def over(self, key: str, lasted: timedelta) -> Message:
        case = self.cases.get(key)
        return closed_reply(_time(case) if case else lasted)


def _time(case: Case) -> timedelta:
    """How long it lasted: to the last tick that saw it, not to the end of the quiet that shows that it is over."""
    return max(case.seen_at - case.opened_at, timedelta(minutes=10))
