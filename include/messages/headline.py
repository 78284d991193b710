"""What the week comes to in one sentence, and the one thing to do: both by rule, from the numbers alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from include.kpis.definitions import Unit
from include.messages.numbers import Number, Style, brief, change, counted
from include.messages.slack_text import escape, link, shorten
from include.messages.week import Figure, Plan, Reading, WeekInWords

WORTH_SAYING = 0.05
WORTH_ACTING = 0.15
_ENOUGH = {Style.AMOUNT: 50, Style.NET: 20}  # below, a few people more or less are chance


@dataclass(frozen=True, slots=True)
class Move:
    """A reading that can be compared, and by what share of itself it changed."""

    figure: Figure
    reading: Reading
    value: Number
    before: Number
    share: float
    is_good: bool


def moves(figures: Iterable[Figure]) -> list[Move]:
    """What may be concluded from: final, known in both weeks, large enough; the strongest first."""
    found = [move for figure in figures for reading in figure.readings if (move := _move(figure, reading))]
    return sorted(found, key=lambda move: -move.share)


def _move(figure: Figure, reading: Reading) -> Move | None:
    good = figure.kpi.up_is_good
    if good is None or figure.style is Style.LEVEL or not reading.is_final:
        return None
    if reading.value is None or reading.before is None:
        return None
    value, before = float(reading.value), float(reading.before)
    larger = max(abs(value), abs(before))
    if figure.kpi.unit is not Unit.PERCENT and larger < _ENOUGH[figure.style]:
        return None
    base = larger if figure.style is Style.NET or not before else abs(before)
    share = abs(value - before) / base if base else 0.0
    return Move(figure, reading, reading.value, reading.before, share, (value > before) == good)


def headline(week: WeekInWords) -> str:
    """How the week went: the strongest move, and the strongest in the other direction if there is one."""
    found = moves(week.figures)
    said = [move for move in found if move.share >= WORTH_SAYING]
    if said:
        other = next((move for move in said if move.is_good != said[0].is_good), None)
        return _capital(_told(said[0]) + (f", but {_told(other)}" if other else "") + ".")
    if found:
        return f"A steady week: nothing moved by more than {WORTH_SAYING:.0%}.".replace("%", "\N{NO-BREAK SPACE}%")
    known = [(figure, reading) for figure in week.figures for reading in figure.readings if reading.value is not None]
    if not known:
        return "There are no figures for this week yet."
    if any(not reading.is_final for _, reading in known):
        return "The week's figures are not final yet, so nothing is compared."
    return "There is no week before to compare with, or too little in it."


def _told(move: Move) -> str:
    """`reach on Facebook rose 18 % to 22k`; `X won 212 followers, 180 the week before`."""
    figure, unit = move.figure, move.figure.kpi.unit
    if figure.kpi.name == "audience_growth":
        return _won(move.reading.of or "the brand", move.value, move.before)
    verb = "rose" if move.value > move.before else "fell"
    size = change(move.value, move.before, unit, figure.style, arrow=False)
    return f"{named(figure, move.reading)} {verb} {size} to {brief(move.value, unit)}"


def _won(who: str, value: Number, before: Number) -> str:
    one_way = (value < 0) == (before < 0)
    earlier = brief(abs(float(before))) if one_way else brief(before, style=Style.NET)
    verb = "lost" if value < 0 else "won"
    return f"{who} {verb} {counted(round(abs(float(value))), 'follower')}, {earlier} the week before"


def named(figure: Figure, reading: Reading) -> str:
    """`reach on Facebook`, or `reach` for the whole brand."""
    title = figure.kpi.title[0].lower() + figure.kpi.title[1:]
    return f"{title} on {reading.of}" if reading.of else title


def in_a_nutshell(week: WeekInWords) -> str:
    """The number for a phone's notification: `reach on Facebook 22k ▲18 %`."""
    strongest = [(move.figure, move.reading) for move in moves(week.figures)]
    known = [(figure, reading) for figure in week.figures for reading in figure.readings if reading.value is not None]
    for figure, reading in strongest + known:
        unit, style = figure.kpi.unit, figure.style
        moved = change(reading.value, reading.before, unit, style) if reading.is_final else ""
        return f"{named(figure, reading)} {brief(reading.value, unit, style)} {moved}".strip()
    return "no figures yet"


def to_do(week: WeekInWords) -> str:
    """The one thing to do, as mrkdwn: answer, plan, look into a fall, repeat what went well; in that order."""
    plan = week.plan
    if plan and plan.awaiting:
        words = f"answer for {counted(plan.awaiting, 'post')}"
        return f"{link(plan.approval_url, words)}{_by(plan, week.timezone)}."
    if plan and not plan.posts:
        return "fill the calendar: nothing is planned for this week."
    fallen = next((m for m in moves(week.figures) if not m.is_good and m.share >= WORTH_ACTING), None)
    if fallen:
        return escape(f"find out why {_told(fallen)}.")
    if week.best_posts:
        best = week.best_posts[0]
        return f"make another like {link(best.url, '“' + shorten(best.text, 40) + '”')} ({escape(best.why)})."
    if not any(reading.value is not None for figure in week.figures for reading in figure.readings):
        return "see below why there are no figures."
    return "nothing needs you today."


def _by(plan: Plan, timezone: str) -> str:
    if plan.answer_by is None:
        return ""
    return f" by {plan.answer_by.astimezone(ZoneInfo(timezone)):%a %H:%M}"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
