"""From first sighting to end: one Slack message for each thing that is wrong, however often it is seen.

new          one message
still there  the message is updated in place if its words changed; nobody is called again
worse        a reply in the thread
gone         the message says so, with how long it lasted, and a reply in the thread
back         within a day it is the same episode: updated in place, with a reply
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from sqlalchemy import Engine

from include.alerts import ledger
from include.alerts.ledger import Episode
from include.alerts.telling import tell, where_told
from include.domain.alerts import Alert, Severity
from include.domain.capabilities import Messenger
from include.domain.errors import PlatformError
from include.domain.messages import Message
from include.messages.notices import alert_closed, alert_message, closed_reply, escalated_reply, returned_reply

SAME_EPISODE = timedelta(hours=24)
_RANK = {severity: rank for rank, severity in enumerate(Severity)}

ChannelOf = Callable[[Alert], str]


class Voice(Protocol):
    """The words of an episode, where they are not the usual ones: another language, a picture. `key` is the alert's."""

    def alert(self, alert: Alert) -> Message: ...

    def worse(self, alert: Alert) -> Message: ...

    def back(self, alert: Alert, quiet: timedelta) -> Message: ...

    def closed(self, key: str, headline: str, lasted: timedelta) -> Message: ...

    def over(self, key: str, lasted: timedelta) -> Message: ...


@dataclass(frozen=True, slots=True)
class Notices:
    """The usual words, in English."""

    runbook_url: str = ""
    link_of: Callable[[Alert], str] = lambda alert: ""
    hint_of: Callable[[Alert], str] = lambda alert: ""

    def alert(self, alert: Alert) -> Message:
        return alert_message(alert, runbook_url=self.runbook_url, link=self.link_of(alert), hint=self.hint_of(alert))

    def worse(self, alert: Alert) -> Message:
        return escalated_reply(alert)

    def back(self, alert: Alert, quiet: timedelta) -> Message:
        return returned_reply(alert, quiet)

    def closed(self, key: str, headline: str, lasted: timedelta) -> Message:
        return alert_closed(headline, lasted)

    def over(self, key: str, lasted: timedelta) -> Message:
        return closed_reply(lasted)


@dataclass(frozen=True, slots=True)
class Raised:
    """What one look changed, counted; `still_open` is how many alerts of each kind hold now."""

    opened: int
    escalated: int
    closed: int
    still_open: Mapping[str, int]


def raise_alerts(
    engine: Engine,
    messenger: Messenger,
    channel: str | ChannelOf,
    kinds: Collection[str],
    alerts: Iterable[Alert],
    *,
    runbook_url: str = "",
    link_of: Callable[[Alert], str] = lambda alert: "",
    hint_of: Callable[[Alert], str] = lambda alert: "",
    voice: Voice | None = None,
    unseen: Collection[str] = (),
) -> Raised:
    """Tell what is wrong now, and close what no longer is.

    `alerts` is all that was found of `kinds`: an open episode of these kinds that is not among them is over. Episodes
    of other kinds are left alone, and so are those whose key is in `unseen`: nobody could look. `channel` may be a
    function, for alerts that belong to several brands. `voice` has the words, where they are not the usual ones.

    Each alert is told by itself: if Slack refuses one, the others are still told, and the first PlatformError is
    raised at the end. Whatever is run again or at the same time says nothing twice.
    """
    found = {alert.key: alert for alert in sorted(alerts, key=lambda alert: _RANK[alert.severity])}
    channel_of = channel if callable(channel) else lambda alert: channel
    desk = _Watch(engine, messenger, channel_of, voice or Notices(runbook_url, link_of, hint_of))
    news: Counter[str] = Counter()
    errors: list[PlatformError] = []
    for alert in found.values():
        with _collecting(errors):
            news[desk.see(alert)] += 1
    for episode in desk.open_episodes(kinds):
        if episode.alert_key not in found and episode.alert_key not in unseen:
            with _collecting(errors):
                desk.close(episode)
                news["closed"] += 1
    if errors:
        raise errors[0]
    still_open = Counter(alert.kind for alert in found.values())
    return Raised(news["opened"], news["escalated"], news["closed"], dict(still_open))


@contextmanager
def _collecting(errors: list[PlatformError]) -> Iterator[None]:
    try:
        yield
    except PlatformError as error:
        errors.append(error)


@dataclass(frozen=True, slots=True)
class _Watch:
    """What is found, set against the episodes.

    Slack is told before a change is written down: a process that dies in between leaves the change to the next look,
    and Slack then has its words already.
    """

    engine: Engine
    messenger: Messenger
    channel_of: ChannelOf
    voice: Voice

    def see(self, alert: Alert) -> str:
        """Tell of `alert`; gives what it is: opened, escalated, returned or seen."""
        episode = self._episode(alert)
        key = episode.message_key
        words = self.voice.alert(alert)
        told = tell(self.engine, self.messenger, key=key, channel=self.channel_of(alert), message=words)
        what = "opened" if told.said == "new" else "seen"
        if episode.closed_at is not None and episode.quiet is not None:
            what = "returned"
            self._reply(key, f"{key}:back:{episode.closed_at:%Y%m%dT%H%M%S%f}", self.voice.back(alert, episode.quiet))
        elif _RANK[alert.severity] > _RANK[episode.severity]:
            what = "escalated"
            self._reply(key, f"{key}:{alert.severity}", self.voice.worse(alert))
        worst = max(alert.severity, episode.severity, key=_RANK.__getitem__)
        with self.engine.begin() as connection:
            ledger.note(connection, episode, alert, worst)
        return what

    def close(self, episode: Episode) -> None:
        """Tell that it is over. An episode that never got through to Slack ends in silence."""
        key = episode.message_key
        if ref := where_told(self.engine, key):
            words = self.voice.closed(episode.alert_key, episode.headline, episode.lasted)
            tell(self.engine, self.messenger, key=key, channel=ref.channel, message=words)
            self._reply(
                key, f"{key}:over:{episode.seen_at:%Y%m%dT%H%M%S%f}", self.voice.over(episode.alert_key, episode.lasted)
            )
        with self.engine.begin() as connection:
            ledger.end(connection, episode)

    def open_episodes(self, kinds: Collection[str]) -> list[Episode]:
        with self.engine.connect() as connection:
            return ledger.open_episodes(connection, kinds)

    def _episode(self, alert: Alert) -> Episode:
        with self.engine.begin() as connection:
            episode = ledger.current(connection, alert.key, SAME_EPISODE)
            if episode is None:
                ledger.begin(connection, alert)
                episode = ledger.current(connection, alert.key, SAME_EPISODE)
        assert episode is not None  # it was opened in this transaction, or by another one that had to end first
        return episode

    def _reply(self, parent_key: str, key: str, words: Message) -> None:
        if parent := where_told(self.engine, parent_key):
            tell(self.engine, self.messenger, key=key, channel=parent.channel, message=words, thread=parent)
