"""How many comments a second one core scores, and what the worst comments that people can write cost.

CPU of this process, one thread. The comments are made up here, of a comment's usual length; with the validation rows
beside the checkout (benchmarks/sentiment.py) theirs are taken.
"""

import subprocess
import sys
import time
from collections.abc import Callable

from benchmarks.measurement import Measurement, median, seconds
from benchmarks.sentiment import validation_rows
from include.comments.scorers import default
from include.settings import ROOT

MADE_UP = [
    "Servizio pessimo, ho aspettato due ore e alla fine mi hanno detto che non c'era più niente. Mai più @bottega 😡",
    "I ordered on Monday and it still has not arrived, can somebody please answer my mail? https://example.org/order/7",
    "Me encanta, gracias por todo y hasta la próxima 😍",
    "บริการดีมาก พนักงานน่ารัก อาหารอร่อย แต่รอนานไปหน่อย",
]
WORST = {
    "100 kB of one word": "bad " * 25_000,
    "10,000 emoji": "😡" * 10_000,
    "100,000 NUL bytes": "\0" * 100_000,
    "100 kB right to left": "\u202eسيء " * 20_000,
    "50,000 ligatures of 18 letters": "﷽" * 50_000,
    "100,000 combining accents": "e" + "\u0301" * 100_000,
    "20,000 unfinished links": "http://" * 20_000,
}


def measure(size: float = 1.0) -> list[Measurement]:
    scorer = default()
    texts = [row.text for row in validation_rows() if row.source == "umsab"] or MADE_UP * 700
    texts = texts[: max(round(len(texts) * size), 20)]
    scorer.score(texts[:20])
    runs = max(round(5 * size), 1)
    each = median(lambda: _cpu(lambda: scorer.score(texts)), runs) / len(texts)
    told = [
        Measurement("scoring comments on one core", 1 / each, "comments/s", goal=4_000, at_least=True),
        Measurement("scoring: a filter's start and first line", median(_start, runs) * 1000, "ms", goal=1_000),
    ]
    for name, text in WORST.items():
        cost = median(lambda text=text: _cpu(lambda: scorer.score([text])), runs)  # type: ignore[misc]
        told.append(Measurement(f"scoring {name}", cost * 1000, "ms of CPU", goal=20))
    return told


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _start() -> float:
    command = [sys.executable, "-m", "include.comments.score"]
    return seconds(lambda: subprocess.run(command, cwd=ROOT, input=b'"hello"\n', capture_output=True, check=True))
