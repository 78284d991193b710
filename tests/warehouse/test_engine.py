"""What may be called a warehouse, and in which words anything else is refused."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from include.warehouse.engine import WrongWarehouse, connect


@pytest.mark.parametrize(
    ("url", "words"),
    [
        pytest.param("", "is empty", id="none"),
        pytest.param("sqlite:///desk.db", "names sqlite", id="another database"),
        pytest.param("postgresql://u:hush@h/desk", r"Begin it with postgresql\+psycopg://", id="no driver"),
        pytest.param("postgresql+psycopg2://u:hush@h/desk", "Begin it with", id="another driver"),
        pytest.param("hush", "is no address", id="not a URL"),
    ],
)
def test_anything_but_postgresql_is_refused_without_its_password(url: str, words: str) -> None:
    with pytest.raises(WrongWarehouse, match=words) as refused:
        connect(url)
    assert "hush" not in str(refused.value)


def test_times_come_back_in_utc(warehouse: str) -> None:
    with connect(warehouse).connect() as connection:
        assert connection.scalar(select(text("TIMESTAMPTZ '2026-07-01 12:00+02'"))) == datetime(
            2026, 7, 1, 10, tzinfo=UTC
        )
        assert connection.scalar(text("SHOW timezone")) == "UTC"
