"""The last days of an account's comments, hour by hour: all of them, the negative ones, and how many are usual.

As in `charts.py`: lines carry their own names, colours of Okabe and Ito, readable on a phone.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from include.messages.charts import COLOURS, DOTS, FAINT, FAMILIES, INK, WIDTH, Chart, drawable, letters

_HEIGHT = 2.5
_NEGATIVE, _ALL = COLOURS[1], "#c9c9c9"


@dataclass(frozen=True, slots=True)
class Hours:
    """`negative` and `others` per hour, the last one ending now; `usual` is how many negative ones an hour has.
    `ticks` are (place, words); from `begins` on it counts as one episode."""

    title: str
    negative: Sequence[int]
    others: Sequence[int]
    usual: float
    ticks: Sequence[tuple[int, str]]
    begins: int


def spike_chart(hours: Hours) -> Chart:
    """Draw it."""
    return Chart(_draw(hours), _in_words(hours))


def _in_words(hours: Hours) -> str:
    spike, before = sum(hours.negative[hours.begins :]), sum(hours.negative[: hours.begins])
    count = len(hours.negative)
    return (
        f"{hours.title}: comments of the last {count} hours. {spike} negative in the last {count - hours.begins} hours,"
        f" {before} in the {hours.begins} hours before; usual are {hours.usual * 6:.1f} in six hours."
    )


def _draw(hours: Hours) -> bytes:
    import matplotlib as mpl  # noqa: PLC0415 - two seconds at its first import
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    letters()
    with mpl.rc_context({"font.family": list(FAMILIES), "font.size": 10, "text.color": INK}):
        figure = Figure(figsize=(WIDTH, _HEIGHT), dpi=DOTS, facecolor="white")
        FigureCanvasAgg(figure)
        figure.text(0.02, 1 - 0.2 / _HEIGHT, drawable(hours.title), fontsize=11, fontweight="bold", va="center")
        _legend(figure)
        axes = figure.add_axes((0.08, 0.13, 0.89, 0.63))
        _bars(axes, hours)
        _scale(axes, hours)
        written = io.BytesIO()
        figure.savefig(written, format="png", metadata={"Software": None})
    return written.getvalue()


def _legend(figure: Any) -> None:
    place = 1 - 0.42 / _HEIGHT
    figure.text(0.02, place, "negative comments an hour", color=_NEGATIVE, fontsize=9.5, va="center")
    figure.text(0.46, place, "others", color="#7d7d7d", fontsize=9.5, va="center")
    figure.text(0.60, place, "– – usual negative", color=INK, fontsize=9.5, va="center")


def _bars(axes: Any, hours: Hours) -> None:
    places = range(len(hours.negative))
    axes.bar(places, hours.negative, width=0.85, color=_NEGATIVE, linewidth=0)
    axes.bar(places, hours.others, bottom=hours.negative, width=0.85, color=_ALL, linewidth=0)
    axes.axvspan(hours.begins - 0.5, len(hours.negative) - 0.5, color="#fff1e6", linewidth=0, zorder=0)
    axes.axhline(hours.usual, color=INK, linewidth=1.2, linestyle=(0, (4, 3)))


def _scale(axes: Any, hours: Hours) -> None:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    highest = max([1, *(n + o for n, o in zip(hours.negative, hours.others, strict=True))])
    axes.set_xlim(-0.5, len(hours.negative) - 0.5)
    axes.set_ylim(0, highest * 1.08)
    ticks = [tick for tick in MaxNLocator(nbins=4, integer=True).tick_values(0, highest) if tick <= highest * 1.08]
    axes.set_yticks(ticks, [f"{tick:,.0f}" for tick in ticks], fontsize=9, color=FAINT)
    places, words = zip(*hours.ticks, strict=True) if hours.ticks else ((), ())
    axes.set_xticks(places, [drawable(each) for each in words], fontsize=9, color=FAINT)
    axes.tick_params(length=0)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y", color="#e6e6e6", linewidth=0.8)
    axes.set_axisbelow(True)
