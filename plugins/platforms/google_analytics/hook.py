"""Speaks to one Google Analytics property: visits by day. Keeps no policy.

hook = GoogleAnalyticsHook("google_analytics_bottega_aurora")
for response in hook.fetch("web_day", window): ...        five reports a call
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from include.domain.errors import CredentialsDead, TryLater
from include.domain.records import RawResponse, Record
from include.domain.windows import Window
from platforms.google_analytics import reading, wording
from platforms.google_analytics.failures import explain
from platforms.google_analytics.signing_in import ServiceAccount
from platforms.transport.access import Access
from platforms.transport.connected import Connected
from platforms.transport.failures import Answer
from platforms.transport.session import Session


class GoogleAnalyticsHook(Connected):
    """A MetricSource for one property."""

    default_host = "https://analyticsdata.googleapis.com"

    def open_session(self, access: Access) -> Session:
        auth = ServiceAccount(access) if access.extra.get("private_key") else None
        # What is left is told in the body, not in headers.
        return Session(access, explain=explain, limits=lambda headers, now: None, auth=auth)

    def fetch(self, stream: str, window: Window) -> Iterator[RawResponse]:
        """`web_day`: all five breakdowns in one call, and further pages of those that have more rows, five a call."""
        if stream != "web_day":
            raise ValueError(f"Google Analytics has no stream {stream}; it has web_day.")
        unread = dict.fromkeys(wording.DIMENSIONS, 0)
        while unread:
            answer = self._ask(unread, window)
            about = {"pages": dict(unread), "first": str(window.first), "last": str(window.last)}
            yield RawResponse(self.conn_id, stream, about, answer.body, datetime.now(UTC), answer.parsed)
            unread = _unread(unread, reading.rows_of(answer.data))
            if unread:
                self._mind_quota(reading.quota_left(answer.data), window)

    def read(self, response: RawResponse) -> Iterator[Record]:
        return reading.read(response)

    def _ask(self, pages: dict[str, int], window: Window) -> Answer:
        doing = f"read the visits of {window}"
        path = f"v1beta/properties/{self._property}:batchRunReports"
        body, briefly = wording.batch(pages, window), {"prettyPrint": "false"}
        answer = self.session.upload(path, doing=doing, json=body, params=briefly)
        reports = answer.data.get("reports") if isinstance(answer.data, dict) else None
        if not isinstance(reports, list) or len(reports) != len(pages):
            said = f"{self.conn_id}: could not {doing}. The answer does not hold the {len(pages)} reports."
            raise TryLater(said, wait_s=60, account=self.conn_id)
        return answer

    def _mind_quota(self, left: dict[str, int], window: Window) -> None:
        """Leave off where nothing is left, before Google has to refuse."""
        spent = next((name for name, tokens in left.items() if tokens <= 0), None)
        if spent:
            wait_s = 14_400.0 if spent == "tokensPerDay" else 3600.0 - time.time() % 3600
            said = f"{self.conn_id}: did not read all visits of {window}, for the property's {spent} are used."
            raise TryLater(said, wait_s=wait_s, account=self.conn_id)

    @property
    def _property(self) -> str:
        number = str(self.access.extra.get("property_id") or "").removeprefix("properties/")
        if not number.isdigit():
            said = f"{self.conn_id}: the connection's extra names no property_id; add its digits there."
            raise CredentialsDead(said, account=self.conn_id)
        return number


def _unread(pages: dict[str, int], rows: list[tuple[int, int]]) -> dict[str, int]:
    """Where each breakdown goes on, by how many rows came and how many there are. Google never names an offset."""
    told = zip(pages.items(), rows, strict=True)
    return {name: offset + came for (name, offset), (came, total) in told if came and offset + came < total}
