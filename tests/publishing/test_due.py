"""What `check_desk` tells about the posts that should be out."""

from typing import Any

from include.domain import OutcomeUnknown, Severity
from include.publishing import decisions, ledger
from include.publishing.due import troubles


def told(desk: Any) -> dict[str, str]:
    return {alert.kind: f"{alert.headline} | {alert.because}" for alert in troubles(desk.engine, now=desk.now)}


def test_a_desk_where_all_is_well_is_silent(desk: Any) -> None:
    done, waiting, off = desk.post("a"), desk.post("b", minutes=90), desk.post("c", account="x_b")
    desk.plan(done, waiting, off)
    decisions.cancel(desk.engine, off.post_id, by="Ada", now=desk.now)
    desk.send(done, desk.claim_one())
    desk.wait(minutes=80)
    assert told(desk) == {}


def test_each_trouble_is_told_in_words(desk: Any) -> None:
    late, refused, unknown, unapproved = (desk.post(n, text=f"text {n}", account=f"x_{n}") for n in "abcd")
    desk.plan(refused, unknown)
    for claimed in desk.claim():
        if claimed.account == "x_b":
            ledger.refuse(desk.engine, claimed, "It is too long.", now=desk.now)
        else:
            desk.wall.publish_fails = [OutcomeUnknown("No answer in 30 s.")]
            desk.send(unknown, claimed)
    desk.plan(late, refused, unknown)
    desk.plan(late, refused, unknown, unapproved, needs_approval=True)
    desk.plan(late, refused, unknown, unapproved)
    desk.plan(unapproved, needs_approval=True, kept=[late.post_id, refused.post_id, unknown.post_id])
    desk.wait(minutes=61)
    assert told(desk) == {
        "post_refused": "A post of x_b was refused by the platform: “text b” | It is too long.",
        "post_unknown": "A post of x_c may be out or not: “text c” | No answer in 30 s.",
        "post_late": "A post of x_d was not approved in time: “text d” | Its time was 23 Nov 12:00 UTC.",
    }
    late_ones = [alert for alert in troubles(desk.engine, now=desk.now) if alert.kind == "post_late"]
    assert late_ones[0].headline == "A post of x_a is late: “text a”"
    assert late_ones[0].severity == Severity.CRITICAL
    desk.claim()
    assert told(desk)["post_held"].endswith("61 minutes ago: too late to go out unasked.")


def test_a_claim_that_nobody_takes_over_is_stuck(desk: Any) -> None:
    desk.plan(desk.post())
    desk.claim_one("publish_posts 12:00")
    desk.wait(minutes=12)
    assert told(desk) == {}
    desk.wait(minutes=4)
    assert told(desk)["post_stuck"].startswith(
        "A post of x_aurora is stuck in claimed: “Buongiorno” | publish_posts 12:00"
    )
