"""Rules of moderation at the command line: try them on the past, see what waits, decide, take back.

    python -m include.listening.moderation --dry-run [--days 28]            what each rule would have caught
    python -m include.listening.moderation --list                           what waits for a decision, or was done
    python -m include.listening.moderation --approve KEY --by NAME          a message's key, or one row's number
    python -m include.listening.moderation --reject KEY --by NAME
    python -m include.listening.moderation --undo KEY --by NAME

The rules are those of moderation.yml in DESK_DIR, the warehouse is that of DESK_WAREHOUSE_URL. A dry run writes nothing
and asks nobody. What is decided here is carried out, and told in Slack, by the next run of `moderate_comments`.
"""

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from include.desk.answers import read_answers
from include.desk.brands import read_brands
from include.desk.moderation import read_moderation
from include.desk.problems import DeskProblems
from include.domain.moderation import Rule
from include.listening import actions
from include.listening.dry_run import Caught, DryRun, dry_run
from include.listening.unanswered import printable
from include.settings import Settings
from include.warehouse.engine import WrongWarehouse, connect

MONTH = 28
LISTED = timedelta(days=7)


def main(arguments: Sequence[str]) -> int:
    """1 where nothing fits what was asked, 2 where the desk's files or its warehouse are no use."""
    asked = _parser().parse_args(arguments)
    settings, now = Settings.from_environment(), datetime.now(UTC)
    try:
        engine = connect(settings.warehouse_url)
        if asked.dry_run:
            return _say(_tried(engine, settings, now, timedelta(days=asked.days)))
    except (WrongWarehouse, DeskProblems) as wrong:
        print(wrong, file=sys.stderr)
        return 2
    if asked.list:
        return _say(_listed(engine, now))
    return _decide(engine, asked, now)


def _say(lines: Iterator[str]) -> int:
    for line in lines:
        print(line)
    return 0


def _tried(engine: Engine, settings: Settings, now: datetime, back: timedelta) -> Iterator[str]:
    brands = read_brands(settings.desk_dir / "brands.yml")
    answers = read_answers(settings.desk_dir / "answers.yml", brands)
    names = {name for _, name, _ in answers.texts}
    rules = read_moderation(settings.desk_dir / "moderation.yml", brands, answers=names)
    tried = dry_run(engine, rules, brands, since=now - back)
    yield from _summary(tried, now - back, now)
    for caught in tried.rules:
        yield from _of_rule(caught)


def _summary(tried: DryRun, first: datetime, last: datetime) -> Iterator[str]:
    what = f"{len(tried.rules)} rule{'s' * (len(tried.rules) != 1)} against {tried.comments:,} comments"
    yield f"{what} from {first:%d %b} to {last:%d %b} UTC. Nothing was done, nobody was asked."
    if tried.unkept:
        yield f"{tried.unkept:,} more are older than DESK_COMMENT_DAYS keeps their words; no rule saw them."


def _of_rule(caught: Caught) -> Iterator[str]:
    yield ""
    yield f"{caught.rule.name}: {caught.count:,} comments, {caught.negative:,} of them negative -> {_what(caught.rule)}"
    if caught.slow:
        yield f"  ! on {caught.slow:,} comments its regex ran out of time and caught nothing; make it simpler"
    for row in reversed(caught.examples):
        yield f"  {row.created_at:%d %b %H:%M} {row.account} “{printable(row.text)}” {row.url}"


def _what(rule: Rule) -> str:
    does = ["hide"] * rule.hide + [f"label {each}" for each in rule.labels]
    does += [f"assign to {rule.assign}"] * bool(rule.assign) + [f"draft {rule.draft}"] * bool(rule.draft)
    asks = f"{', '.join(does)} ({'asked first' if rule.needs_approval else 'unasked'})" if does else ""
    return "; ".join([asks] * bool(asks) + [f"lead: {rule.lead}"] * bool(rule.lead))


def _listed(engine: Engine, now: datetime) -> Iterator[str]:
    found = actions.of_interest(engine, now=now, settled_for=LISTED)
    for key, rows in found.items():
        yield f"{key}  {rows[0].brand}  since {rows[0].proposed_at:%d %b %H:%M} UTC, by the rule {rows[0].rule}"
        for row in rows:
            said = printable(row.text, 60) if row.text else ""
            who = f" by {row.undone_by or row.decided_by}" if row.undone_by or row.decided_by else ""
            yield f"  {row.action_id:6} {row.what:7} {row.state}{who}  {row.account} “{said}” {row.note or ''}"
    if not found:
        yield "Nothing waits, and nothing was done lately."


def _decide(engine: Engine, asked: Namespace, now: datetime) -> int:
    named = asked.approve or asked.reject or asked.undo
    which: str | int = int(named) if named.isdecimal() else named
    if not asked.by.strip():
        print("Say who decides: --by NAME. It is kept.", file=sys.stderr)
        return 1
    if asked.undo:
        count = actions.want_undone(engine, which, by=asked.by, now=now)
    else:
        count = actions.decide(engine, which, is_yes=bool(asked.approve), by=asked.by, now=now)
    if not count:
        print(f"Nothing was changed: {named} does not wait for that. --list says what does.", file=sys.stderr)
        return 1
    print(f"{count} row{'s' * (count != 1)} of {named}; the next run of moderate_comments carries it out.")
    return 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="python -m include.listening.moderation",
        description=__doc__,
        formatter_class=RawDescriptionHelpFormatter,
    )
    one = parser.add_mutually_exclusive_group(required=True)
    one.add_argument("--dry-run", action="store_true", help="hold the rules against the past")
    one.add_argument("--list", action="store_true", help="what waits, and what was done lately")
    for name, words in (("approve", "do it"), ("reject", "leave it"), ("undo", "take it back")):
        one.add_argument(f"--{name}", metavar="KEY", help=words)
    parser.add_argument("--by", default="", help="who decides; kept for good")
    parser.add_argument("--days", type=int, default=MONTH, help="how far back a dry run looks")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
