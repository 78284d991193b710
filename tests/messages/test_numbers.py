"""How figures are written."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.kpis.definitions import Unit
from include.messages.numbers import Style, brief, change, counted, days_between, lasting, written


def _spaced(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("value", "unit", "style", "full", "short"),
    [
        (None, Unit.COUNT, Style.AMOUNT, "—", "—"),
        (0, Unit.COUNT, Style.AMOUNT, "0", "0"),
        (9_999, Unit.COUNT, Style.AMOUNT, "9,999", "9,999"),
        (22_340, Unit.COUNT, Style.AMOUNT, "22,340", "22k"),
        (Decimal("999500"), Unit.COUNT, Style.LEVEL, "999,500", "1M"),
        (1_250_000, Unit.COUNT, Style.AMOUNT, "1,250,000", "1.3M"),
        (212, Unit.COUNT, Style.NET, "+212", "+212"),
        (-12_500, Unit.COUNT, Style.NET, "−12,500", "−13k"),
        (0, Unit.COUNT, Style.NET, "0", "0"),
        (0.0342, Unit.PERCENT, Style.AMOUNT, "3.4 %", "3.4 %"),
        (Decimal("0.0996"), Unit.PERCENT, Style.AMOUNT, "10 %", "10 %"),
        (0.00002, Unit.PERCENT, Style.AMOUNT, "<0.1 %", "<0.1 %"),
        (0.012, Unit.PERCENT, Style.NET, "+1.2 %", "+1.2 %"),
        (1.5, Unit.RATIO, Style.AMOUNT, "1.50", "1.50"),
    ],
)
def test_values(value, unit, style, full, short):
    assert _spaced(written(value, unit, style)) == full
    assert _spaced(brief(value, unit, style)) == short


@pytest.mark.parametrize(
    ("value", "before", "unit", "style", "told"),
    [
        (22_340, 18_900, Unit.COUNT, Style.AMOUNT, "▲18 %"),
        (148, 201, Unit.COUNT, Style.AMOUNT, "▼26 %"),
        (18_420, 18_208, Unit.COUNT, Style.LEVEL, "▲212"),
        (-5, 30, Unit.COUNT, Style.NET, "▼35"),
        (0.034, 0.031, Unit.PERCENT, Style.AMOUNT, "▲0.3 pt"),
        (0.03401, 0.034, Unit.PERCENT, Style.AMOUNT, "unchanged"),
        (70, 70, Unit.COUNT, Style.AMOUNT, "unchanged"),
        (300, 0, Unit.COUNT, Style.AMOUNT, "▲300"),
        (3_000, 100, Unit.COUNT, Style.AMOUNT, "▲30-fold"),
        (None, 100, Unit.COUNT, Style.AMOUNT, ""),
        (100, None, Unit.COUNT, Style.AMOUNT, ""),
    ],
)
def test_changes(value, before, unit, style, told):
    assert _spaced(change(value, before, unit, style)) == told


@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))
def test_the_arrow_is_never_wrong(value, before):
    told = change(value, before)
    assert (told[0] == "▲") == (value > before)
    assert (told[0] == "▼") == (value < before)


def test_small_words():
    assert [_spaced(counted(n, "post")) for n in (0, 1, 1234)] == ["0 posts", "1 post", "1,234 posts"]
    assert _spaced(days_between(date(2026, 11, 16), date(2026, 11, 22))) == "16–22 Nov"
    assert _spaced(days_between(date(2026, 11, 30), date(2026, 12, 6))) == "30 Nov–6 Dec"
    assert _spaced(days_between(date(2025, 12, 29), date(2026, 1, 4))) == "29 Dec 2025–4 Jan 2026"
    times = (timedelta(seconds=5), timedelta(minutes=60), timedelta(minutes=200), timedelta(days=2, hours=5))
    assert [_spaced(lasting(time)) for time in times] == ["1 min", "1 h", "3 h 20 min", "2 days 5 h"]
