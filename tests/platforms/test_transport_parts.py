"""The small parts of the transport: headers, hiding, addresses, pages, dead metrics, downloads."""

import importlib
import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.domain.errors import CredentialsDead, PlatformError, Refused, Retired, TryLater
from include.domain.posts import Media, Post
from platforms.transport.access import Access
from platforms.transport.addresses import has_address
from platforms.transport.download import local_file
from platforms.transport.failures import Answer, explain_by
from platforms.transport.likeness import nearly, readable
from platforms.transport.limits import Limit, ietf_rate_limit, iso_rate_limit, meta_usage, retry_after, x_rate_limit
from platforms.transport.paging import pages
from platforms.transport.redaction import Secret, hide, hide_in_body
from platforms.transport.remembered import remembered
from platforms.transport.retirement import Retirement, dead_among

BUSINESS = (
    '{"1784":[{"type":"pages","call_count":%d,"total_time":1,"total_cputime":1,"estimated_time_to_regain_access":%d}]}'
)


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({}, None),
        ({"X-App-Usage": '{"call_count":99,"total_time":20,"total_cputime":20}'}, None),
        ({"X-App-Usage": '{"call_count":28,"total_time":100,"total_cputime":20}'}, 300),
        ({"X-Business-Use-Case-Usage": BUSINESS % (40, 0)}, None),
        ({"X-Business-Use-Case-Usage": BUSINESS % (100, 19)}, 19 * 60),
        ({"X-App-Usage": '{"call_count":100}', "X-Business-Use-Case-Usage": BUSINESS % (100, 19)}, 19 * 60),
        ({"X-Page-Usage": '{"call_count":100}'}, 300),
        ({"X-App-Usage": "no json"}, None),
        ({"X-App-Usage": "[1]"}, None),
    ],
)
def test_metas_usage_headers(headers, wait_s) -> None:
    limit = meta_usage(headers, 0)
    assert (limit.wait_s if limit else None) == wait_s


@pytest.mark.parametrize(
    ("headers", "limit"),
    [
        ({}, None),
        ({"x-rate-limit-remaining": "1", "x-rate-limit-reset": "1060"}, None),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "1060"}, 60),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "900"}, 1),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "soon"}, None),
    ],
)
def test_xs_rate_limit_headers(headers, limit) -> None:
    found = x_rate_limit(headers, 1000)
    assert found == (Limit(limit, "x-rate-limit-remaining is 0", everywhere=False) if limit else None)


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({}, None),
        ({"ratelimit-remaining": "1", "ratelimit-reset": "1060"}, None),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "1060"}, 60),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "soon"}, None),
    ],
)
def test_blueskys_rate_limit_headers(headers, wait_s) -> None:
    found = ietf_rate_limit(headers, 1000)
    assert found == (Limit(wait_s, "ratelimit-remaining is 0", everywhere=False) if wait_s else None)


@pytest.mark.parametrize(
    ("remaining", "reset", "wait_s"),
    [
        ("0", "1970-01-01T00:17:40.000000Z", 60),
        ("0", "1970-01-01T00:17:40+00:00", 60),
        ("0", "1970-01-01T00:17:40", 60),
        ("0", "1970-01-01T00:00:00Z", 1),
        ("1", "1970-01-01T00:17:40Z", None),
        ("0", "soon", None),
    ],
)
def test_mastodons_rate_limit_headers(remaining, reset, wait_s) -> None:
    found = iso_rate_limit({"X-RateLimit-Remaining": remaining, "X-RateLimit-Reset": reset}, 1000)
    assert found == (Limit(wait_s, "X-RateLimit-Remaining is 0", everywhere=False) if wait_s else None)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7), ("Thu, 01 Jan 1970 00:02:00 GMT", 60), ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("soon", None), ("", None)],
)
def test_retry_after_comes_as_a_number_or_a_date(value, seconds) -> None:
    assert retry_after({"Retry-After": value}, 60) == seconds


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("a s3cret+/ b", "a *** b"),
        ("u=s3cret%2B%2F&c=1", "u=***&c=1"),
        ("?access_token=EAAB123&x=1", "?access_token=***&x=1"),
        (r'"https:\/\/g\/?access_token=EAAB123\u0026x=1"', r'"https:\/\/g\/?access_token=***\u0026x=1"'),
        ('{"access_token": "EAAB123", "a": 1}', '{"access_token": "***", "a": 1}'),
        ("Authorization: Bearer abc.defghijklmnop", "Authorization: Bearer ***"),
        ("Invalid OAuth access token, no Bearer token", "Invalid OAuth access token, no Bearer token"),
        ('OAuth oauth_signature="abc", b', 'OAuth oauth_signature="***", b'),
        ("xoxb-12-ab", "xoxb-***"),
        ('{"accessJwt":"opaque-1","refreshJwt":"opaque-2"}', '{"accessJwt":"***","refreshJwt":"***"}'),
        ('{"token":"eyJhbGciOiJFUzI1NksifQ.eyJpc3MiOiJkaWQifQ.c2ln-_w"}', '{"token":"***"}'),
        ("Expired: eyJ0eXAiOiJhdCtqd3QifQ.eyJzY29wZSI6IngifQ.c2lnbmVk (exp)", "Expired: *** (exp)"),
        (r'{"refresh_token":"1\/\/0gSECRET","a":1}', '{"refresh_token":"***","a":1}'),
        (r'{"said":"s3cret+\/"}', '{"said":"***"}'),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_secrets_are_hidden_by_value_and_by_shape(text, hidden) -> None:
    assert hide(text, [Secret("s3cret+/"), Secret("")]) == hidden
    assert hide_in_body(text.encode(), [Secret("s3cret+/")]).decode() == hidden


_TOKENS = ("access_token=EAAB1234&x", '"refresh_token": "r-1"', "Bearer abcdefghijklmnopqrst", "xoxb-1-ab", "s3cret+/")
_JWT = "eyJhbGciOiJFUzI1NksifQ.eyJpc3MiOiJkaWQifQ.c2ln-_w"


@given(parts=st.lists(st.one_of(st.text(max_size=40), st.sampled_from((*_TOKENS, _JWT, "BEARER", "oauth_", "\u0130")))))
def test_in_a_body_the_same_is_hidden_as_in_a_text(parts) -> None:
    text = "".join(parts)
    wanted = hide(text, [Secret("s3cret+/")])
    assert hide_in_body(text.encode(errors="replace"), [Secret("s3cret+/")]) == wanted.encode(errors="replace")


def test_a_secret_deep_in_a_long_answer_is_hidden_and_nothing_else_touched() -> None:
    around = json.dumps([{"text": "ສະບາຍດີ àéî", "n": n} for n in range(20_000)], ensure_ascii=False)
    body = f'{around[:-1]}, "?access_token=EAAB123&x=1"]'.encode()
    assert hide_in_body(body) == body.replace(b"EAAB123", b"***")


def test_a_secret_does_not_show_itself() -> None:
    assert f"{Secret('abc')} {Secret('abc')!r}" == "*** ***"
    assert hide_in_body(b"\xff\xfe", [Secret("abc")]) == b"\xff\xfe"


@pytest.mark.parametrize(
    "host", ["http://127.0.0.1:8000/facebook/", "http://localhost:1", "http://[::1]:80", "https://a.b"]
)
def test_a_host_may_have_a_port_and_a_path(host) -> None:
    assert Access.to("a", host, "t").base_url == host.rstrip("/")


def test_a_token_does_not_travel_in_clear_unless_the_owner_says_so() -> None:
    with pytest.raises(CredentialsDead, match=r"http://api\.test, and the token would travel in clear"):
        Access.to("a", "http://api.test/x", "t")
    assert Access.to("a", "http://api.test/x", "t", {"allow_http": True}).base_url == "http://api.test/x"


def test_a_host_that_is_no_address_names_the_environment_variable() -> None:
    with pytest.raises(CredentialsDead, match="AIRFLOW_CONN_FACEBOOK_AURORA"):
        Access.to("facebook_aurora", "ftp://api.test", "t")


def test_pages_that_lead_in_a_circle_are_told_not_followed() -> None:
    asked = []
    following = {1: 2, 2: 3, 3: 2}

    def ask(params):
        asked.append(params["page"])
        return params["page"]

    with pytest.raises(PlatformError, match="round in a circle"):
        list(pages(ask, {"page": 1}, lambda page, _: {"page": following[page]}))
    assert asked == [1, 2, 3]


@pytest.mark.parametrize("dead", [{"c"}, {"a", "h"}, {"b", "c", "d"}, set("abcdefgh")])
def test_dead_metrics_are_found_by_halves(dead) -> None:
    probes = []

    def probe(metrics):
        probes.append(metrics)
        if dead & set(metrics):
            raise Retired("no such metric", metric=None)

    found = dead_among(list("abcdefgh"), probe, Retired("no such metric", metric=None))
    assert {metric for metric, _ in found} == dead
    assert len(probes) <= 2 * 7


def test_a_metric_named_in_the_refusal_costs_no_call() -> None:
    retirement = Retirement({("posts", "old")})
    retirement.bury("posts", ["a", "b"], pytest.fail, Retired("b is gone", metric="b"))
    assert retirement.found == [("posts", "b", "b is gone")]
    assert retirement.alive("posts", ["a", "b", "old"]) == ["a"]


def test_a_refusal_that_no_part_explains_is_raised() -> None:
    with pytest.raises(Retired):
        dead_among(["a", "b"], lambda metrics: None, Retired("?", metric=None))


def test_a_file_that_is_not_there_is_named(tmp_path) -> None:
    with pytest.raises(Refused, match=r"gone\.jpg cannot be read"):
        local_file(str(tmp_path / "gone.jpg"), "x_aurora")


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("See https://a.com/p", True),
        ("(https://a.com/p).", True),
        ("https://a.com/p/, or call", True),
        ("See https://a.com/p/2", False),
        ("See https://a.com/p?a=1", False),
        ("See https://a.com/p.html", False),
        ("See https://a.com/pasta", False),
        ("See http://b.com/https://a.com/p", False),
        ("See a.com/p", False),
    ],
)
def test_a_text_holds_an_address_as_a_whole(text, holds) -> None:
    assert has_address(text, "https://a.com/p") is holds


@pytest.mark.parametrize("platform", ["bluesky", "linkedin", "mastodon", "x"])
@pytest.mark.parametrize(("text", "is_said"), [("See https://a.com/p.", True), ("See https://a.com/p/2", False)])
def test_a_link_is_said_unless_the_text_says_it(platform, text, is_said) -> None:
    wording = importlib.import_module(f"platforms.{platform}.wording")
    post = Post("p1", f"{platform}_aurora", text, (Media("a.jpg"),), link="https://a.com/p")
    assert (wording.text(post) == text) is is_said


@pytest.mark.parametrize(
    ("theirs", "ours", "alike"),
    [
        ("Panettone is back!", "Panettone\n\nis back", True),
        ("See http://xn--citt-3na.it now", "See https://città.it now", True),
        ("Post 17", "Post 18", False),
        ("🎄", "🎁", False),
        ("https://a.com/1", "https://a.com/2", False),
    ],
)
def test_texts_that_may_be_one_have_the_same_letters_and_digits(theirs, ours, alike) -> None:
    assert nearly(theirs, ours) is alike


def test_an_address_is_read_as_people_write_it() -> None:
    assert readable("https://XN--citt-3na.it/caff%C3%A8?a=B") == "https://città.it/caffè?a=B"
    assert readable("xn--\u00e9.it") == "xn--é.it"


@pytest.mark.parametrize(
    ("status", "data", "kind"),
    [
        pytest.param(400, None, TryLater, id="why was cut off: it may be a throttle"),
        pytest.param(409, None, TryLater, id="a conflict, cut off"),
        pytest.param(404, None, Refused, id="not there needs no words"),
        pytest.param(400, {"error": "bad"}, Refused, id="a readable no"),
    ],
)
def test_a_refusal_whose_words_were_cut_off_is_asked_for_again(status: int, data: object, kind: type) -> None:
    answer = Answer("x_aurora", "upload oven.mp4", status, {}, b'{"jobId": "fq', data)
    assert type(explain_by((), answer, {})) is kind


def test_what_one_hook_remembers_keeps_no_other_waiting():
    both = Barrier(2, timeout=10)

    class Hook:
        @remembered
        def who(self) -> int:
            both.wait()  # passes only where two hooks ask at the same time
            return id(self)

    hooks = [Hook(), Hook()]
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(lambda hook: hook.who, hooks)) == [id(hook) for hook in hooks]
    assert hooks[0].who == id(hooks[0])
