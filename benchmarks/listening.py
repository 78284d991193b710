"""How long one run of `watch_comments` takes for a whole agency: 1,000 accounts, 100 new comments a minute.

Ten minutes' worth of new comments is asked for over HTTP, account by account, from a server that takes a tenth of a
second for each answer; kept, scored with the model that ships, and looked at for spikes. What was said in the 28 days
before (200 comments an account) is in the table already. Left out: Airflow's own time, about a second for each of the
eight batches, two of which run at once, and Slack's.
"""

import json
import random
import threading
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

from sqlalchemy import Engine

from benchmarks.measurement import Measurement, seconds
from benchmarks.warehouse import empty_warehouse
from include.comments.scorers import default
from include.domain import Comment
from include.listening import ledger
from include.listening.batch import listen
from include.listening.scoring import judge
from include.listening.spikes import watch
from include.listening.store import store

ACCOUNTS, NEW, EARLIER = 1_000, 1_000, 200
ANSWER_S = 0.1
BATCH = 125
NAME = "listening, 1,000 accounts"
WORDS = ("Bellissimo!", "Pessimo servizio, mai più", "ແຊບຫຼາຍ", "ສົ່ງຊ້າຫຼາຍ", "When do you open?", "อร่อยมาก", "😡😡")


def measure(size: float = 1.0) -> list[Measurement]:
    accounts = [f"facebook_{n}" for n in range(max(round(ACCOUNTS * size), 4))]
    now = datetime.now(UTC)
    default().score(["warm"])
    with empty_warehouse() as engine, _server(accounts, max(round(NEW * size), 4), now) as url:
        _earlier(engine, accounts, now)
        heard = seconds(lambda: _hear(engine, accounts, url, now))
        judged = seconds(lambda: judge(engine, default()))
        looked = seconds(lambda: watch(engine, {name: [name] for name in accounts}, (), now))
    return [
        Measurement(f"{NAME}: hearing", heard, "s"),
        Measurement(f"{NAME}: scoring", judged, "s"),
        Measurement(f"{NAME}: looking for spikes", looked, "s"),
        Measurement(f"{NAME}: the whole run", heard + judged + looked, "s", goal=50),
    ]


def _hear(engine: Engine, accounts: Collection[str], url: str, now: datetime) -> None:
    """Batch after batch, as two slots of the pool would at worst."""
    everyone = sorted(accounts)
    for at in range(0, len(everyone), BATCH):
        part = everyone[at : at + BATCH]
        listen(engine, part, lambda account: _Source(account, url), now=now, salt=b"s", keep_from=now - timedelta(90))


@dataclass(frozen=True)
class _Source:
    """An account's comments, as a hook would ask for them."""

    account: str
    url: str

    def comments(self, since: datetime) -> Iterator[Comment]:
        with urlopen(f"{self.url}?account={self.account}") as answer:
            for each in json.load(answer):
                at = datetime.fromisoformat(each["at"])
                yield Comment(self.account, each["id"], "p1", at, each["text"], author=each["from"])

    def gone(self, comment_ids: Collection[str]) -> set[str]:
        return set()


def _earlier(engine: Engine, accounts: Collection[str], now: datetime) -> None:
    """What was said before, judged already."""
    chance = random.Random(7)
    spoken = (
        Comment(account, f"e{n}", f"p{n // 20}", now - timedelta(days=28 * chance.random(), hours=1), f"{n} good")
        for account in accounts
        for n in range(EARLIER)
    )
    with engine.begin() as connection:
        store(connection, spoken, salt=b"s", keep_from=now - timedelta(days=90))
    with engine.begin() as connection:
        bad = "CASE WHEN random() < 0.1 THEN 'negative' ELSE 'positive' END"
        connection.exec_driver_sql(f"UPDATE desk.comment SET scored = true, judged_hash = md5(text), label = {bad}")
        last = {"heard_from": now - timedelta(days=35), "heard_through": now - timedelta(minutes=10)}
        last |= {"gone_read_at": now - timedelta(hours=1), "read_at": last["heard_through"]}
        ledger.note(connection, [{"account": account, **last} for account in accounts])
        connection.exec_driver_sql("ANALYZE")


class _server:  # noqa: N801 - used like a function
    """The network: each account's new comments as JSON, a tenth of a second after they were asked for."""

    def __init__(self, accounts: Collection[str], new: int, now: datetime) -> None:
        chance = random.Random(11)
        said: dict[str, list[dict[str, str]]] = {account: [] for account in accounts}
        for n in range(new):
            at = now - timedelta(seconds=600 * chance.random())
            words = f"{chance.choice(WORDS)} {n}"
            account = chance.choice(sorted(said))
            said[account].append({"id": f"n{n}", "at": at.isoformat(), "text": words, "from": f"u{n % 300}"})

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                time.sleep(ANSWER_S)
                (account,) = parse_qs(urlsplit(self.path).query)["account"]
                body = json.dumps(said[account]).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True

    def __enter__(self) -> str:
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.http.server_port}/"

    def __exit__(self, *ended: object) -> None:
        self.http.shutdown()
        self.http.server_close()
