"""The ad account's hook against the sandbox: what it reads, in how many calls, and what it changes, or does not."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from include.domain import (
    AdDay,
    AdEntity,
    AdHour,
    CredentialsDead,
    OutcomeUnknown,
    RawResponse,
    Record,
    Refused,
    StateMoved,
    TryLater,
    Window,
)
from include.sandbox.running import RunningSandbox, running
from platforms.meta_ads import reading, wording
from platforms.meta_ads.failures import explain
from platforms.meta_ads.hook import MetaAdsHook
from platforms.transport.access import Access
from platforms.transport.failures import Answer

TOKEN = "sandbox-ads-token-marked"
WORLD = {"accounts": [{"platform": "meta_ads", "name": "aurora", "token": TOKEN, "timezone": "Europe/Rome"}]}


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with running(WORLD) as started:
        yield started


@pytest.fixture
def hook(sandbox: RunningSandbox) -> MetaAdsHook:
    extra = {"ad_account_id": sandbox.sandbox.accounts("meta_ads")[0].native_id}
    access = Access.to("meta_ads_aurora", f"{sandbox.url}/meta_ads", TOKEN, extra)
    return MetaAdsHook("meta_ads_aurora", access=access, pause=lambda _: None)


def _today() -> date:
    return datetime.now(UTC).date()


def _records(hook: MetaAdsHook, stream: str, window: Window) -> list[Record]:
    return [record for response in hook.fetch(stream, window) for record in hook.read(response)]


def _campaign(hook: MetaAdsHook, name: str = "Always on") -> AdEntity:
    records = _records(hook, "ad_entities", Window(_today(), _today()))
    return next(r for r in records if isinstance(r, AdEntity) and r.name == name)


def test_the_account_and_its_campaigns_are_read_in_two_calls(hook: MetaAdsHook) -> None:
    records = [r for r in _records(hook, "ad_entities", Window(_today(), _today())) if isinstance(r, AdEntity)]
    account, *campaigns = records
    assert (account.level, account.currency, account.extra) == ("account", "EUR", {"timezone": "Europe/Rome"})
    budgets = {c.name: (c.daily_budget, c.effective_status) for c in campaigns}
    assert budgets["Always on"] == (Decimal(25), "ACTIVE")
    assert budgets["Summer"][1] == "PAUSED"
    assert hook.requests_made == 2


@pytest.mark.parametrize(
    ("currency", "held"), [("EUR", "1234.56"), ("TWD", "1234"), ("JPY", "1234"), ("KWD", "1234.56")]
)
def test_an_amount_is_proposed_as_meta_can_hold_it(hook: MetaAdsHook, currency: str, held: str) -> None:
    assert hook.settable(Decimal("1234.567"), currency) == Decimal(held), "else the next run takes it for another's"


def test_ad_sets_are_read_where_a_campaign_has_no_budget_of_its_own_and_their_budgets_set() -> None:
    campaigns = [{"name": "Natale", "daily_budget": 60, "budget_on": "adsets", "start_days": -9}]
    account = {**WORLD["accounts"][0], "settings": {"campaigns": campaigns}}
    with running({"accounts": [account]}) as started:
        extra = {"ad_account_id": started.sandbox.accounts("meta_ads")[0].native_id}
        hook = MetaAdsHook(
            "meta_ads_aurora", access=Access.to("meta_ads_aurora", f"{started.url}/meta_ads", TOKEN, extra)
        )
        found = [r for r in _records(hook, "ad_entities", Window(_today(), _today())) if isinstance(r, AdEntity)]
        assert hook.requests_made == 3
        _, campaign, *ad_sets = found
        assert (campaign.level, campaign.daily_budget) == ("campaign", None)
        assert [(each.level, each.parent_id, each.daily_budget) for each in ad_sets] == [
            ("adset", campaign.entity_id, Decimal(39)),
            ("adset", campaign.entity_id, Decimal(21)),
        ]
        ad_set = ad_sets[0].entity_id
        hook.set_daily_budget(ad_set, Decimal("30.50"), expected=Decimal(39))
        hook.set_status(ad_set, "PAUSED", expected="ACTIVE")
        state = hook.ad_state(ad_set)
        assert (state.daily_budget, state.status) == (Decimal("30.50"), "PAUSED")
        with pytest.raises(StateMoved, match=r"daily budget is 30\.5 EUR, not 39"):
            hook.set_daily_budget(ad_set, Decimal(50), expected=Decimal(39))


@pytest.mark.parametrize(("days", "calls"), [(7, 1), (60, 5)], ids=["at once", "as a report"])
def test_a_window_is_read_in_few_calls(hook: MetaAdsHook, days: int, calls: int) -> None:
    window = Window(_today() - timedelta(days=days - 1), _today())
    rows = [r for r in _records(hook, "ad_day", window) if isinstance(r, AdDay)]
    assert {row.metric_date for row in rows} <= set(window.days())
    assert {row.attribution for row in rows} == {"7d_click_1d_view"}
    assert all(row.spend is not None and row.currency == "EUR" for row in rows)
    assert hook.requests_made <= calls


def test_hours_add_up_to_the_day(hook: MetaAdsHook) -> None:
    day = _today() - timedelta(days=4)
    hours = [r for r in _records(hook, "ad_hour", Window(day, day)) if isinstance(r, AdHour)]
    days = [r for r in _records(hook, "ad_day", Window(day, day)) if isinstance(r, AdDay)]
    assert {hour.hour for hour in hours} == set(range(24))
    for one in days:
        spent = sum((h.spend or Decimal(0) for h in hours if h.entity_id == one.entity_id), Decimal(0))
        assert abs(spent - (one.spend or 0)) < Decimal("0.2")


def test_no_kept_answer_holds_the_token(hook: MetaAdsHook) -> None:
    for stream in ("ad_entities", "ad_day", "ad_hour"):
        for response in hook.fetch(stream, Window(_today() - timedelta(days=2), _today())):
            assert TOKEN not in str(response.asked) + response.body.decode()


def test_a_budget_is_set_where_it_stands_as_expected(hook: MetaAdsHook) -> None:
    campaign = _campaign(hook)
    hook.set_daily_budget(campaign.entity_id, Decimal("40.50"), expected=Decimal(25))
    assert hook.ad_state(campaign.entity_id).daily_budget == Decimal("40.50")


def test_a_budget_that_somebody_changed_is_left_alone(hook: MetaAdsHook) -> None:
    campaign = _campaign(hook)
    with pytest.raises(StateMoved, match=r"daily budget is 25 EUR, not 30"):
        hook.set_daily_budget(campaign.entity_id, Decimal(40), expected=Decimal(30))
    assert hook.ad_state(campaign.entity_id).daily_budget == Decimal(25)


def test_a_campaign_is_paused_and_resumed(hook: MetaAdsHook) -> None:
    campaign = _campaign(hook)
    hook.set_status(campaign.entity_id, "PAUSED", expected="ACTIVE")
    with pytest.raises(StateMoved):
        hook.set_status(campaign.entity_id, "PAUSED", expected="ACTIVE")
    hook.set_status(campaign.entity_id, "ACTIVE", expected="PAUSED")
    assert hook.ad_state(campaign.entity_id).status == "ACTIVE"


@pytest.mark.parametrize("kind", ["drop_after", "malformed"])
def test_a_change_whose_answer_is_lost_is_unknown_and_not_repeated(
    sandbox: RunningSandbox, hook: MetaAdsHook, kind: str
) -> None:
    campaign = _campaign(hook)
    sandbox.sandbox.faults.arm({"kind": kind, "platform": "meta_ads", "method": "POST"})
    with pytest.raises(OutcomeUnknown):
        hook.set_daily_budget(campaign.entity_id, Decimal(40), expected=Decimal(25))
    sandbox.sandbox.faults.clear()
    assert hook.ad_state(campaign.entity_id).daily_budget == Decimal(40)
    assert len(sandbox.sandbox.ad_changes[campaign.entity_id]) == 1


def test_a_report_that_never_ends_is_put_off(hook: MetaAdsHook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("include.sandbox.meta_ads.reports.ASKS_UNTIL_DONE", 1000)
    with pytest.raises(TryLater, match="did not finish the report"):
        _records(hook, "ad_day", Window(_today() - timedelta(days=30), _today()))


def test_a_connection_without_its_account_id_says_so() -> None:
    hook = MetaAdsHook("meta_ads_x", access=Access.to("meta_ads_x", "http://127.0.0.1:9", TOKEN, {}))
    with pytest.raises(CredentialsDead, match="ad_account_id"):
        _records(hook, "ad_entities", Window(_today(), _today()))


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [("12.34", "EUR", 1234), ("12.349", "EUR", 1234), ("1200", "JPY", 1200), ("1200.9", "JPY", 1200)],
)
def test_amounts_travel_in_minor_units_and_are_never_rounded_up(amount: str, currency: str, units: int) -> None:
    assert wording.minor(Decimal(amount), currency) == units


@pytest.mark.parametrize("amount", ["0", "-5"])
def test_a_budget_of_nothing_is_none(amount: str) -> None:
    with pytest.raises(ValueError, match="pause the campaign"):
        wording.minor(Decimal(amount), "EUR")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"code": 190}, CredentialsDead),
        ({"code": 100, "error_subcode": 1885272}, Refused),
        ({"code": 100, "error_subcode": 1487246}, Refused),
        ({"code": 17, "error_subcode": 2446079}, TryLater),
        ({"code": 80004}, TryLater),
        ({"code": 2}, OutcomeUnknown),
        ({"code": 294}, Refused),
    ],
    ids=str,
)
def test_what_meta_says_no_with(error: dict[str, Any], kind: type, answer_of: Callable[..., Answer]) -> None:
    found = explain(answer_of({"error": {"message": "no", "type": "OAuthException", **error}}))
    assert type(found) is kind


def test_purchases_are_counted_once_though_meta_names_them_twice() -> None:
    row = (
        '{"data": [{"date_start": "2026-11-20", "campaign_id": "1", "account_currency": "EUR", "spend": "3.10",'
        ' "actions": [{"action_type": "purchase", "value": "2"}, {"action_type": "omni_purchase", "value": "3"}],'
        ' "action_values": [{"action_type": "omni_purchase", "value": "70.5"}]}]}'
    )
    response = RawResponse("meta_ads_a", "ad_day", {"what": "days"}, row.encode(), datetime.now(UTC))
    (day,) = reading.read(response)
    assert isinstance(day, AdDay)
    assert (day.conversions, day.conversion_value, day.impressions) == (Decimal(3), Decimal("70.5"), None)
