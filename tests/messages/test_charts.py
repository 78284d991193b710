"""The chart: what is drawn, what is left open, and that every script can be read."""

import io
import warnings
from datetime import date, timedelta

import numpy as np
import pytest
from PIL import Image

from include.kpis.definitions import Unit
from include.messages.charts import Line, Panel, weekly_chart
from include.messages.numbers import Style

MONDAYS = [date(2026, 9, 28) + timedelta(weeks=n) for n in range(8)]


def _panel(*values, title="Reach", label="Facebook", **more):
    return Panel(title, (Line(label, values),), **more)


def _pixels(chart):
    return np.asarray(Image.open(io.BytesIO(chart.png)).convert("RGB")).astype(int)


def _share_of(colour, chart):
    red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return float((np.abs(_pixels(chart) - (red, green, blue)).sum(axis=2) < 12).mean())


def test_it_is_twice_as_fine_as_a_phone_and_as_wide():
    one = weekly_chart("Aurora", MONDAYS, [_panel(*range(8))])
    two = weekly_chart("Aurora", MONDAYS, [_panel(*range(8)), _panel(*range(8))])
    assert _pixels(one).shape[1] == _pixels(two).shape[1] == 960
    assert _pixels(two).shape[0] > _pixels(one).shape[0]


def test_the_same_numbers_make_the_same_picture():
    panels = [_panel(*range(8))]
    assert weekly_chart("Aurora", MONDAYS, panels).png == weekly_chart("Aurora", MONDAYS, panels).png


def test_a_week_without_data_is_a_grey_gap_and_a_week_with_nought_is_not():
    gap = weekly_chart("Aurora", MONDAYS, [_panel(5, 6, None, None, 7, 8, 7, 9)])
    nought = weekly_chart("Aurora", MONDAYS, [_panel(5, 6, 0, 0, 7, 8, 7, 9)])
    assert _share_of("#f0f0f0", gap) > 0.05
    assert _share_of("#f0f0f0", nought) < 0.01
    blue = np.abs(_pixels(gap) - (0x00, 0x72, 0xB2)).sum(axis=2) < 12
    grey = np.abs(_pixels(gap) - (0xF0, 0xF0, 0xF0)).sum(axis=2) < 3
    assert not blue[:, grey.mean(axis=0) > 0.3].any(), "the line is broken off, and does not dive to nought"
    assert "5, 6, —, —, 7, 8, 7, 9" in gap.alt


def test_without_any_value_there_is_no_chart():
    assert weekly_chart("Aurora", MONDAYS, [_panel(*[None] * 8)]) is None
    assert weekly_chart("Aurora", MONDAYS, []) is None


def test_a_line_of_another_length_is_refused_by_name():
    with pytest.raises(ValueError, match="Aurora: the line Facebook has 3 values for 8 weeks"):
        weekly_chart("Aurora", MONDAYS, [_panel(1, 2, 3)])


def test_the_words_for_it_hold_every_number():
    lines = (Line("Facebook", (0.031, None, *[0.03] * 5, 0.034)), Line("X", tuple([0.012] * 8)))
    chart = weekly_chart("Aurora", MONDAYS, [Panel("Engagement rate", lines, Unit.PERCENT)])
    assert chart.alt.replace("\N{NO-BREAK SPACE}", " ") == (
        "Aurora, weeks 40 to 47. Engagement rate Facebook: 3.1 %, —, 3 %, 3 %, 3 %, 3 %, 3 %, 3.4 %;"
        " Engagement rate X: 1.2 %, 1.2 %, 1.2 %, 1.2 %, 1.2 %, 1.2 %, 1.2 %, 1.2 %."
    )


@pytest.mark.parametrize(
    ("one", "other"), [("ກກກ", "ຂຂຂ"), ("กกก", "ขขข"), ("жжж", "щщщ")], ids=["Lao", "Thai", "Cyrillic"]
)
def test_every_script_is_drawn_in_its_own_letters(one, other):
    """Letters that a font lacks are all the same box, and matplotlib warns of each."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pictures = [
            weekly_chart(f"{text} ☕️", MONDAYS, [_panel(*range(8), title=text, label=text)]) for text in (one, other)
        ]
    assert pictures[0].png != pictures[1].png


@pytest.mark.parametrize(
    "values",
    [(0,) * 8, (-3, -2, -9, -1, -4, -5, -6, -2), (10**9,) * 8, (1, *[None] * 7), (1e-5,) * 8],
    ids=["nothing", "losses", "a thousand millions", "one week", "tiny"],
)
@pytest.mark.parametrize("style", list(Style))
def test_strange_weeks_are_drawn_too(values, style):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert weekly_chart("Aurora", MONDAYS, [_panel(*values, style=style)]).png.startswith(b"\x89PNG")


def test_three_lines_that_end_together_keep_their_names_apart():
    lines = tuple(Line(f"Account {n}", tuple(100 + n + week for week in range(8))) for n in range(3))
    chart = weekly_chart("Aurora", MONDAYS, [Panel("Followers", lines, style=Style.LEVEL)])
    right = _pixels(chart)[:, 730:, :]
    inked_rows = (right.sum(axis=2) < 700).any(axis=1)
    blocks = int((np.diff(inked_rows.astype(int)) == 1).sum())
    assert blocks >= 6  # a name and a number for each
