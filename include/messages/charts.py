"""The digest's chart: the last weeks of a few figures, one above the other, readable on a phone.

Lines carry their own names, so there is no legend; colours are those of Okabe and Ito, which colour-blind people can
tell apart. A week that is not known is a gap with a word, never a nought. matplotlib is imported when something is
drawn.
"""

import functools
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from include.kpis.definitions import Unit
from include.messages.numbers import Number, Style, brief, written
from include.messages.picture import FONTS

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
FAMILIES = ("Noto Sans", "Noto Sans Lao", "Noto Sans Thai")
_FILES = ("NotoSans-", "NotoSansLao-", "NotoSansThai-")
INK, FAINT = "#1d1c1d", "#8a8a8a"
WIDTH, _PANEL, _HEAD = 4.8, 1.75, 0.7  # inches; at 100 dots per inch 480 CSS pixels wide
DOTS = 200
_LEFT = 0.11  # of the width: the scale's numbers stand before it


@dataclass(frozen=True, slots=True)
class Line:
    """One account's (or the brand's) values, a week each; None is unknown."""

    label: str
    values: tuple[Number | None, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """One figure over the weeks; its lines share a scale."""

    title: str
    lines: tuple[Line, ...]
    unit: Unit = Unit.COUNT
    style: Style = Style.AMOUNT


@dataclass(frozen=True, slots=True)
class Chart:
    """A PNG, and the same in words for whoever cannot see it."""

    png: bytes
    alt: str


def weekly_chart(brand: str, mondays: Sequence[date], panels: Sequence[Panel]) -> Chart | None:
    """Draw `panels` over the weeks that begin on `mondays` (oldest first). None where no week has a value.

    Raises ValueError where a line has not one value for each week.
    """
    for line in (line for panel in panels for line in panel.lines):
        if len(line.values) != len(mondays):
            raise ValueError(f"{brand}: the line {line.label} has {len(line.values)} values for {len(mondays)} weeks.")
    drawn = [panel for panel in panels if any(v is not None for line in panel.lines for v in line.values)]
    if not drawn:
        return None
    return Chart(_draw(brand, mondays, drawn), _in_words(brand, mondays, drawn))


def _in_words(brand: str, mondays: Sequence[date], panels: Sequence[Panel]) -> str:
    told = [
        f"{panel.title} {line.label}: {', '.join(brief(v, panel.unit, panel.style) for v in line.values)}"
        for panel in panels
        for line in panel.lines
    ]
    weeks = f"weeks {mondays[0].isocalendar().week} to {mondays[-1].isocalendar().week}"
    return f"{brand}, {weeks}. " + "; ".join(told) + "."


def _draw(brand: str, mondays: Sequence[date], panels: Sequence[Panel]) -> bytes:
    import matplotlib as mpl  # noqa: PLC0415 - two seconds at its first import
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    letters()
    height = _HEAD + _PANEL * len(panels)
    with mpl.rc_context({"font.family": list(FAMILIES), "font.size": 10, "text.color": INK}):
        figure = Figure(figsize=(WIDTH, height), dpi=DOTS, facecolor="white")
        FigureCanvasAgg(figure)
        figure.text(_LEFT, 1 - 0.3 / height, drawable(brand), fontsize=13, fontweight="bold", va="center")
        grid = figure.subplots(len(panels), 1, squeeze=False)
        figure.subplots_adjust(left=_LEFT, right=0.74, top=1 - 0.8 / height, bottom=0.36 / height, hspace=0.62)
        for axes, panel in zip(grid[:, 0], panels, strict=True):
            _panel(axes, panel, mondays)
        written = io.BytesIO()
        figure.savefig(written, format="png", metadata={"Software": None})
    return written.getvalue()


def _panel(axes: Any, panel: Panel, mondays: Sequence[date]) -> None:
    weeks = range(len(mondays))
    axes.set_title(drawable(panel.title), loc="left", fontsize=10.5, fontweight="bold", pad=8)
    axes.set_xlim(-0.3, len(mondays) - 0.7)
    axes.set_xticks(list(weeks), [f"W{monday.isocalendar().week}" for monday in mondays], fontsize=9, color=FAINT)
    axes.tick_params(length=0)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#d0d0d0")
    _scale(axes, panel)
    for line, colour in zip(panel.lines, _colours(len(panel.lines)), strict=False):
        _line(axes, line, colour)
    _note_gaps(axes, panel, weeks)
    _label_ends(axes, panel)


def _colours(count: int) -> list[str]:
    return [COLOURS[n % len(COLOURS)] for n in range(count)]


def _scale(axes: Any, panel: Panel) -> None:
    """Amounts and shares stand on nought; a level is looked at closely, or its growth could not be seen."""
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    values = _known(panel)
    low, high = min(values), max(values)
    if panel.style is not Style.LEVEL:
        low, high = min(low, 0.0), max(high, 0.0)
    room = (high - low or abs(high) or 1.0) * 0.12
    axes.set_ylim(low - room * (low < 0 or panel.style is Style.LEVEL), high + room)
    ticks = MaxNLocator(nbins=3, integer=panel.unit is Unit.COUNT).tick_values(low, high)
    shown = [tick for tick in ticks if low <= tick <= high]
    axes.set_yticks(shown, _tick_labels(shown, panel.unit), fontsize=9, color=FAINT)
    axes.grid(axis="y", color="#e6e6e6", linewidth=0.8)
    axes.set_axisbelow(True)


def _tick_labels(ticks: Sequence[float], unit: Unit) -> list[str]:
    """Short, but never the same twice: 18,200 and 18,400 are not both 18k."""
    short = [drawable(brief(round(tick, 6), unit)) for tick in ticks]
    return short if len(set(short)) == len(ticks) else [drawable(written(round(tick, 6), unit)) for tick in ticks]


def _known(panel: Panel) -> list[float]:
    return [float(value) for line in panel.lines for value in line.values if value is not None]


def _line(axes: Any, line: Line, colour: str) -> None:
    heights = [float("nan") if value is None else float(value) for value in line.values]
    axes.plot(heights, color=colour, linewidth=2, marker="o", markersize=3.5, clip_on=False)
    if line.values[-1] is not None:
        axes.plot(len(heights) - 1, heights[-1], "o", color=colour, markersize=7, clip_on=False)


def _note_gaps(axes: Any, panel: Panel, weeks: range) -> None:
    """A grey band and `no data` where no line of the panel has a value."""
    empty = [week for week in weeks if all(line.values[week] is None for line in panel.lines)]
    for week in empty:
        axes.axvspan(week - 0.5, week + 0.5, color="#f0f0f0", linewidth=0, zorder=0)
    for run in _runs(empty):
        middle = (run[0] + run[-1]) / 2
        where = axes.get_xaxis_transform()
        axes.text(middle, 0.5, "no\ndata", transform=where, ha="center", va="center", fontsize=8, color=FAINT)


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _label_ends(axes: Any, panel: Panel) -> None:
    """Name and last value to the right of each line's end, pushed apart where they would overlap."""
    bottom, top = axes.get_ylim()
    ends = []
    for line, colour in zip(panel.lines, _colours(len(panel.lines)), strict=False):
        known = [value for value in line.values if value is not None]
        if known:
            ends.append([(float(known[-1]) - bottom) / (top - bottom), _end(panel, line), colour])
    gap = 0.34
    ends.sort(key=lambda end: end[0])
    for n, end in enumerate(ends):
        end[0] = max(end[0], ends[n - 1][0] + gap) if n else max(end[0], 0.05)
    excess = max(0.0, ends[-1][0] - 0.98) if ends else 0.0
    for height, words, colour in ends:
        axes.text(1.05, height - excess, words, transform=axes.transAxes, va="center", color=colour, linespacing=1.15)


def _end(panel: Panel, line: Line) -> str:
    last = drawable(brief(line.values[-1], panel.unit, panel.style))
    return f"{drawable(line.label)}\n{last}" if line.label else last


def drawable(text: str) -> str:
    """Without what these fonts lack, such as emoji: a box tells nobody anything."""
    known = letters()
    return "".join(c for c in text.replace("−", "–") if ord(c) in known).strip()


@functools.cache
def letters() -> frozenset[int]:
    """Every character that a chart can show; its fonts are made known to matplotlib on the way."""
    from matplotlib import font_manager  # noqa: PLC0415

    files = [file for file in FONTS.glob("*.ttf") if file.name.startswith(_FILES)]
    for file in files:
        font_manager.fontManager.addfont(file)
    return frozenset(code for file in files for code in font_manager.get_font(str(file)).get_charmap())
