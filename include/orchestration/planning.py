"""The work of `import_calendar`: the calendar's rows become planned posts, or sentences about what to correct."""

import hashlib
import json
import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from airflow.sdk import get_current_context

from include.domain import Brand
from include.orchestration import doors
from platforms import every_platform

if TYPE_CHECKING:
    from include.editorial.importing import ImportReport
    from include.publishing.plan import PlannedPost
    from include.publishing.schedule import Scheduled

log = logging.getLogger(__name__)


def plan_calendar() -> dict[str, int]:
    """Import the calendar; gives counts of posts planned, rows to fix and texts that wait for their first question."""
    from include.editorial.calendar import read_calendar
    from include.editorial.importing import import_calendar
    from include.publishing.approval import unasked
    from include.publishing.plan import known as known_posts
    from include.publishing.schedule import schedule

    engine, brands, now = doors.warehouse(), doors.brands(), datetime.now(UTC)
    run_id = str(get_current_context()["run_id"])
    calendar = read_calendar(doors.settings().desk_dir / "calendar.csv", brands)
    known = known_posts(engine)
    platforms = {name: platform for name, platform in every_platform().items() if platform.publishes}
    checks = {name: platform.problems for name, platform in platforms.items()}
    titles = {name: platform.title for name, platform in platforms.items()}

    report = import_calendar(calendar, brands, checks, now=now, known=known, titles=titles)
    log.info(report.words())
    done = schedule(engine, _planned(report, brands), now=now, by=run_id, kept=report.kept)
    for brand in brands:
        of_brand = import_calendar(calendar.of(brand), [brand], checks, now=now, known=known, titles=titles)
        _tell(brand.channel, brand.title, of_brand, _changed(done, brand), run_id)
    nobodys = import_calendar(calendar.of(None), brands, checks, now=now, known=known, titles=titles)
    _tell(doors.settings().ops_channel, "calendar", nobodys, "", run_id)
    to_fix = len({fix.row for fix in report.fixes})
    return {"posts": len(report.posts), "to_fix": to_fix, "to_ask": len(unasked(engine))}


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


def _tell(channel: str, subject: str, report: "ImportReport", changed: str, run_id: str) -> None:
    """One message for each state of the calendar that has something to correct, and for each change of the plan."""
    from include.messages.notices import RowNote, calendar_report

    to_fix = [RowNote(fix.row, f"{fix.network}: {fix.sentence}".lstrip(": ")) for fix in report.fixes]
    warnings = [RowNote(warning.row or 0, warning.brief()) for warning in report.warnings]
    if not to_fix and not changed:
        return
    said = json.dumps([subject, report.rows_ready, [[n.row, n.words] for n in [*to_fix, *warnings]]])
    about = hashlib.sha256(said.encode()).hexdigest()[:16] if to_fix else run_id
    message = calendar_report(
        report.file, ready=report.rows_ready, to_fix=to_fix, warnings=warnings, changed="" if to_fix else changed
    )
    doors.tell(f"calendar:{subject}:{about}", channel, message)
