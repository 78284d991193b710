"""The telling of `watch_comments`: what is new is judged, every tick looked at, each case told once."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from include.domain import Alert, Brand, Severity
from include.orchestration import doors, watching
from include.orchestration.one_by_one import OneByOne

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from include.desk.rota import Duty
    from include.desk.silences import Silence
    from include.listening.spikes import Case
    from include.listening.telling import Desk, SpikeVoice

FILE = "comment_files"
EXPIRED = "expired_silence"
LATELY = timedelta(days=40)

log = logging.getLogger(__name__)


def judge_and_tell() -> dict[str, int]:
    """Score what is new, look at every tick that nobody looked at, tell; gives counts."""
    from include.listening.spikes import watch

    desk = Comments.begin()
    judged = watching.judge(desk.engine)
    watched = watch(desk.engine, desk.listening, desk.silences, desk.now)
    for account in sorted(watched.skipped):
        log.warning("%s is not looked at: comments of it wait to be judged.", account)
    with OneByOne() as tellings:
        for tell in (_tell_of_files, _tell_of_unscored, _tell_of_cases):
            with tellings.next():
                tell(desk)
    counts = {"judged": judged.judged, "unscored": judged.unscored, "left": judged.left}
    return {**counts, "ticks": watched.ticks, "opened": watched.opened, "closed": watched.closed}


@dataclass
class Comments:
    """The desk's listening at one moment. `broken` says by file why it cannot be used."""

    engine: "Engine"
    brands: Sequence[Brand]
    now: datetime
    broken: dict[str, str] = field(default_factory=dict)

    @classmethod
    def begin(cls) -> "Comments":
        return cls(doors.warehouse(), doors.brands(), datetime.now(UTC))

    @cached_property
    def listening(self) -> Mapping[str, list[str]]:
        """The accounts of each brand that can be heard."""
        names = {platform.name for platform in watching.listening()}
        return {
            brand.key: [each.key for each in brand.accounts if each.platform in names and not each.manual]
            for brand in self.brands
        }

    @cached_property
    def silences(self) -> "list[Silence]":
        from include.desk.problems import DeskProblems
        from include.desk.silences import read_silences

        try:
            return read_silences(doors.settings().desk_dir / "silences.yml", self.brands)
        except DeskProblems as problems:
            return self._broken("silences.yml", str(problems))

    @cached_property
    def rota(self) -> "list[Duty]":
        from include.desk.problems import DeskProblems
        from include.desk.rota import read_rota

        try:
            return read_rota(doors.settings().desk_dir / "rota.yml", self.brands)
        except DeskProblems as problems:
            return self._broken("rota.yml", str(problems))

    def _broken(self, name: str, words: str) -> list:  # type: ignore[type-arg]  # it is empty
        log.error("%s", words)
        self.broken[name] = words
        return []

    def is_quiet(self, brand: str) -> bool:
        """Whether only what is critical may call that brand's people now."""
        hours = {each.key: each for each in self.brands}[brand].quiet_hours if brand in self.keys else None
        return hours is not None and hours.hold(self.now, self.zones[brand])

    def may_call(self, case: "Case") -> bool:
        """Whether people may be called for a case now."""
        return case.severity == "critical" or not self.is_quiet(case.brand)

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(brand.key for brand in self.brands)

    @cached_property
    def zones(self) -> Mapping[str, str]:
        return {brand.key: brand.timezone for brand in self.brands}

    @cached_property
    def desk(self) -> "Desk":
        from include.listening.telling import Desk
        from include.publishing.answers import approvers

        titles = {each.key: doors.platform_of(each.key).title for brand in self.brands for each in brand.accounts}
        may_hold = {brand.key: tuple(approvers(brand)) for brand in self.brands}
        return Desk(titles, may_hold, tuple(self.rota), _runbook("spike"))


def _runbook(heading: str) -> str:
    from include.messages.slack_text import escape, link

    address = f"{doors.settings().runbook_url}#{heading}"
    return link(address, "runbook") if "://" in address else f"runbook: {escape(address)}"


def _tell_of_cases(desk: Comments) -> None:
    """One message per case; in quiet hours only what is critical is new, and nobody is called for the rest."""
    from include.alerts.episodes import raise_alerts
    from include.alerts.ledger import open_episodes
    from include.listening.telling import KIND, brand_of

    with desk.engine.connect() as connection:
        episodes = open_episodes(connection, (KIND,))
    told = {episode.alert_key for episode in episodes}
    voice, alerts = said(desk, told)
    channels = {brand.key: brand.channel for brand in desk.brands}
    unseen = [key for key in told if desk.is_quiet(brand_of(key))]
    raised = raise_alerts(
        desk.engine,
        doors.messenger(),
        lambda alert: channels.get(brand_of(alert.key), doors.settings().ops_channel),
        (KIND,),
        alerts,
        voice=voice,
        unseen=unseen,
    )
    _tell_of_worse(desk, voice)
    log.info("%d cases told, %d worse, %d closed", raised.opened, raised.escalated, raised.closed)


def said(desk: Comments, told: "frozenset[str] | set[str]") -> "tuple[SpikeVoice, list[Alert]]":
    """The words of every case, and the alerts to raise of those that are on. `told` are the keys of those that were
    told already."""
    from include.listening.spikes import cases
    from include.listening.telling import SpikeVoice, alert_key, alert_of, spike_of

    brands = {brand.key: brand for brand in desk.brands}
    with desk.engine.begin() as connection:
        found = {alert_key(case): case for case in cases(connection, since=desk.now) if case.brand in brands}
        ended = {
            alert_key(case): case for case in cases(connection, since=desk.now - LATELY) if alert_key(case) in told
        }
        on = {key: case for key, case in found.items() if case.closed_at is None and not case.dismissed_by}
        spikes = {key: spike_of(connection, case, brands[case.brand], desk.desk, desk.now) for key, case in on.items()}
    alerts = [alert_of(case, spikes[key]) for key, case in on.items() if key in told or desk.may_call(case)]
    return SpikeVoice(spikes, ended | found), alerts


def _tell_of_worse(desk: Comments, voice: "SpikeVoice") -> None:
    """In the thread of a case: that it has become worse, once each time."""
    from include.alerts.episodes import SAME_EPISODE
    from include.alerts.ledger import current
    from include.alerts.telling import tell, where_told
    from include.listening.telling import worse_key
    from include.messages.spike import doubled

    for key, spike in voice.spikes.items():
        case = voice.cases[key]
        with desk.engine.connect() as connection:
            episode = current(connection, key, SAME_EPISODE)
        if episode is None or not desk.may_call(case) or case.rung_at <= desk.now - episode.lasted:
            continue  # what it had come to before anybody was told stands in the message itself
        reply, ref = worse_key(case, episode.message_key), where_told(desk.engine, episode.message_key)
        if reply and ref:
            tell(desk.engine, doors.messenger(), key=reply, channel=ref.channel, message=doubled(spike), thread=ref)


def _tell_of_unscored(desk: Comments) -> None:
    """Waves that the desk is blind to; in quiet hours they wait for the morning."""
    from include.alerts.episodes import raise_alerts
    from include.alerts.ledger import open_episodes
    from include.listening.unscored import KIND, alert_of, surges

    owners = {account: brand for brand in desk.brands for account in desk.listening[brand.key]}
    with desk.engine.connect() as connection:
        found = surges(connection, list(owners), desk.now)
        told = {episode.alert_key for episode in open_episodes(connection, (KIND,))}
    quiet = {f"{KIND}:{account}" for account, brand in owners.items() if desk.is_quiet(brand.key)}
    alerts = [alert_of(each, owners[each.account], desk.desk.titles[each.account]) for each in found]
    raise_alerts(
        desk.engine,
        doors.messenger(),
        lambda alert: owners[alert.subject].channel,
        (KIND,),
        [alert for alert in alerts if alert.key not in quiet - told],
        runbook_url=doors.settings().runbook_url,
        unseen=quiet,
    )


def _tell_of_files(desk: Comments) -> None:
    """Files that cannot be used, and silences whose time is over, are told to the people on call."""
    from include.alerts.episodes import raise_alerts

    _ = desk.silences, desk.rota
    settings = doors.settings()
    alerts = [*_about_files(desk), *_about_silences(desk)]
    raise_alerts(
        desk.engine, doors.messenger(), settings.ops_channel, (FILE, EXPIRED), alerts, runbook_url=settings.runbook_url
    )


def _about_files(desk: Comments) -> Iterator[Alert]:
    means = {"silences.yml": "nothing is kept quiet", "rota.yml": "nobody is named as being on duty"}
    for name, words in desk.broken.items():
        yield Alert(
            kind=FILE,
            subject=name,
            headline=f"{name} cannot be read, so {means[name]}",
            because=words,
            next_step="Correct the file in the desk's folder; the next run takes it.",
        )


def _about_silences(desk: Comments) -> Iterator[Alert]:
    if over := [each for each in desk.silences if each.ends <= desk.now]:
        yield Alert(
            kind=EXPIRED,
            subject="silences.yml",
            headline=f"silences.yml: {len(over)} silence{'s are' if len(over) > 1 else ' is'} over",
            because="\n".join(f"Line {each.line}: {each.what}, for “{each.reason}”." for each in over[:10]),
            next_step="Take them out, or give them a new last day if they still hold; spikes are told again meanwhile.",
            severity=Severity.INFO,
        )
