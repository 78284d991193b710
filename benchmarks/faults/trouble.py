"""What goes wrong, and how often. All of it is drawn from one seed; when it hits whom depends on the machine too."""

import random
from collections import Counter
from contextlib import suppress
from typing import Any

from sqlalchemy import text

from benchmarks.faults.desk import Desk
from benchmarks.faults.workers import Workers

FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "drop_before", "probability": 0.04},
    {"kind": "drop_after", "probability": 0.04},
    {"kind": "status", "status": 500, "probability": 0.03},
    {"kind": "status", "status": 502, "commit": True, "probability": 0.03},
    {"kind": "status", "status": 429, "retry_after": 1.0, "probability": 0.02},
    {"kind": "status", "status": 429, "retry_after": 0.0, "probability": 0.02},
    {"kind": "malformed", "probability": 0.03},
    {"kind": "slow_body", "seconds": 0.5, "probability": 0.01},
    {"kind": "delay", "seconds": 0.5, "probability": 0.02},
)
KILLS = 0.05
CUTS = 0.25
REFUSED_TOKENS = 0.05
REFUSED_REQUESTS = 4

CUT = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE application_name = 'social-desk' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1"
)


class Trouble:
    """Strikes at every tick, each kind with its own chance."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk, self.seed, self.draw = desk, seed, random.Random(f"trouble {seed}")
        self.cut, self.refused = 0, 0

    def arm(self) -> None:
        """Let the sandbox get every kind of request wrong now and then."""
        for number, fault in enumerate(FAULTS):
            for platform in sorted({account.platform for account in self.desk.accounts}):
                self.desk.sandbox("faults", "POST", **fault, platform=platform, seed=self.seed * 100 + number)

    def strike(self, workers: Workers) -> None:
        if self.draw.random() < KILLS:
            workers.kill_one(self.draw)
        if self.draw.random() < CUTS:
            self._cut_a_connection()
        if self.draw.random() < REFUSED_TOKENS:
            self._refuse_a_token()

    def _cut_a_connection(self) -> None:
        with suppress(Exception), self.desk.engine.connect() as connection:
            self.cut += len(connection.execute(CUT).all())

    def _refuse_a_token(self) -> None:
        account, seed = self.draw.choice(self.desk.accounts), self.draw.randrange(10**6)
        about = {"platform": account.platform, "account": account.name, "times": REFUSED_REQUESTS, "seed": seed}
        self.desk.sandbox("faults", "POST", kind="status", status=401, **about)
        self.refused += 1

    def told(self, killed: int) -> str:
        """What went wrong, in numbers."""
        hits: Counter[str] = Counter()
        for fault in self.desk.sandbox("faults")["faults"]:
            name = fault["kind"] if fault["kind"] != "status" else f"HTTP {fault['status']}"
            hits[name + (" after it was done" if fault["commit"] else "")] += fault["hits"]
        requests = self.desk.sandbox("requests")["total"]
        faults = ", ".join(f"{count} {name}" for name, count in sorted(hits.items()))
        return (
            f"{requests} requests, {sum(hits.values())} of them faulty ({faults});"
            f" {killed} processes killed, {self.cut} database connections cut"
        )
