"""Replay scored comments and tell the spikes, as the desk would have.

    python -m include.comments.spikes comments.jsonl
    python -m include.comments.score < comments.jsonl | python -m include.comments.spikes --table
    python -m include.comments.spikes --every 60 --sensitivity strict --only brand < comments.jsonl

Reads one JSON object a line (include/comments/heard.py tells its fields), looks at every tick as `watch_comments`
does, every ten minutes of the clock unless `--every` says otherwise, and writes one JSON object for each episode, by
the time it opened. At each tick only what was written by then counts. The baseline's sums are on hourly steps whatever
the ticks; the window slides with the tick. History begins with an account's first comment, or with `--since`.

    kind        account, post or brand; a brand's `members` are its accounts and posts in the order they joined
    opened, last, closed     the first and the last spike; when 24 hours of quiet were over, null if they are not yet
    severity    the worst of it: notice, high, critical; `escalated` is how often it got worse
    negatives, scored, share, usual, usual_share, z, share_p, surprise     at its worst tick (highest z);
                `share_p` is the binomial share test
    learning    it opened before the account had 14 days of history

Ends with 0, with 1 if a line could not be read (they are told on standard error), with 2 if nothing could be.
"""

import sys
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from include.comments.answer import as_line, as_table
from include.comments.episodes import Episode, Event, News, Subject, replay
from include.comments.heard import File, Heard, read
from include.comments.spikes import BALANCED, SENSITIVE, STRICT, Looks, Sensitivity, looks

SENSITIVITIES = {"sensitive": SENSITIVE, "balanced": BALANCED, "strict": STRICT}
_TOLD = 20


def main(arguments: Sequence[str]) -> int:
    asked = _parser().parse_args(arguments)
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    file = File()
    with asked.file.open(encoding="utf-8", errors="replace") if asked.file else nullcontext(_stdin()) as lines:
        _tell(read(lines, asked.threshold, file))
    if file.unreadable > _TOLD:
        print(f"In all {file.unreadable} of {file.lines} lines are left out.", file=sys.stderr)
    if file.without_offset:
        print(f"{file.without_offset} times have no offset from UTC and are taken as UTC.", file=sys.stderr)
    if not file.accounts:
        print("There is no comment that could be read: nothing to replay.", file=sys.stderr)
        return 2 if file.lines else 0
    found = [*episodes(file, asked.every * 60.0, SENSITIVITIES[asked.sensitivity], asked.since)]
    found = [each for each in found if each[0].subject.kind in asked.only]
    if asked.table:
        print(as_table(found))
    else:
        for episode, escalated in found:
            print(as_line(episode, escalated))
    return int(file.unreadable > 0)


def _stdin() -> Iterable[str]:
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    return sys.stdin


def _tell(sentences: Iterator[str]) -> None:
    for sentence in islice(sentences, _TOLD):
        print(sentence, file=sys.stderr)
    for _ in sentences:
        pass


def episodes(
    file: File, every: float = 600.0, sensitivity: Sensitivity = BALANCED, since: float | None = None
) -> list[tuple[Episode, int]]:
    """Each episode as it stood at the end, and how often it escalated, by the time it opened."""
    until = max(float(np.max(heard.times)) for heard in file.accounts.values())
    last = np.ceil(until / every) * every
    by_brand: dict[str, dict[str, Heard]] = {}
    for account, heard in file.accounts.items():
        by_brand.setdefault(heard.brand or f"\0{account}", {})[account] = heard
    found: list[tuple[Episode, int]] = []
    for together in by_brand.values():  # brands have nothing to do with each other: one after the other takes less room
        seen: dict[Subject, Looks] = {}
        for account, heard in together.items():
            seen |= _looks(account, heard, every, last, sensitivity, since)
        found += _gathered(replay(seen, last))
    return sorted(found, key=lambda each: (each[0].opened, each[0].subject))


def _looks(
    account: str, heard: Heard, every: float, last: float, sensitivity: Sensitivity, since: float | None
) -> Iterator[tuple[Subject, Looks]]:
    """An account's looks, and those of its posts."""
    times, negative, scored, post = heard.columns()
    began = float(times[0]) if since is None else since

    def all_looks(chosen: NDArray[np.bool_] | slice, since: float, sensitivity: Sensitivity) -> Looks:
        ticks = np.arange(np.ceil(since / every), last / every + 0.5) * every
        return looks(times[chosen], negative[chosen], scored[chosen], ticks, sensitivity, since=since)

    yield Subject(heard.brand, account), all_looks(slice(None), began, sensitivity)
    for name, number in heard.posts.items():
        chosen = post == number
        if np.count_nonzero(negative[chosen]) >= sensitivity.least:
            yield (
                Subject(heard.brand, account, name),
                all_looks(chosen, float(times[chosen][0]), sensitivity.of_a_post()),
            )


def _gathered(events: Iterable[Event]) -> Iterator[tuple[Episode, int]]:
    """Each episode as it was last seen."""
    going: dict[Subject, tuple[Episode, int]] = {}
    for event in events:
        subject = event.episode.subject
        if event.news is News.CLOSED:
            yield event.episode, going.pop(subject)[1]
            continue
        escalated = going[subject][1] if subject in going else 0
        going[subject] = event.episode, escalated + (event.news is News.ESCALATED)
    yield from going.values()


def _file(text: str) -> Path:
    if not Path(text).is_file():
        raise ArgumentTypeError(f"there is no file {text}.")
    return Path(text)


def _moment(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f'"{text}" is no time; write it like 2026-11-24T13:10:00Z.') from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _minutes(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 24 * 60:
        raise ArgumentTypeError(f'"{text}" is not a number of minutes from 1 to 1440.')
    return int(text)


def _chance(text: str) -> float:
    try:
        chance = float(text)
    except ValueError:
        chance = -1.0
    if not 0 <= chance <= 1:
        raise ArgumentTypeError(f'"{text}" is not a number from 0 to 1.')
    return chance


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="python -m include.comments.spikes", description=__doc__, formatter_class=RawDescriptionHelpFormatter
    )
    parser.add_argument("file", nargs="?", type=_file, help="JSON lines; else standard input")
    parser.add_argument("--every", type=_minutes, default=10, metavar="MINUTES", help="between two ticks (10)")
    parser.add_argument("--sensitivity", choices=SENSITIVITIES, default="balanced")
    parser.add_argument("--threshold", type=_chance, default=0.5, metavar="P", help="p_negative that is negative (0.5)")
    parser.add_argument("--since", type=_moment, metavar="TIME", help="when listening began, for all accounts")
    kinds = ("account", "post", "brand")
    parser.add_argument("--only", nargs="+", choices=kinds, default=kinds, help="which kinds of episodes to write")
    parser.add_argument("--table", action="store_true", help="for people")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
