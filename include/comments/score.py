"""A filter: says of every line whether it is negative.

    echo '"Che schifo, mai più"' | python -m include.comments.score
    python -m include.comments.score < comments.jsonl > scored.jsonl

A line is a JSON string, or an object with `text`. It is written back as an object with `text`, `label`, `p_negative`,
`language` and `scored` beside what it had; a line that is neither, as `{"line": 3, "error": "..."}`, which is told on
standard error too, and the rest goes on. Blank lines are passed over. Ends with 0 if every line could be read, else 1.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from include.comments.scorers import default
from include.domain.comments import Scorer

_TOGETHER = 256


class Unreadable(ValueError):
    """A line that holds no text to score; the message says why."""


def main() -> int:
    for stream in (sys.stdin, sys.stdout):
        stream.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]
    failed = False
    for answer, trouble in answers(sys.stdin, default()):
        print(written(answer))
        if trouble:
            failed = True
            print(trouble, file=sys.stderr)
    return int(failed)


def answers(lines: Iterable[str], scorer: Scorer) -> Iterator[tuple[dict[str, Any], str]]:
    """For each line what to write back, and what is wrong with it (mostly nothing)."""
    numbered = ((number, line) for number, line in enumerate(lines, start=1) if line.strip())
    while several := list(islice(numbered, _TOGETHER)):
        yield from _answered(several, scorer)


def _answered(lines: Sequence[tuple[int, str]], scorer: Scorer) -> Iterator[tuple[dict[str, Any], str]]:
    asked = [_asked(number, line) for number, line in lines]
    verdicts = iter(scorer.score([given["text"] for given, trouble in asked if not trouble]))
    for given, trouble in asked:
        yield given if trouble else given | next(verdicts)._asdict(), trouble


def _asked(number: int, line: str) -> tuple[dict[str, Any], str]:
    try:
        return read(line), ""
    except Unreadable as error:
        return {"line": number, "error": str(error)}, f"Line {number}: {error}"


def read(line: str) -> dict[str, Any]:
    """The object of a line. Raises Unreadable."""
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"this is not JSON ({error}); write a string or an object with `text`.") from None
    if isinstance(given, str):
        return {"text": given}
    if not isinstance(given, dict):
        raise Unreadable(f"this is JSON, but neither a string nor an object: {line.strip()[:40]}")
    if not isinstance(given.get("text"), str):
        raise Unreadable("the object has no `text` that is a string.")
    return given


def written(answer: dict[str, Any]) -> str:
    """One line of JSON; half of a surrogate pair, which UTF-8 cannot carry, as an escape."""
    text = json.dumps(answer, ensure_ascii=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(answer)
    return text


if __name__ == "__main__":
    sys.exit(main())
