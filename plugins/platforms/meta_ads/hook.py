"""Speaks to one ad account: reads campaigns and spend, sets budgets. Keeps no policy.

hook = MetaAdsHook("meta_ads_bottega_aurora")
for response in hook.fetch("ad_day", window): ...        at once for a week, as a report for more
hook.ad_state("120…")  -> AdState("120…", "ACTIVE", Decimal("60"), "EUR")
hook.set_daily_budget("120…", Decimal("50"), expected=Decimal("60"))
"""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from include.domain.ads import AdState, StateMoved
from include.domain.errors import CredentialsDead, OutcomeUnknown, TryLater
from include.domain.records import RawResponse, Record
from include.domain.windows import Window
from platforms.meta_ads import reading, wording
from platforms.meta_ads.failures import explain
from platforms.transport.access import Access
from platforms.transport.connected import Connected
from platforms.transport.failures import Answer
from platforms.transport.limits import meta_usage
from platforms.transport.meta import API_VERSION
from platforms.transport.paging import Params, pages
from platforms.transport.remembered import remembered
from platforms.transport.session import Session

AT_ONCE_DAYS = 7  # a longer window is made into a report
MOST_ROWS = 500
REPORT_ASKS = 20
DONE, FAILED = "Job Completed", ("Job Failed", "Job Skipped")


class MetaAdsHook(Connected):
    """A MetricSource and an AdManager for one ad account."""

    default_host = "https://graph.facebook.com"

    def __init__(
        self,
        conn_id: str,
        *,
        access: Access | None = None,
        session: Session | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(conn_id, access=access, session=session)
        self._pause = pause

    def open_session(self, access: Access) -> Session:
        return Session(access, explain=explain, limits=meta_usage)

    # --- reading -----------------------------------------------------------------------------------------------

    def fetch(self, stream: str, window: Window) -> Iterator[RawResponse]:
        """`ad_entities`: the account and its campaigns as they are now, and its ad sets where the budget of a campaign
        lies with them. `ad_day`: campaigns by day, at the account's own attribution setting. `ad_hour`: by hour."""
        match stream:
            case "ad_entities":
                yield from self._entities(window)
            case "ad_day":
                yield from self._insights(stream, "days", window, {"fields": reading.DAY_FIELDS})
            case "ad_hour":
                asked = {"fields": reading.HOUR_FIELDS, "breakdowns": reading.HOURLY}
                yield from self._insights(stream, "hours", window, asked)
            case _:
                raise ValueError(f"Meta Ads has no stream {stream}; it has ad_entities, ad_day and ad_hour.")

    def read(self, response: RawResponse) -> Iterator[Record]:
        return reading.read(response)

    def _entities(self, window: Window) -> Iterator[RawResponse]:
        about = {"what": "account", "first": str(window.first), "last": str(window.last)}
        yield self._response("ad_entities", about, self._about_account)
        about |= {"currency": self._currency}
        needs_adsets = False
        asked = {"fields": reading.CAMPAIGN_FIELDS, "limit": MOST_ROWS}
        for _, answer in self._pages(self._path("campaigns"), asked, doing="read the campaigns"):
            needs_adsets |= not all(reading.has_own_budget(each) for each in answer.data["data"])
            yield self._response("ad_entities", {**about, "what": "campaigns"}, answer)
        asked = {"fields": reading.ADSET_FIELDS, "limit": MOST_ROWS}
        for _, answer in self._pages(self._path("adsets"), asked, doing="read the ad sets") if needs_adsets else ():
            yield self._response("ad_entities", {**about, "what": "adsets"}, answer)

    def _insights(self, stream: str, what: str, window: Window, asked: Params) -> Iterator[RawResponse]:
        days = json.dumps({"since": str(window.first), "until": str(window.last)})
        asked = {**asked, "level": "campaign", "time_range": days, "time_increment": 1}
        asked["use_account_attribution_setting"] = "true"
        doing = f"read {stream} of {window}"
        path, params = self._path("insights"), {**asked, "limit": MOST_ROWS}
        if len(window) > AT_ONCE_DAYS:
            path, params = f"{self._report(asked, doing)}/insights", {"limit": MOST_ROWS}
        about = {"what": what, "first": str(window.first), "last": str(window.last), "params": dict(asked)}
        for _, answer in self._pages(path, params, doing=doing):
            yield self._response(stream, about, answer)

    def _report(self, asked: Params, doing: str) -> str:
        """Begin a report and wait until it is ready; its path. It may be begun twice without harm."""
        run = _text(self.session.upload(self._path("insights"), data=dict(asked), doing=doing), "report_run_id")
        path = f"{self._version}/{run}"
        for asks in range(REPORT_ASKS if run else 0):
            answer = self.session.read(path, {"fields": "async_status,async_percent_completion"}, doing=doing)
            status = _text(answer, "async_status")
            if status == DONE:
                return path
            if status in FAILED:
                break
            self._pause(min(1.0 * 2**asks, 15.0))
        said = f"{self.conn_id}: could not {doing}. Meta did not finish the report; it is asked for anew."
        raise TryLater(said, wait_s=300, account=self.conn_id)

    # --- changing ----------------------------------------------------------------------------------------------

    def ad_state(self, entity_id: str) -> AdState:
        """`GET /{campaign}` or `/{ad set}`."""
        asked = {"fields": "status,daily_budget"}
        answer = self.session.read(f"{self._version}/{entity_id}", asked, doing=f"look at {entity_id}")
        budget = _text(answer, "daily_budget")
        amount = wording.major(budget, self._currency) if budget and budget != "0" else None
        return AdState(entity_id, _text(answer, "status"), amount, self._currency)

    def settable(self, amount: Decimal, currency: str) -> Decimal:
        """As it can travel: 12.34 EUR, 1200 JPY."""
        return wording.major(str(wording.minor(amount, currency)), currency)

    def set_daily_budget(self, entity_id: str, amount: Decimal, *, expected: Decimal) -> None:
        """`POST /{campaign}` or `/{ad set}`, if its daily budget is still `expected`."""
        state = self.ad_state(entity_id)
        units = wording.minor(amount, state.currency)
        if state.daily_budget != expected:
            stands = "none of its own" if state.daily_budget is None else f"{state.daily_budget} {state.currency}"
            raise self._moved(entity_id, f"daily budget is {stands}, not {expected}")
        self._change(entity_id, {"daily_budget": units}, f"set the daily budget of {entity_id} to {amount}")

    def set_status(self, entity_id: str, status: str, *, expected: str) -> None:
        """`POST /{campaign}` or `/{ad set}`, if its status is still `expected`."""
        state = self.ad_state(entity_id)
        if state.status != expected:
            raise self._moved(entity_id, f"status is {state.status}, not {expected}")
        self._change(entity_id, {"status": status}, f"set {entity_id} to {status}")

    def _change(self, entity_id: str, form: dict[str, Any], doing: str) -> None:
        answer = self.session.write(f"{self._version}/{entity_id}", data=form, doing=doing)
        if not (isinstance(answer.data, dict) and answer.data.get("success") is True):
            said = f"{self.conn_id}: could not {doing}. Meta did not confirm it; look at what it shows now."
            raise OutcomeUnknown(said, account=self.conn_id, status=answer.status)

    def _moved(self, entity_id: str, why: str) -> StateMoved:
        said = f"{self.conn_id}: somebody changed {entity_id} meanwhile: its {why}. Nothing was set."
        return StateMoved(said, account=self.conn_id)

    # --- how ---------------------------------------------------------------------------------------------------

    @property
    def _version(self) -> str:
        return str(self.access.extra.get("api_version") or API_VERSION)

    def _path(self, edge: str = "") -> str:
        number = str(self.access.extra.get("ad_account_id") or "").removeprefix("act_")
        if not number.isdigit():
            said = f"{self.conn_id}: the connection's extra names no ad_account_id; add its digits there."
            raise CredentialsDead(said, account=self.conn_id)
        return f"{self._version}/act_{number}" + (f"/{edge}" if edge else "")

    @remembered
    def _about_account(self) -> Answer:
        return self.session.read(self._path(), {"fields": reading.ACCOUNT_FIELDS}, doing="ask about the ad account")

    @property
    def _currency(self) -> str:
        return _text(self._about_account, "currency")

    def _pages(self, path: str, params: Params, *, doing: str) -> Iterator[tuple[Params, Answer]]:
        def ask(asked: Params) -> Answer:
            answer = self.session.read(path, asked, doing=doing)
            if not isinstance(answer.data, dict) or "data" not in answer.data:
                said = f"{self.conn_id}: could not {doing}. The answer holds no list."
                raise TryLater(said, wait_s=60, account=self.conn_id)
            return answer

        return pages(ask, params, _next_page)

    def _response(self, stream: str, about: dict[str, Any], answer: Answer) -> RawResponse:
        return RawResponse(self.conn_id, stream, about, answer.body, datetime.now(UTC), answer.parsed)


def _next_page(answer: Answer, asked: Params) -> Params | None:
    """By the cursor, never by the link: that one holds the token."""
    paging = answer.data.get("paging") or {}
    after = (paging.get("cursors") or {}).get("after")
    return {**asked, "after": after} if paging.get("next") and after else None


def _text(answer: Answer, name: str) -> str:
    return str(answer.data.get(name) or "") if isinstance(answer.data, dict) else ""
