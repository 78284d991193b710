"""A month again, from the table: every tick looked at as `watch_comments` would have, episode by episode.

    python -m include.listening.replay                               the last 28 days
    python -m include.listening.replay --first 2026-10-27 --last 2026-11-24 --brand mekong
    python -m include.listening.replay --json                        a line of JSON for each episode

Each episode is set beside what was noted at the time: `same`, `new` (nobody noted it then) or `other`; what was noted
and is not found again is listed too. They differ where comments came later than the run that should have seen them,
were judged by another model since, or where silences.yml was another. Nothing is written and nobody is told. The
warehouse is that of DESK_WAREHOUSE_URL, the brands are those of DESK_DIR.
"""

import json
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, select

from include.comments.episodes import Event, News
from include.desk.brands import read_brands
from include.desk.problems import DeskProblems
from include.desk.silences import Silence, read_silences
from include.listening.series import BEHIND, series
from include.listening.ticks import BrandWatch, Seen, subject_key, ticks
from include.settings import Settings
from include.warehouse.engine import WrongWarehouse, connect
from include.warehouse.tables import comment_read, spike

NOTED = timedelta(hours=1)
"""So far an episode's beginning may lie from the one that was noted for both to be the same."""


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode as it is found; `closed_at` is None where it is not over at the end. The figures are its height's."""

    subject: str
    opened_at: datetime
    closed_at: datetime | None
    severity: str
    negatives: int
    usual: float
    z: float
    noted: str = ""


def replay(
    engine: Engine,
    accounts: Mapping[str, Collection[str]],
    silences: Sequence[Silence],
    first: datetime,
    last: datetime,
) -> list[Episode]:
    """The episodes of every brand's accounts whose first tick lies between the two, in the order of time."""
    found: list[Episode] = []
    for brand, of_brand in accounts.items():
        with engine.connect() as connection:
            heard = series(connection, of_brand, first - BEHIND, last)
        watched = BrandWatch(brand, heard, {}, [each for each in silences if each.brand == brand])
        found += _episodes(watched.tick(at) for at in ticks(first - timedelta(minutes=1), last))
    return sorted(found, key=lambda each: (each.opened_at, each.subject))


def _episodes(seen: Iterator[Seen]) -> list[Episode]:
    """Each episode as it last stood."""
    found: dict[tuple[str, float], Episode] = {}
    for each in seen:
        for event, _ in each.events:
            found[subject_key(event.episode.subject), event.episode.opened] = _as_it_stands(event)
    return list(found.values())


def _as_it_stands(event: Event) -> Episode:
    episode, worst = event.episode, event.episode.worst
    return Episode(
        subject=subject_key(episode.subject),
        opened_at=_moment(episode.opened),
        closed_at=_moment(event.at) if event.news is News.CLOSED else None,
        severity=episode.severity,
        negatives=worst.negatives,
        usual=worst.usual,
        z=worst.z,
    )


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def compared(engine: Engine, found: Sequence[Episode], first: datetime, last: datetime) -> list[Episode]:
    """The episodes with what was noted at the time, and those that were noted and are not found again."""
    which = (spike.c.verdict == "spike", spike.c.opened_at >= first, spike.c.opened_at <= last)
    with engine.connect() as connection:
        noted = list(connection.execute(select(spike).where(*which).order_by(spike.c.opened_at)))
    told = []
    for episode in found:
        match = next((row for row in noted if _is_same(episode, row)), None)
        if match is not None:
            noted.remove(match)
        exact = match is not None and (match.opened_at, match.severity) == (episode.opened_at, episode.severity)
        told.append(replace(episode, noted="same" if exact else "other" if match else "new"))
    return told + [
        Episode(row.subject, row.opened_at, row.closed_at, row.severity, row.negatives, row.usual, row.z, "not found")
        for row in noted
    ]


def _is_same(episode: Episode, row: object) -> bool:
    opened: datetime = row.opened_at  # type: ignore[attr-defined]
    subject: str = row.subject  # type: ignore[attr-defined]
    return subject == episode.subject and abs(opened - episode.opened_at) <= NOTED


def main(arguments: Sequence[str]) -> int:
    """Replay, and print; 2 where the desk cannot be read."""
    asked = _parser().parse_args(arguments)
    settings = Settings.from_environment()
    try:
        brands = [brand for brand in read_brands(settings.desk_dir / "brands.yml") if asked.brand in ("all", brand.key)]
        silences = read_silences(settings.desk_dir / "silences.yml", brands)
        engine = connect(settings.warehouse_url)
    except (DeskProblems, WrongWarehouse) as wrong:
        print(wrong, file=sys.stderr)
        return 2
    if not brands:
        print(f"No such brand: {asked.brand}.", file=sys.stderr)
        return 2
    with engine.connect() as connection:
        known = set(connection.scalars(select(comment_read.c.account)))
    accounts = {brand.key: [each.key for each in brand.accounts if each.key in known] for brand in brands}
    found = replay(engine, accounts, silences, asked.first, asked.last)
    for line in _lines(compared(engine, found, asked.first, asked.last), asked):
        print(line)
    return 0


def _lines(episodes: Sequence[Episode], asked: Namespace) -> Iterator[str]:
    for each in episodes:
        if asked.json:
            yield json.dumps(asdict(each), default=str, ensure_ascii=False)
            continue
        until = f"{each.closed_at:%d %b %H:%M}" if each.closed_at else "now"
        figures = f"{each.negatives} negative, usual {each.usual:.1f}, z {each.z:.1f}"
        yield f"{each.opened_at:%d %b %H:%M}–{until} UTC  {each.severity:8} {each.subject}: {figures} ({each.noted})"
    if not episodes and not asked.json:
        yield "No episode in that time."


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="python -m include.listening.replay", description=__doc__, formatter_class=RawDescriptionHelpFormatter
    )
    now = datetime.now(UTC)
    parser.add_argument("--first", type=_day, default=now - timedelta(days=28), help="a day, UTC")
    parser.add_argument("--last", type=_day, default=now, help="a day, UTC, not included")
    parser.add_argument("--brand", default="all", help="a brand's key")
    parser.add_argument("--json", action="store_true", help="a line of JSON for each episode")
    return parser


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
