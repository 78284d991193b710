"""An ad account of any size behind a socket: pages are made before they are asked for, so that it costs little itself.

    python -m benchmarks.ads_server --campaigns 2000 --days 50 --page 1000

It speaks as much of Meta's Marketing API as one report needs, prints its address, and ends with its standard input.
"""

import argparse
import asyncio
import json
import sys
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

FIRST = date(2026, 1, 1)
ACCOUNT, CURRENCY = "100200300400500", "EUR"


def rows(campaigns: int, days: int) -> list[dict[str, object]]:
    """Fifteen fields a row, all numbers as strings, as Meta writes them."""
    return [
        {
            "account_id": ACCOUNT,
            "account_currency": CURRENCY,
            "campaign_id": str(120200000000000000 + number),
            "campaign_name": f"Campaign {number}",
            "attribution_setting": "7d_click_1d_view",
            "objective": "OUTCOME_SALES",
            "spend": f"{(number * 37 + day * 11) % 9000 / 100:.2f}",
            "impressions": str(1000 + (number * 13 + day * 7) % 50_000),
            "reach": str(800 + (number * 11 + day * 5) % 40_000),
            "clicks": str((number + day) % 700),
            "inline_link_clicks": str((number + day) % 500),
            "frequency": "1.25",
            "cpm": "6.61",
            "date_start": str(FIRST + timedelta(days=day)),
            "date_stop": str(FIRST + timedelta(days=day)),
        }
        for day in range(days)
        for number in range(campaigns)
    ]


def pages(campaigns: int, days: int, size: int) -> list[bytes]:
    every = rows(campaigns, days)
    found = []
    for start in range(0, len(every), size):
        after = start + size
        paging: dict[str, object] = {"cursors": {"before": str(start), "after": str(after)}}
        if after < len(every):
            paging["next"] = f"https://graph.facebook.com/next?after={after}"
        body = json.dumps({"data": every[start:after], "paging": paging}, separators=(",", ":")).encode()
        found.append(body)
    return found


class Server:
    """Answers a report's begin, its state, its pages, and the account itself."""

    def __init__(self, every: list[bytes], size: int) -> None:
        self.every, self.size = every, size

    def answer(self, method: str, path: str, query: dict[str, list[str]]) -> bytes:
        if method == "POST":
            return b'{"report_run_id":"77"}'
        if path.endswith("/77"):
            return b'{"id":"77","async_status":"Job Completed","async_percent_completion":100}'
        if path.endswith("/insights"):
            return self.every[int(query.get("after", ["0"])[0]) // self.size]
        about = {"id": f"act_{ACCOUNT}", "name": "Bench", "currency": CURRENCY, "timezone_name": "UTC"}
        return json.dumps({**about, "account_status": 1}).encode()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
                lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if b"content-length" in line]
                if lengths:
                    await reader.readexactly(int(lengths[0]))
                url = urlsplit(target)
                body = self.answer(method, url.path, parse_qs(url.query))
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
                    + body
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


async def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    for name, default in (("--campaigns", 2000), ("--days", 50), ("--page", 1000)):
        told.add_argument(name, type=int, default=default)
    asked = told.parse_args()
    server = Server(pages(asked.campaigns, asked.days, asked.page), asked.page)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, limit=2**20)
    print(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
