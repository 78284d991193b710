"""Which brands, accounts and networks a DAG's parameters mean, and what is said about names that nobody has."""

from pathlib import Path

import pytest

from include.desk.problems import DeskProblems
from include.domain import PlatformError
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


def test_the_plan_is_whichever_calendar_lies_in_the_folder(folder: Path) -> None:
    (folder / "calendar.yml").write_text("- brand: fern\n", encoding="utf-8")
    assert doors.plan().path == folder / "calendar.yml"
    (folder / "calendar.csv").write_text("brand\n", encoding="utf-8")
    with pytest.raises(DeskProblems, match=r"calendar.csv and calendar.yml are both in"):
        doors.plan()


def test_a_plan_elsewhere_is_named_by_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_CALENDAR", "https://docs.google.com/document/d/1/edit")
    with pytest.raises(DeskProblems, match="not a Google Sheet; copy the address from the browser"):
        doors.plan()


@pytest.mark.parametrize(
    "address", ["https://127.0.0.1/d/marked-5f/plan.csv", "https://desk.invalid/marked-5f.csv?k=1"]
)
def test_a_plan_that_cannot_be_fetched_is_told_without_its_address(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has the address of a sheet may read the plan."""
    monkeypatch.setenv("DESK_CALENDAR", address)
    with pytest.raises(PlatformError) as caught:
        doors.plan()
    host = address.split("/")[2]
    assert str(caught.value).startswith(f"DESK_CALENDAR: {host}: ")
    assert "marked" not in str(caught.value)
