"""The property's hook against the sandbox: five reports a call, every page once, and what each refusal means."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from include.domain import (
    CredentialsDead,
    OutcomeUnknown,
    PlatformError,
    RawResponse,
    Refused,
    TryLater,
    WebDay,
    Window,
)
from include.sandbox.running import RunningSandbox, running
from platforms.google_analytics import reading, wording
from platforms.google_analytics.failures import explain
from platforms.google_analytics.hook import GoogleAnalyticsHook
from platforms.transport.access import Access
from platforms.transport.failures import Answer

TOKEN = "sandbox-web-token-marked"
MAIL = "desk@aurora.iam.example"


def _pem(key: rsa.RSAPrivateKey) -> str:
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form).decode()


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
WORLD = {
    "accounts": [
        {
            "platform": "google_analytics",
            "name": "aurora",
            "brand": "aurora",
            "token": TOKEN,
            "timezone": "Europe/Rome",
            "settings": {"client_email": MAIL, "public_key": PUBLIC.decode()},
        },
        {"platform": "facebook", "name": "aurora", "brand": "aurora", "token": "page-token"},
    ]
}
LAST = datetime.now(UTC).date() - timedelta(days=4)
WEEK = Window(LAST - timedelta(days=6), LAST)


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with running(WORLD) as started:
        yield started


def _hook(sandbox: RunningSandbox, token: str = TOKEN, **extra: str) -> GoogleAnalyticsHook:
    given = {"property_id": sandbox.sandbox.accounts("google_analytics")[0].native_id, **extra}
    access = Access.to("google_analytics_aurora", f"{sandbox.url}/google_analytics", token, given)
    return GoogleAnalyticsHook("google_analytics_aurora", access=access)


@pytest.fixture
def hook(sandbox: RunningSandbox) -> GoogleAnalyticsHook:
    return _hook(sandbox)


def _rows(hook: GoogleAnalyticsHook, window: Window = WEEK) -> list[WebDay]:
    found = [row for response in hook.fetch("web_day", window) for row in hook.read(response)]
    assert all(isinstance(row, WebDay) for row in found)
    return [row for row in found if isinstance(row, WebDay)]


def test_a_week_of_all_breakdowns_is_one_call(hook: GoogleAnalyticsHook, sandbox: RunningSandbox) -> None:
    rows = _rows(hook)
    assert hook.requests_made == 1
    assert {row.breakdown for row in rows} == set(wording.DIMENSIONS)
    assert {row.metric_date for row in rows} == set(WEEK.days())
    by_day = {row.metric_date: row for row in rows if row.breakdown == "day"}
    assert by_day[LAST].extra == {"timezone": "Europe/Rome"}
    assert by_day[LAST].currency == "EUR"


@pytest.mark.parametrize("breakdown", ["content", "landing_page", "source", "channel"])
def test_each_breakdown_tells_the_same_visits(hook: GoogleAnalyticsHook, breakdown: str) -> None:
    rows = _rows(hook)
    for field in ("sessions", "engaged_sessions", "conversions", "revenue"):
        parts = sum(getattr(row, field) for row in rows if row.breakdown == breakdown)
        assert parts == sum(getattr(row, field) for row in rows if row.breakdown == "day") > 0


def test_every_page_is_read_once_and_only_what_has_more(
    hook: GoogleAnalyticsHook, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = _rows(hook)
    monkeypatch.setattr(wording, "PAGE_ROWS", 50)
    paged = _rows(hook)
    assert sorted(paged, key=repr) == sorted(whole, key=repr)
    most = max(sum(row.breakdown == name for row in whole) for name in wording.DIMENSIONS)
    assert hook.requests_made == 1 + -(-most // 50)


def test_a_service_accounts_key_signs_in_once(sandbox: RunningSandbox) -> None:
    hook = _hook(
        sandbox, "", client_email=MAIL, private_key=_pem(KEY), token_uri=f"{sandbox.url}/google_analytics/token"
    )
    assert _rows(hook) == _rows(hook)
    asked = {row["endpoint"]: row["count"] for row in sandbox.sandbox.counters.summary()["requests"]}
    assert asked["/token"] == 1


def test_a_foreign_key_is_told_without_being_shown(sandbox: RunningSandbox) -> None:
    other = _pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    for key in (other, "no key at all MARKED"):
        hook = _hook(sandbox, "", client_email=MAIL, private_key=key, token_uri=f"{sandbox.url}/google_analytics/token")
        with pytest.raises(CredentialsDead) as dead:
            _rows(hook)
        assert "key" in str(dead.value).lower()
        assert "MARKED" not in str(dead.value)
        assert "PRIVATE" not in str(dead.value)


@pytest.mark.parametrize(
    ("status", "message", "error", "wait_s"),
    [
        ("UNAUTHENTICATED", "Request had invalid authentication credentials.", CredentialsDead, None),
        ("PERMISSION_DENIED", "User does not have sufficient permissions.", CredentialsDead, None),
        ("PERMISSION_DENIED", "Google Analytics Data API has not been used in project 1.", CredentialsDead, None),
        ("RESOURCE_EXHAUSTED", "Exhausted property tokens per day quota.", TryLater, 14_400),
        ("RESOURCE_EXHAUSTED", "Exhausted concurrent requests quota.", TryLater, 30),
        ("RESOURCE_EXHAUSTED", "Exhausted property tokens per hour quota.", TryLater, 3600),
        ("INVALID_ARGUMENT", "Field conversions is not a valid metric.", Refused, None),
        ("NOT_FOUND", "Requested entity was not found.", Refused, None),
        ("UNAVAILABLE", "The service is currently unavailable.", OutcomeUnknown, None),
        ("INTERNAL", "Internal error encountered.", OutcomeUnknown, None),
    ],
)
def test_each_refusal_means_what_is_to_be_done(
    status: str, message: str, error: type[PlatformError], wait_s: float | None
) -> None:
    data = {"error": {"code": 400, "status": status, "message": message}}
    told = explain(Answer("google_analytics_aurora", "read the visits", 400, {}, b"", data))
    assert type(told) is error
    assert message.rstrip(".") in str(told)
    assert getattr(told, "wait_s", None) == wait_s


@pytest.mark.parametrize(("error", "kind"), [("invalid_grant", CredentialsDead), ("invalid_client", CredentialsDead)])
def test_a_refused_key_is_dead(error: str, kind: type[PlatformError]) -> None:
    data = {"error": error, "error_description": "Invalid JWT Signature."}
    told = explain(Answer("google_analytics_aurora", "sign in to Google", 400, {}, b"", data))
    assert type(told) is kind


def test_when_the_hour_is_used_up_it_waits_and_then_reads(hook: GoogleAnalyticsHook, sandbox: RunningSandbox) -> None:
    sandbox.sandbox.faults.arm({"kind": "status", "platform": "google_analytics", "status": 429, "times": 1})
    with pytest.raises(TryLater, match="tokens are used"):
        _rows(hook)
    assert _rows(hook)


def test_without_its_number_the_connection_says_what_is_missing(sandbox: RunningSandbox) -> None:
    with pytest.raises(CredentialsDead, match="property_id"):
        _rows(_hook(sandbox, property_id=""))


def test_what_google_doubts_is_noted_with_the_day() -> None:
    visits = {"dimensionHeaders": [{"name": "date"}], "metricHeaders": [{"name": "sessions", "type": "TYPE_INTEGER"}]}
    row = {"dimensionValues": [{"value": "20261120"}], "metricValues": [{"value": "7"}]}
    about = {"currencyCode": "EUR", "timeZone": "Europe/Rome"}
    day = {**visits, "rows": [row], "rowCount": 1, "metadata": {**about, "subjectToThresholding": True}}
    content = {**visits, "rowCount": 0, "metadata": {**about, "dataLossFromOtherRow": True}}
    body = json.dumps({"reports": [content, day]}).encode()
    asked = {"pages": {"content": 0, "day": 0}}
    (told,) = reading.read(RawResponse("google_analytics_aurora", "web_day", asked, body, datetime.now(UTC)))
    assert told.metric_date == date(2026, 11, 20)
    assert told.sessions == 7
    assert told.conversions is None
    assert told.extra == {
        "timezone": "Europe/Rome",
        "dataLossFromOtherRow": ["content"],
        "subjectToThresholding": ["day"],
    }


def test_money_and_shares_are_exact(hook: GoogleAnalyticsHook) -> None:
    row = next(row for row in _rows(hook) if row.breakdown == "day")
    assert isinstance(row.revenue, Decimal)
    assert Decimal(0) < (row.converted_share or Decimal(0)) < Decimal("0.2")
