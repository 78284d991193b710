"""The comments that wait for a word of ours: questions and negative ones without a reply, with their age.

    python -m include.listening.unanswered [--brand KEY] [--days 14]        what waits, the oldest first
    python -m include.listening.unanswered --close ACCOUNT COMMENT --by NAME   it needs no answer, or has one elsewhere

A comment counts as answered once we reply to it, or later in its thread (many networks keep threads flat, so that a
reply names the first comment). Hidden and deleted ones do not wait. The warehouse is that of DESK_WAREHOUSE_URL, the
brands are those of DESK_DIR. The same list stands in each brand's channel once a day.
"""

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from sqlalchemy import ColumnElement, Engine, and_, exists, false, func, or_, select

from include.desk.brands import read_brands
from include.desk.problems import DeskProblems
from include.domain.accounts import Brand, network_title
from include.domain.messages import Message
from include.listening import attending
from include.messages.numbers import counted, lasting
from include.messages.slack_text import bold, context, escape, fitted, link, quoted, sections, shorten
from include.settings import Settings
from include.warehouse.engine import WrongWarehouse, connect
from include.warehouse.tables import comment, comment_case

LOOKS_BACK = timedelta(days=14)
MOST_SHOWN = 15

_c, _k = comment.c, comment_case.c


@dataclass(frozen=True, slots=True)
class Waiting:
    """A comment that nobody of ours has answered. Times are aware UTC."""

    account: str
    comment_id: str
    created_at: datetime
    text: str
    url: str
    is_question: bool
    is_negative: bool
    assigned_to: str | None
    taken_by: str | None


def waiting(engine: Engine, accounts: Collection[str], *, since: datetime) -> list[Waiting]:
    """What waits under the posts of these accounts, the oldest first."""
    is_question = func.coalesce(_k.is_question, false())
    is_negative = func.coalesce(_c.label == "negative", false())
    columns = (_c.account, _c.comment_id, _c.created_at, _c.text, _c.url)
    found = (is_question.label("is_question"), is_negative.label("is_negative"), _k.assigned_to, _k.taken_by)
    of_it = and_(_k.account == _c.account, _k.comment_id == _c.comment_id)
    query = select(*columns, *found).outerjoin(comment_case, of_it)
    counts = (_c.account.in_(accounts), _c.created_at > since, ~_c.ours, ~_c.hidden, _c.gone_at.is_(None))
    open_ones = (or_(is_question, is_negative, _k.assigned_to.is_not(None)), _k.closed_at.is_(None))
    query = query.where(*counts, *open_ones, _c.text.is_not(None), ~_is_answered())
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(_c.created_at, _c.comment_id))
        return [Waiting(**row._mapping) for row in rows]


def _is_answered() -> ColumnElement[bool]:
    reply = comment.alias()
    later = and_(reply.c.parent_id == _c.parent_id, reply.c.created_at > _c.created_at)
    ours = (reply.c.account == _c.account, reply.c.ours, reply.c.gone_at.is_(None))
    return exists().where(*ours, or_(reply.c.parent_id == _c.comment_id, later)).correlate(comment)


def daily_list(brand: Brand, found: Sequence[Waiting], *, titles: Mapping[str, str], now: datetime) -> Message:
    """What waits, for the brand's channel; its people see how old each is. `titles` are the networks', by account."""
    oldest = lasting(now - found[0].created_at)
    waits = f"{counted(len(found), 'comment')} {'waits' if len(found) == 1 else 'wait'} for an answer"
    headline = f"{shorten(brand.title, 30)}: {waits}, the oldest for {oldest}"
    lines = [_line(each, brand, titles, now) for each in islice(found, MOST_SHOWN)]
    if len(found) > MOST_SHOWN:
        command = f"python -m include.listening.unanswered --brand {brand.key}"
        lines.append(escape(f"… and {len(found) - MOST_SHOWN} more: {command}"))
    todo = f"{bold('Do:')} answer them there; what needs no answer is closed by the command below"
    small = "python -m include.listening.unanswered --close ACCOUNT COMMENT --by NAME"
    blocks = (*sections([f"💬 {bold(escape(headline))}", *lines, todo]), context(escape(small)))
    return fitted(Message(f"💬 {escape(headline)}", blocks))


def _line(each: Waiting, brand: Brand, titles: Mapping[str, str], now: datetime) -> str:
    why = " · ".join(name for name, is_so in (("asks", each.is_question), ("negative", each.is_negative)) if is_so)
    who = f" · for {each.assigned_to}" if each.assigned_to else ""
    who = f" · {each.taken_by} sees to it" if each.taken_by else who
    where = link(each.url, titles.get(each.account, each.account))
    about = escape(f"{lasting(now - each.created_at)} · {why}{who}".rstrip(" ·"))
    return f"• {about} · {where} {quoted(each.text, 140)}"


def main(arguments: Sequence[str]) -> int:
    """List or close; 1 where there is no such comment, 2 where the desk's files or its warehouse are no use."""
    asked = _parser().parse_args(arguments)
    settings, now = Settings.from_environment(), datetime.now(UTC)
    try:
        engine, brands = connect(settings.warehouse_url), read_brands(settings.desk_dir / "brands.yml")
    except (WrongWarehouse, DeskProblems) as wrong:
        print(wrong, file=sys.stderr)
        return 2
    if asked.close:
        return _close(engine, brands, asked, now)
    chosen = [brand for brand in brands if asked.brand in (None, brand.key)]
    if not chosen:
        print(f"No such brand: {asked.brand}. There are {', '.join(brand.key for brand in brands)}.", file=sys.stderr)
        return 2
    for line in listed(engine, chosen, now=now, looks_back=timedelta(days=asked.days)):
        print(line)
    return 0


def listed(engine: Engine, brands: Sequence[Brand], *, now: datetime, looks_back: timedelta) -> Iterator[str]:
    """A line for each comment that waits, brand by brand."""
    for brand in brands:
        accounts = {account.key: network_title(account.platform) for account in brand.accounts}
        found = waiting(engine, accounts, since=now - looks_back)
        yield f"{brand.title}: {len(found) or 'no'} comment{'s' * (len(found) != 1)} without an answer"
        for each in found:
            why = ", ".join(n for n, is_so in (("asks", each.is_question), ("negative", each.is_negative)) if is_so)
            who = each.taken_by or each.assigned_to or "nobody's yet"
            yield f"  {lasting(now - each.created_at):12} {why:14} {who:12} {each.account} {each.comment_id}"
            yield f"      {printable(each.text)}  {each.url}"


def printable(text: str, most: int = 100) -> str:
    """Somebody's words on one line of a terminal, without what would steer it."""
    return shorten("".join(sign if sign.isprintable() else " " for sign in text), most)


def _close(engine: Engine, brands: Sequence[Brand], asked: Namespace, now: datetime) -> int:
    account, comment_id = asked.close
    brand = next((each.key for each in brands if account in {one.key for one in each.accounts}), "")
    with engine.connect() as connection:
        here = select(_c.comment_id).where(_c.account == account, _c.comment_id == comment_id)
        is_known = connection.execute(here).one_or_none() is not None
    if not brand or not is_known or not asked.by:
        why = "say who closes it: --by NAME." if is_known else f"there is no comment {comment_id} of {account}."
        print(f"Nothing was closed: {why}", file=sys.stderr)
        return 1
    attending.close(engine, account, comment_id, brand, by=asked.by, now=now)
    print(f"{comment_id} of {account} waits no more.")
    return 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="python -m include.listening.unanswered",
        description=__doc__,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--brand", help="a brand's key; else all")
    parser.add_argument(
        "--days",
        type=int,
        choices=range(1, 3651),
        default=LOOKS_BACK.days,
        metavar="N",
        help="how far back to look, 1 to 3650",
    )
    parser.add_argument("--close", nargs=2, metavar=("ACCOUNT", "COMMENT"), help="it needs no answer")
    parser.add_argument("--by", default="", help="who says so; kept")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
