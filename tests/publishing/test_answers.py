"""What reactions mean, and whose."""

import pytest

from include.domain import Account, Brand, Heard, Reply
from include.publishing.answers import address, approvers, in_doubt, read

ALLOWED = {"marta": "U1", "paolo": "U2"}
YES, NO = "white_check_mark", "hand"


def heard(**reactions: str) -> Heard:
    return Heard({name: frozenset(members.split()) for name, members in reactions.items()})


def test_only_the_named_count_and_others_are_known_as_such() -> None:
    answer = read(heard(white_check_mark="U1 U9", eyes="U8"), ALLOWED)
    assert (answer.yes, answer.no, answer.strangers) == (("marta",), (), ("U9",))


@pytest.mark.parametrize("sign", ["hand", "raised_hand"])
def test_the_hand_has_two_names_in_slack(sign: str) -> None:
    assert read(heard(**{sign: "U2"}), ALLOWED).no == ("paolo",)


def test_pause_and_resume() -> None:
    answer = read(heard(double_vertical_bar="U1", arrow_forward="U2"), ALLOWED)
    assert (answer.pause, answer.resume) == (("marta",), ("paolo",))


@pytest.mark.parametrize(
    ("names", "ids", "who"),
    [
        (("marta", "paolo"), {"marta": "U1"}, {"marta": "U1"}),
        (("marta",), {"marta": "U1", "ines": "U3"}, {"marta": "U1"}),
        ((), {"ines": "U3"}, {"ines": "U3"}),
        (("marta",), {}, {}),
    ],
)
def test_who_may_answer(names: tuple[str, ...], ids: dict[str, str], who: dict[str, str]) -> None:
    brand = Brand("a", "A", "UTC", "en", "#a", (Account("x", "a", "a"),), approvers=names, slack_ids=ids)
    assert approvers(brand) == who


def test_the_address_in_a_thread_is_the_last_one_of_the_network_by_somebody_who_may() -> None:
    replies = [
        Reply("U9", "<https://tiktok.com/0>", "1"),
        Reply("U1", "<https://tiktok.com/1?a=1&amp;b=2|tiktok.com/1>", "2"),
        Reply("U2", "Instead of https://docs.example/ask it is at https://www.tiktok.com/2.", "3"),
        Reply("U1", "http://tiktok.com/plain is not it", "4"),
        Reply("U1", "The briefing: https://docs.google.com/document/1", "5"),
    ]
    assert address(replies, ALLOWED, "tiktok") == ("paolo", "https://www.tiktok.com/2")
    assert address(replies[:2], ALLOWED, "tiktok") == ("marta", "https://tiktok.com/1?a=1&b=2")
    assert address(replies[:1], ALLOWED, "tiktok") is None


@pytest.mark.parametrize(
    ("signs", "wanted"),
    [
        ({"arrow_forward": "U1"}, "send"),
        ({YES: "U1", "arrow_forward": "U2"}, "live"),
        ({YES: "U1", NO: "U2"}, "cancel"),
        ({YES: "U9"}, ""),
    ],
)
def test_of_a_post_that_may_be_out_a_yes_never_sends(signs: dict[str, str], wanted: str) -> None:
    assert in_doubt(read(heard(**signs), ALLOWED)) == wanted
