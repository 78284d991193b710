"""A partition for every month, whoever makes it first."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from sqlalchemy import Engine, inspect, text

from include.warehouse.partitions import ensure_months, months
from include.warehouse.tables import post_snapshot


def made(engine: Engine) -> list[str]:
    return [name for name in inspect(engine).get_table_names(schema="desk") if name.startswith("post_snapshot_2031")]


def test_months_turn_with_the_year() -> None:
    assert list(months(date(2025, 12, 31), date(2026, 2, 1))) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]


def test_several_connections_make_the_same_months_at_once(engine: Engine) -> None:
    def make(_: int) -> None:
        with engine.begin() as connection:
            ensure_months(connection, post_snapshot, date(2031, 1, 15), date(2031, 12, 1))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(make, range(4)))
    assert len(made(engine)) == 12


def test_a_month_is_made_while_others_write_to_the_fact(engine: Engine) -> None:
    row = text("INSERT INTO desk.post_snapshot (account, remote_id, observed_on) VALUES ('x_a', '1', :day)")
    with engine.begin() as writer, engine.connect() as other:
        ensure_months(writer, post_snapshot, date(2032, 1, 1), date(2032, 1, 1))
        writer.execute(row, {"day": date(2032, 1, 5)})
        other.execute(text("SET lock_timeout = '2s'"))
        ensure_months(other, post_snapshot, date(2032, 2, 1), date(2032, 2, 1))
        writer.execute(row, {"day": date(2032, 2, 5)})
