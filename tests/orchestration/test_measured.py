"""What an account means whose network only publishes."""

from include.domain import Account, Brand
from include.orchestration import doors
from include.orchestration.ingesting import _measuring
from include.orchestration.pools import pools


def test_a_network_that_is_not_read_is_missing_nowhere() -> None:
    """It has no pool, no nightly reading, and no share in a brand's numbers that could be unknown."""
    accounts = (
        Account("facebook", "fern", "fern"),
        Account("instagram", "fern", "fern"),
        Account("x", "f", "fern", True),
    )
    brand = Brand("fern", "Fern", "UTC", "en", "#fern", accounts)
    assert [account.key for account in doors.measured(brand).accounts] == ["facebook_fern"]
    assert "instagram" not in [platform.name for platform in _measuring()]
    assert "read_instagram" not in pools()
