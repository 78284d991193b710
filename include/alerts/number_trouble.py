"""Numbers that are not there: streams that stand still, and holes in those that go on. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from include.alerts.found import Names, NewestDay, UnreadDay
from include.domain.alerts import Alert
from include.domain.windows import Window
from include.messages.numbers import counted, days_between

STALE_AFTER = timedelta(days=2)


def stale_streams(newest: Iterable[NewestDay], today: date, names: Names) -> list[Alert]:
    by_account: dict[str, list[NewestDay]] = defaultdict(list)
    for day in newest:
        if day.metric_date is None or today - day.metric_date > STALE_AFTER:
            by_account[day.account].append(day)
    return [_stale_account(account, days, names) for account, days in by_account.items()]


def _stale_account(account: str, days: Sequence[NewestDay], names: Names) -> Alert:
    known = [day.metric_date for day in days if day.metric_date]
    since = f"since {min(known):%a} {min(known).day} {min(known):%b}" if known else "so far"
    told = ", ".join(f"{d.stream} {f'to {d.metric_date}' if d.metric_date else 'never read'}" for d in days)
    return Alert(
        kind="stale_stream",
        subject=account,
        headline=f"{names.title(account)}: no new numbers {since}",
        because=f"Last days that were read: {told}.",
        next_step=f"Open ingest_{names.platform(account)} in Airflow and read the log of the latest run.",
    )


def missing_days(unread: Iterable[UnreadDay], newest: Iterable[NewestDay], names: Names) -> list[Alert]:
    """Holes before a stream's newest day; what lies after it is staleness, and told as such."""
    until = {(day.account, day.stream): day.metric_date for day in newest if day.metric_date}
    by_account: dict[str, list[UnreadDay]] = defaultdict(list)
    for day in unread:
        newest_day = until.get((day.account, day.stream))
        if newest_day and day.metric_date < newest_day:
            by_account[day.account].append(day)
    return [_missing_account(account, days, names) for account, days in by_account.items()]


def _missing_account(account: str, days: Sequence[UnreadDay], names: Names) -> Alert:
    dates = [day.metric_date for day in days]
    streams = sorted({day.stream for day in days})
    told = "; ".join(f"{name}: {_spans(d.metric_date for d in days if d.stream == name)}" for name in streams)
    reasons = Counter(day.reason for day in days if day.reason).most_common(2)
    because = "\n".join([f"{told}.", *(f"{reason} ({counted(count, 'day')})" for reason, count in reasons)])
    return Alert(
        kind="missing_days",
        subject=account,
        headline=f"{names.title(account)}: numbers of {counted(len(set(dates)), 'day')} are missing",
        because=because,
        next_step=f"Run backfill_metrics for {account} from {min(dates)} to {max(dates)}.",
    )


def _spans(dates: Iterable[date]) -> str:
    """`3–9 Nov, 12 Nov`: runs of days that follow each other."""
    runs: list[Window] = []
    for day in sorted(set(dates)):
        if runs and day == runs[-1].last + timedelta(days=1):
            runs[-1] = Window(runs[-1].first, day)
        else:
            runs.append(Window(day, day))
    return ", ".join(_span(run) for run in runs)


def _span(run: Window) -> str:
    return days_between(run.first, run.last) if len(run) > 1 else f"{run.first.day} {run.first:%b}"
