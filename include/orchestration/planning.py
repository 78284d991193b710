"""The work of `import_calendar`: the calendar's rows become planned posts, or sentences about what to correct.

Planning and telling are two tasks: when Slack is away, the plan stands and its questions are put all the same.
"""

import hashlib
import json
import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context

from include.domain import Brand
from include.orchestration import doors
from include.orchestration.approving import texts_to_ask
from include.orchestration.one_by_one import OneByOne
from platforms import every_platform

if TYPE_CHECKING:
    from include.editorial.importing import ImportReport
    from include.publishing.plan import PlannedPost
    from include.publishing.schedule import Scheduled

log = logging.getLogger(__name__)

News = dict[str, Any]


def plan_calendar() -> dict[str, int]:
    """Import the calendar; gives counts of posts planned, rows to fix and texts that a question is to be put about.

    What there is to say about it is left for `tell_news`, as the task's XCom `news`.
    """
    from include.editorial.calendar import read_calendar
    from include.editorial.importing import import_calendar
    from include.publishing.plan import known as known_posts
    from include.publishing.schedule import schedule

    engine, brands, now = doors.warehouse(), doors.brands(), datetime.now(UTC)
    context, desk = get_current_context(), doors.settings()
    run_id = str(context["run_id"])
    with doors.needed():
        source = doors.plan()
        calendar = read_calendar(source.path, brands, now=now, content=source.content)
    known = known_posts(engine)
    platforms = {name: platform for name, platform in every_platform().items() if platform.publishes}
    checks = {name: platform.problems for name, platform in platforms.items()}
    titles = {name: platform.title for name, platform in platforms.items()}

    report = import_calendar(calendar, brands, checks, now=now, known=known, titles=titles)
    log.info(report.words())
    done = schedule(engine, _planned(report, brands), now=now, by=run_id, kept=report.kept)
    news = []
    for brand in brands:
        of_brand = import_calendar(calendar.of(brand), [brand], checks, now=now, known=known, titles=titles)
        news.append(_news(brand.channel, brand.title, of_brand, changed=_changed(done, brand)))
    nobodys = import_calendar(calendar.of(None), brands, checks, now=now, known=known, titles=titles)
    news.append({**_news(desk.ops_channel, "calendar", nobodys, beside=_about_targets()), "ready": report.rows_ready})
    context["ti"].xcom_push("news", news)
    to_fix, to_ask = len({fix.row for fix in report.fixes}), len(texts_to_ask(engine, brands, now))
    return {"posts": len(report.posts), "to_fix": to_fix, "to_ask": to_ask}


def tell_news(news: Iterable[News]) -> None:
    """Say in each channel what is to be corrected, once for each state of the calendar, and how the plan changed."""
    run_id = str(get_current_context()["run_id"])
    with OneByOne() as tellings:
        for each in news:
            with tellings.next():
                _tell(each, run_id)


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


def _changed(done: "Scheduled", brand: Brand) -> str:
    """What became of a brand's plan: `12 planned, 2 edited`; empty when nothing did."""
    accounts = {account.key for account in brand.accounts}
    counts = {
        word: sum(post_id.rpartition(":")[2] in accounts for post_id in getattr(done, word))
        for word in ("planned", "edited", "moved", "cancelled", "untouched")
    }
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count)


def _about_targets() -> list[str]:
    """What is wrong in targets.csv: the digests do without it meanwhile, so it is only mentioned."""
    from include.desk.problems import DeskProblems

    try:
        doors.targets()
    except DeskProblems as problems:
        return [str(problem) for problem in problems.problems]
    return []


def _news(channel: str, subject: str, report: "ImportReport", *, changed: str = "", beside: Iterable[str] = ()) -> News:
    """What is to be said about a part of the calendar, in a form that passes from task to task."""
    warnings = [(warning.row or 0, warning.brief()) for warning in report.warnings]
    warnings += [
        (row, "its time is over, so it is not planned; give it a new one if it is to go out.") for row in report.past
    ]
    return {
        "channel": channel,
        "subject": subject,
        "file": report.file,
        "ready": report.rows_ready,
        "to_fix": [(fix.row, f"{fix.network}: {fix.sentence}".lstrip(": ")) for fix in report.fixes],
        "warnings": [*warnings, *((0, words) for words in beside)],
        "changed": changed,
    }


def _tell(news: News, run_id: str) -> None:
    """One message for each state that has something to correct or to look at, and one for each change of the plan."""
    from include.messages.notices import RowNote, calendar_report

    to_fix = [RowNote(*note) for note in news["to_fix"]]
    warnings = [RowNote(*note) for note in news["warnings"]]
    key, channel, file, ready = f"calendar:{news['subject']}", news["channel"], news["file"], news["ready"]
    if to_fix or warnings:
        # A warning may stand for good; the number of rows, which changes daily, is put right in the same message.
        about = [news["subject"], news["to_fix"], news["warnings"]]
        digest = hashlib.sha256(json.dumps(about).encode()).hexdigest()[:16]
        doors.tell(f"{key}:{digest}", channel, calendar_report(file, ready=ready, to_fix=to_fix, warnings=warnings))
    if news["changed"] and not to_fix:
        doors.tell(f"{key}:{run_id}", channel, calendar_report(file, ready=ready, changed=news["changed"]))
