"""Speaks up when the desk itself is silent: outside Airflow, from cron, on any machine that reaches the warehouse.

    */5 * * * * desk cd /srv/social-desk && .venv/bin/python -m include.publishing.watchdog

It looks at the heartbeat that every run of `publish_posts` leaves, and at posts that are overdue. It says in the
channel of the people on call, once each, that the scheduler is dead, that posts are overdue, or that the warehouse does
not answer; and it says when that is over. What is on hold is not overdue.

From its first run, and once a day, it sees whether Slack takes its token and has that channel, before it matters.

It takes DESK_WAREHOUSE_URL, DESK_OPS_CHANNEL, DESK_RUNBOOK_URL and the Slack connection from the environment, as a task
does (AIRFLOW_CONN_SLACK_DESK, as JSON), and needs no Airflow. Ends with 0 where all is well, 1 where something is wrong
and was told, 2 where it could not look or not tell; then it says why on stderr, which cron mails.
"""

import fcntl
import json
import os
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from include.domain.alerts import Alert
from include.domain.errors import CredentialsDead, PlatformError
from include.domain.messages import Message
from include.messages.notices import alert_closed, alert_message
from include.publishing import watching
from include.settings import ROOT, Settings
from include.warehouse.engine import WrongWarehouse, connect

if TYPE_CHECKING:
    from messengers.slack import SlackMessenger


HEARD_FOR = timedelta(days=1)
"""How long a message that went through, or a look at the connection, is taken for a sign that the next goes too."""


class Busy(RuntimeError):
    """Another watchdog is at it."""


def main(arguments: Sequence[str]) -> int:
    """Look once, and tell."""
    asked = _parser().parse_args(arguments)
    try:
        with _alone(asked.state):
            alerts, unheard = _watch(Settings.from_environment(), asked)
    except Busy:
        return 0
    except (WrongWarehouse, watching.NoDesk, OSError) as problem:
        print(problem, file=sys.stderr)
        return 2
    for alert in alerts:
        print(f"{alert.headline}. {alert.because}")
    if unheard:
        print(unheard, file=sys.stderr)
        return 2
    return 1 if alerts else 0


def _watch(settings: Settings, asked: Namespace) -> tuple[list[Alert], str]:
    """What is wrong, and why nobody can be told of it; empty where somebody can."""
    now = datetime.now(UTC)
    alerts = watching.look(
        connect(settings.warehouse_url),
        now=now,
        dead_after=timedelta(minutes=asked.dead_after),
        late_after=timedelta(minutes=asked.late_after),
    )
    try:
        _tell(settings, alerts, watching.Memory(asked.state), now)
    except PlatformError as error:
        return alerts, f"The watchdog cannot tell anybody. {error}"
    return alerts, ""


def _tell(settings: Settings, alerts: list[Alert], memory: watching.Memory, now: datetime) -> None:
    """Tell what is wrong and what is over; where all is well, see at the first run and daily that Slack would hear."""
    messenger, channel = _messenger(settings.slack_connection), settings.ops_channel

    def say(alert: Alert) -> Message:
        return alert_message(alert, runbook_url=settings.runbook_url)

    if alerts or memory.episodes:
        watching.tell(alerts, memory, messenger, channel=channel, now=now, say=say, say_over=alert_closed)
    elif memory.since_heard(now) > HEARD_FOR:
        messenger.check(channel)
    else:
        return
    memory.heard(now)


def _messenger(conn_id: str) -> "SlackMessenger":
    """Slack, without Airflow: what may be dead cannot be asked for the way to say so."""
    sys.path.append(str(ROOT / "plugins"))  # cron sets no PYTHONPATH
    from messengers.slack import SLACK, SlackMessenger  # noqa: PLC0415
    from platforms.transport.access import Access  # noqa: PLC0415

    variable = f"AIRFLOW_CONN_{conn_id.upper()}"
    try:
        kept = json.loads(os.environ.get(variable, ""))
        host, token = str(kept.get("host") or SLACK), str(kept.get("password") or "")
    except (ValueError, AttributeError):
        host, token = "", ""
    if not token:
        raise CredentialsDead(f"Set {variable} as JSON with the bot's token as its password.", account=conn_id)
    return SlackMessenger(conn_id, access=Access.to(conn_id, host, token))


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """While one watchdog is at it, another that cron starts has nothing to do."""
    state.parent.mkdir(parents=True, exist_ok=True)
    with state.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        yield


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="python -m include.publishing.watchdog",
        description=__doc__,
        formatter_class=RawDescriptionHelpFormatter,
    )
    home = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    kept = home / "social-desk" / "watchdog.json"
    parser.add_argument("--state", type=Path, default=kept, help=f"where it remembers what it told ({kept})")
    parser.add_argument("--dead-after", type=float, default=5, help="minutes without a heartbeat (5)")
    parser.add_argument(
        "--late-after", type=float, default=10, help="minutes after its time that a post is overdue (10)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
