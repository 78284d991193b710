"""Which brands, accounts and networks a DAG's parameters mean, and what is said about names that nobody has."""

import pytest

from include.orchestration import doors

pytestmark = pytest.mark.usefixtures("folder")


@pytest.mark.parametrize(
    ("names", "platform", "keys"),
    [
        ("all", None, ["facebook_ginger", "x_ginger", "facebook_fern"]),
        ("", "facebook", ["facebook_ginger", "facebook_fern"]),
        ("facebook_fern, x_ginger", None, ["x_ginger", "facebook_fern"]),
        (["facebook_fern"], "x", []),
    ],
)
def test_accounts_are_chosen_by_key_and_network(names: str | list[str], platform: str | None, keys: list[str]) -> None:
    assert [account.key for account in doors.accounts(names, platform=platform)] == keys


def test_an_account_that_is_not_on_the_desk_is_named_beside_those_that_are() -> None:
    with pytest.raises(ValueError, match=r"No such account: x_fern\. The desk has facebook_ginger, x_ginger"):
        doors.accounts("x_fern facebook_fern")


def test_brands_are_chosen_by_key() -> None:
    assert [brand.key for brand in doors.chosen_brands("fern")] == ["fern"]
    with pytest.raises(ValueError, match=r"No such brand: gingr\. brands.yml has ginger, fern"):
        doors.chosen_brands("gingr")


def test_a_network_is_told_by_the_accounts_key() -> None:
    assert doors.platform_of("x_ginger").title == "X"
    with pytest.raises(ValueError, match="myspace_tom belongs to no platform"):
        doors.platform_of("myspace_tom")
