"""How much of a budget is left, day by day: what there is, what the plan has, and where it is likely to end.

As in `charts.py`: lines carry their own names, colours of Okabe and Ito, readable on a phone.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from include.messages.charts import COLOURS, DOTS, FAINT, FAMILIES, INK, WIDTH, Chart, drawable, letters

_HEIGHT = 2.5
_EARLY = 8  # days
_LEFT, _PLAN, _AHEAD = COLOURS[0], "#767676", COLOURS[1]


@dataclass(frozen=True, slots=True)
class Band:
    """What will be left each evening from `begins` on (a place in the days): the likely line, low and high."""

    begins: int
    likely: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    label: str


@dataclass(frozen=True, slots=True)
class BurnDown:
    """`plan` and `left` begin with the whole money on the morning of the first day; then one value an evening.

    `ticks` are (place, words), `today` the place of this morning and its word. `money` writes an amount of the scale.
    """

    title: str
    alt: str
    plan: Sequence[float]
    plan_label: str
    left: Sequence[float]
    left_label: str
    today: tuple[int, str]
    ticks: Sequence[tuple[int, str]]
    money: Callable[[float], str]
    band: Band | None = None


def burn_down(figures: BurnDown) -> Chart:
    """Draw it."""
    return Chart(_draw(figures), figures.alt)


def _draw(figures: BurnDown) -> bytes:
    import matplotlib as mpl  # noqa: PLC0415 - two seconds at its first import
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    letters()
    with mpl.rc_context({"font.family": list(FAMILIES), "font.size": 10, "text.color": INK}):
        figure = Figure(figsize=(WIDTH, _HEIGHT), dpi=DOTS, facecolor="white")
        FigureCanvasAgg(figure)
        figure.text(0.02, 1 - 0.22 / _HEIGHT, drawable(figures.title), fontsize=11, fontweight="bold", va="center")
        axes = figure.add_axes((0.12, 0.14, 0.62, 0.68))
        _scale(axes, figures)
        _make_room(axes)
        _lines(axes, figures)
        _labels(axes, figures)
        written = io.BytesIO()
        figure.savefig(written, format="png", metadata={"Software": None})
    return written.getvalue()


def _scale(axes: Any, figures: BurnDown) -> None:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    band = figures.band
    lowest = min([0.0, *figures.left, *(band.low if band else ())])
    highest = max([*figures.plan, *figures.left, *(band.high if band else ())])
    axes.set_xlim(0, len(figures.plan) - 1)
    axes.set_ylim(lowest * 1.08, highest * 1.03)
    shown = [tick for tick in MaxNLocator(nbins=4).tick_values(lowest, highest) if lowest <= tick <= highest]
    axes.set_yticks(shown, [drawable(figures.money(tick)) for tick in shown], fontsize=9, color=FAINT)
    places, words = zip(*figures.ticks, strict=True)
    axes.set_xticks(places, [drawable(each) for each in words], fontsize=9, color=FAINT)
    for label, align in zip(axes.get_xticklabels(), ["left", *["center"] * (len(places) - 2), "right"], strict=False):
        label.set_horizontalalignment(align)
    axes.tick_params(length=0)
    for side in ("left", "right", "top", "bottom"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y", color="#e6e6e6", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.axhline(0, color=INK, linewidth=1.2)  # here the money is gone


def _make_room(axes: Any) -> None:
    """The scale's amounts stand on the picture, however long they are: 60 million kip are."""
    longest = max((len(label.get_text()) for label in axes.get_yticklabels()), default=0)
    left = max(0.12, 0.03 + 0.0155 * longest)
    axes.set_position((left, 0.14, 0.74 - left, 0.68))


def _lines(axes: Any, figures: BurnDown) -> None:
    axes.plot(figures.plan, color=_PLAN, linewidth=1.5, linestyle=(0, (4, 3)))
    if band := figures.band:
        places = range(band.begins, band.begins + len(band.likely))
        axes.fill_between(places, band.low, band.high, color=_AHEAD, alpha=0.2, linewidth=0)
        axes.plot(places, band.likely, color=_AHEAD, linewidth=1.5, linestyle=(0, (1, 1.5)))
    axes.plot(figures.left, color=_LEFT, linewidth=2.2, clip_on=False)
    axes.plot(len(figures.left) - 1, figures.left[-1], "o", color=_LEFT, markersize=6, clip_on=False)
    place, word = figures.today
    if 0 < place < len(figures.plan) - 1:
        axes.axvline(place, color="#bdbdbd", linewidth=0.8, zorder=0)
        where = axes.get_xaxis_transform()
        axes.text(place, 1.0, drawable(word), transform=where, ha="center", va="bottom", fontsize=8.5, color=FAINT)


def _labels(axes: Any, figures: BurnDown) -> None:
    """Each name beside its line, in its colour, on the side where no other line is."""
    now = len(figures.left) - 1
    is_ahead = figures.left[now] < figures.plan[now]  # more is gone than planned: its line lies lower
    days = len(figures.plan) - 1
    if now < _EARLY:  # nothing fits to the left: the name goes above both lines, and beside the word for today
        height = max(figures.left[now], figures.plan[now])
        _beside(axes, now + 0.04 * days, height, figures.left_label, _LEFT, above=True)
    else:
        _beside(axes, now, figures.left[now], figures.left_label, _LEFT, above=not is_ahead)
    place = round(days * (0.75 if now < 0.6 * days else 0.3))
    _beside(axes, place, figures.plan[place], figures.plan_label, _PLAN, above=is_ahead)
    if band := figures.band:
        bottom, top = axes.get_ylim()
        height = ((band.low[-1] + band.high[-1]) / 2 - bottom) / (top - bottom)
        style = {"transform": axes.transAxes, "va": "center", "fontsize": 9, "color": _AHEAD, "linespacing": 1.15}
        axes.text(1.03, min(max(height, 0.15), 0.85), _drawable_lines(band.label), **style)


def _beside(axes: Any, place: float, value: float, words: str, colour: str, *, above: bool) -> None:
    """The lines fall: above one there is room to its right, below one to its left."""
    side = (
        {"ha": "left", "va": "bottom", "xytext": (5, 4)} if above else {"ha": "right", "va": "top", "xytext": (-5, -4)}
    )
    axes.annotate(drawable(words), (place, value), textcoords="offset points", color=colour, fontsize=9.5, **side)


def _drawable_lines(text: str) -> str:
    return "\n".join(drawable(line) for line in text.split("\n"))
