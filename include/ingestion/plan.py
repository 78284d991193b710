"""What a backfill would cost, before it is started. Nothing is written and no platform is asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from include.domain.accounts import Account
from include.domain.streams import Stream
from include.domain.windows import Window
from include.ingestion import ledger
from include.ingestion.outcomes import counted
from include.ingestion.windows import lost_because, plan, with_today


@dataclass(frozen=True, slots=True)
class Outlook:
    """What reading `days` of one stream would take: `read` days in at least `calls`; `lost` days cannot be had."""

    account: str
    stream: str
    days: Window
    read: int
    lost: int
    waiting: int
    calls: int
    because: str = ""

    def __str__(self) -> str:
        told = [f"{counted(self.read, 'day')} to read in at least {counted(self.calls, 'call')}"] if self.read else []
        told += [f"{counted(self.waiting, 'day')} not to be asked for again yet"] if self.waiting else []
        told += [f"{counted(self.lost, 'day')} lost. {self.because}"] if self.lost else []
        return f"{self.account} {self.stream} {self.days}: {'; '.join(told) or 'all known'}"


def outlook(
    connection: Connection, wanted: Iterable[tuple[Account, Stream, date]], days: Window, now: datetime
) -> list[Outlook]:
    """One Outlook for each (account, stream, today in the stream's calendar) of `wanted`."""
    return [_one(connection, account, stream, today, days, now) for account, stream, today in wanted]


def _one(connection: Connection, account: Account, stream: Stream, today: date, days: Window, now: datetime) -> Outlook:
    asked = with_today(stream, days, today)
    known = ledger.known(connection, account.key, stream.name, asked)
    todo = plan(stream, known, asked, today=today, now=now)
    return Outlook(
        account=account.key,
        stream=stream.name,
        days=days,
        read=len(todo.read),
        lost=len(todo.lost),
        waiting=len(todo.wait),
        calls=len(todo.windows),
        because=lost_because(stream) if todo.lost else "",
    )
