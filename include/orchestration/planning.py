"""The work of `import_calendar`: the calendar's rows become planned posts, or sentences about what to correct.

Planning and telling are two tasks: when Slack is away, the plan stands and its questions are put all the same.
"""

import hashlib
import json
import logging
from collections.abc import Iterable
from dataclasses import astuple, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowFailException

from include.domain import Brand, MessageRef, Refused
from include.orchestration import calendar_trouble, doors, validating
from include.orchestration.approving import texts_to_ask
from include.orchestration.one_by_one import OneByOne

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from include.desk.sheets import Sheet
    from include.editorial.calendar import Calendar
    from include.editorial.report import ImportReport
    from include.publishing.plan import PlannedPost
    from include.publishing.schedule import Scheduled

log = logging.getLogger(__name__)

News = dict[str, Any]


def plan_calendar() -> dict[str, int]:
    """Import the calendar; gives counts of posts planned, rows to fix and texts that a question is to be put about.

    What there is to say about it is left for `tell_news`, as the task's XCom `news`.
    """
    from include.publishing.schedule import schedule

    engine, now = doors.warehouse(), datetime.now(UTC)
    brands = [doors.publishing(brand) for brand in doors.brands()]
    context = get_current_context()
    run_id = str(context["run_id"])
    try:
        calendar = _read(brands, now)
        report = _imported(engine, calendar, brands, now)
        log.info(report.words())
        _refuse_if_shrunken(engine, calendar, report, now, run_id)
    except (AirflowFailException, Refused) as refusal:
        calendar_trouble.tell(engine, brands, str(refusal))
        raise
    done = schedule(engine, _planned(report, brands), now=now, by=run_id, kept=report.kept)
    _record(engine, report, now, run_id)
    news = [_news(brand, report, changed=_changed(done, brand)) for brand in brands]
    news.append({**_news(None, report, beside=_about_targets()), "ready": report.rows_ready})
    context["ti"].xcom_push("news", [{**each, "mended": _mended(engine, each, calendar.sheet)} for each in news])
    to_ask = len(texts_to_ask(engine, brands, now))
    return {"posts": len(report.posts), "to_fix": report.rows_to_fix, "to_ask": to_ask}


def tell_news(news: Iterable[News]) -> None:
    """Say in each channel what is to be corrected, once for each state of the calendar, and how the plan changed."""
    run_id = str(get_current_context()["run_id"])
    with OneByOne() as tellings:
        with tellings.next():
            calendar_trouble.over(doors.warehouse())
        for each in news:
            with tellings.next():
                _tell(each, run_id)


def _read(brands: list[Brand], now: datetime) -> "Calendar":
    from include.editorial.calendar import read_calendar
    from include.editorial.corrected import ROW
    from include.editorial.importing import PROBLEM

    with doors.needed():
        source = doors.plan()
        calendar = read_calendar(source.path, brands, now=now, content=source.content)
    if calendar.sheet and {ROW, PROBLEM} <= set(calendar.sheet.columns):
        raise AirflowFailException(
            f"{calendar.file} is a list of rows to fix, not the whole plan, and taking it for the plan would cancel all"
            " that it lacks. Put its rows back into the calendar by their number."
        )
    return calendar


def _imported(engine: "Engine", calendar: "Calendar", brands: list[Brand], now: datetime) -> "ImportReport":
    from include.editorial.importing import import_calendar
    from include.publishing.plan import known

    validation, notes = validating.validation(engine, calendar, brands, now)
    booked = validating.bookings(engine, calendar, now)
    report = import_calendar(calendar, brands, validation, now=now, known=known(engine), booked=booked)
    return replace(report, remarks=(*report.remarks, *notes))


def _refuse_if_shrunken(engine: "Engine", calendar: "Calendar", report: "ImportReport", now: datetime, by: str) -> None:
    """A file that lacks most of the plan is taken only where an earlier import has found the same."""
    from include.publishing.shrinking import MEANT_AFTER, shrunken
    from include.warehouse.calendar_imports import Result, record, said_since

    named = {post.post_id for post in report.posts} | {*report.kept} | calendar.called_off
    loss = shrunken(engine, named, now=now)
    if loss is None:
        return
    words = loss.words(report.file)
    since = said_since(engine, words)
    if since is not None and now - since >= MEANT_AFTER:
        log.warning("%s It has said so since %s, so it is taken.", words, since)
        return
    record(engine, Result(report.file, 0, 0, 0, words), at=now, by=by)
    raise AirflowFailException(words)


def _planned(report: "ImportReport", brands: Iterable[Brand]) -> "list[PlannedPost]":
    from include.publishing.plan import PlannedPost

    of_account = {account.key: brand for brand in brands for account in brand.accounts}
    return [
        PlannedPost(
            post,
            brand=of_account[post.account].key,
            source=report.sources[post.post_id],
            needs_approval=of_account[post.account].needs_approval,
        )
        for post in report.posts
    ]


def _record(engine: "Engine", report: "ImportReport", now: datetime, by: str) -> None:
    from include.warehouse.calendar_imports import Finding, Result, record

    findings = [Finding(fix.row, fix.network, fix.sentence) for fix in report.fixes]
    findings += [Finding(note.row, "", note.words, is_error=False) for note in (*report.warnings, *report.remarks)]
    figures = (report.file, report.rows_ready, report.rows_to_fix, len(report.posts))
    record(engine, Result(*figures, report.words(), tuple(findings)), at=now, by=by)


_BECAME = {
    "planned": "new",
    "edited": "with another text",
    "moved": "moved to another time",
    "cancelled": "called off",
    "untouched": "changed too late: out already or on the way, and left as it was",
}


def _changed(done: "Scheduled", brand: Brand) -> str:
    """What became of a brand's plan: `12 posts new · 2 posts moved to another time`; empty when nothing did."""
    from include.messages.numbers import counted

    accounts = {account.key for account in brand.accounts}
    counts = {name: sum(_account_of(post_id) in accounts for post_id in getattr(done, name)) for name in _BECAME}
    return " · ".join(f"{counted(count, 'post')} {_BECAME[name]}" for name, count in counts.items() if count)


def _account_of(post_id: str) -> str:
    return post_id.rpartition(":")[2]


def _about_targets() -> list[str]:
    """What is wrong in targets.csv: the digests do without it meanwhile, so it is only mentioned."""
    from include.desk.problems import DeskProblems

    try:
        doors.targets()
    except DeskProblems as problems:
        return [str(problem) for problem in problems.problems]
    return []


def _news(brand: Brand | None, report: "ImportReport", *, changed: str = "", beside: Iterable[str] = ()) -> News:
    """What is to be said about a part of the calendar, in a form that passes from task to task."""
    part, is_whole = report.of(brand), brand is None or set(report.brands.values()) <= {brand.key}
    warnings = [(note.row, note.words) for note in part.warnings]
    warnings += [
        (row, "its time is over, so it is not planned; give it a new one if it is to go out.") for row in part.past
    ]
    warnings += [(0, words) for words in beside]
    if brand:
        warnings += _of_the_file(report, brand, len(part.kept))
    to_fix = [(fix.row, f"{fix.network}: {fix.sentence}".lstrip(": ")) for fix in part.fixes]
    subject = brand.title if brand else "calendar"
    # A warning may stand for good; the number of rows, which changes daily, is put right in the same message.
    digest = hashlib.sha256(json.dumps([subject, to_fix, warnings]).encode()).hexdigest()[:16]
    return {
        "key": f"calendar:{subject}:{digest}",
        "channel": brand.channel if brand else doors.settings().ops_channel,
        "subject": subject,
        "brand": brand.key if brand else "",
        "file": report.file,
        "ready": part.rows_ready,
        "to_fix": to_fix,
        "warnings": warnings,
        "remarks": [note.words for note in part.remarks],
        "changed": changed,
        "is_whole": is_whole,
        "fixes": [astuple(fix) for fix in (report.fixes if is_whole else part.fixes) if part.fixes],
    }


def _of_the_file(report: "ImportReport", brand: Brand, kept: int) -> list[tuple[int, str]]:
    """What is wrong with the file itself, or with rows of no known brand, as far as it concerns a brand."""
    nobodys = report.of(None)
    rows = sorted({fix.row for fix in nobodys.fixes if fix.row})
    concerned = brand.key in report.brands.values()
    found = [(note.row, note.words) for note in nobodys.warnings if concerned and note.row <= 1]
    return [*found, (0, _kept_back(kept, rows))] if kept and rows else found


def _kept_back(posts: int, rows: list[int]) -> str:
    """Why posts stay in the plan that no row names: it may be one whose brand cannot be told."""
    from include.messages.numbers import counted

    named, them = ", ".join(map(str, rows)), "it" if len(rows) == 1 else "them"
    which = f"row {named} names" if len(rows) == 1 else f"rows {named} name"
    return (
        f"{counted(posts, 'post')} of an earlier import may be these, and stay planned as they were: {which} no brand"
        f" of the desk. Write the brand into {them}, or take {them} out."
    )


def _tell(news: News, run_id: str) -> None:
    """One message for each state that has something to correct or to look at; how the plan changed is said in its
    thread, or as a message where all is right."""
    from include.messages.calendar_report import calendar_changes, calendar_report

    subject, channel, changed = f"calendar:{news['subject']}", news["channel"], news["changed"]
    if news["to_fix"] or news["warnings"]:
        thread = _tell_state(news)
        if changed:
            doors.tell(f"{subject}:{run_id}", channel, calendar_changes(changed), thread=thread)
    elif changed:
        message = calendar_report(news["file"], ready=news["ready"], remarks=news["remarks"], changed=changed)
        doors.tell(f"{subject}:{run_id}", channel, message)


def _tell_state(news: News) -> MessageRef | None:
    """What is to be corrected, in one message; all of it and the corrected file in its thread."""
    from include.alerts.telling import where_told
    from include.messages.calendar_report import RowNote, calendar_details, calendar_report, corrected_file

    key, channel = news["key"], news["channel"]
    to_fix = [RowNote(*note) for note in news["to_fix"]]
    warnings = [RowNote(*note) for note in news["warnings"]]
    about = {"ready": news["ready"], "remarks": news["remarks"], "has_file": _can_mend(news)}
    doors.tell(key, channel, calendar_report(news["file"], to_fix=to_fix, warnings=warnings, **about))
    thread = where_told(doors.warehouse(), key)
    for number, page in enumerate(calendar_details(to_fix, warnings), start=1):
        doors.tell(f"{key}:{number}", channel, page, thread=thread)
    # Sent once for each state: a file in Slack is not changed, and its rows that are right may change daily.
    if news["mended"] and where_told(doors.warehouse(), f"{key}:file") is None:
        name, content = news["mended"]
        copy = corrected_file(name, content.encode(), is_whole=news["is_whole"])
        doors.tell(f"{key}:file", channel, copy, thread=thread)
    return thread


def _can_mend(news: News) -> bool:
    """Whether the file is one that can be given back with its problems beside its rows."""
    return any(row for row, *_ in news["fixes"]) and news["file"].lower().endswith((".csv", ".xlsx"))


def _mended(engine: "Engine", news: News, sheet: "Sheet | None") -> tuple[str, str] | None:
    """The calendar as it was read, with its problems beside its rows: name and content; None where there are none, or
    where this state of it was given back before."""
    from include.alerts.telling import where_told
    from include.editorial import corrected
    from include.editorial.report import Fix

    if sheet is None or not _can_mend(news) or where_told(engine, f"{news['key']}:file") is not None:
        return None
    fixes = [Fix(*fix) for fix in news["fixes"]]
    stem, delimiter = news["file"].rpartition(".")[0], sheet.delimiter or ","
    if news["is_whole"]:
        return f"{stem}-to-fix.csv", corrected.whole(sheet, fixes, delimiter=delimiter).decode()
    rows = {fix.row for fix in fixes}
    content = corrected.part(sheet, fixes, rows, delimiter=delimiter).decode()
    return f"{stem}-{news['brand']}-to-fix.csv", content
