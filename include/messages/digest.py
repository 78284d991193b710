"""Monday's digest: one brand's week on a phone.

Every sentence is made by rule from the numbers that are handed in. What is unknown, unfinished or not connected is
said, and nothing is concluded from it.
"""

from collections.abc import Sequence

from include.domain.messages import Attachment, Message
from include.kpis.definitions import Kpi
from include.messages.headline import headline, in_a_nutshell, to_do
from include.messages.numbers import DOWN, UP, Number, change, counted, days_between, written
from include.messages.slack_text import (
    Block,
    bold,
    context,
    escape,
    fitted,
    header,
    image,
    link,
    sections,
    shorten,
)
from include.messages.week import BestPost, Figure, Plan, Reading, WeekInWords

__all__ = ["BestPost", "Figure", "Plan", "Reading", "WeekInWords", "weekly_digest"]

CHART = "chart"
_ICONS = {
    "followers": "👥",
    "audience_growth": "📈",
    "audience_growth_rate": "📈",
    "posts_published": "📝",
    "reach": "📣",
    "coverage": "📣",
    "referral_sessions": "🛒",
    "conversions": "🛒",
    "conversion_rate": "🛒",
    "bounce_rate": "↩️",
    "negative_comments": "🙁",
}


def weekly_digest(week: WeekInWords) -> Message:
    """The message of one brand and week. Its first 80 characters are brand, week and the number that counts."""
    name = f"{shorten(week.brand, 30)} · week {week.number}"
    blocks: list[Block] = [header(f"{name} ({days_between(week.monday, week.sunday)})")]
    blocks += sections([bold(escape(headline(week)))])
    blocks += sections(line for figure in week.figures if (line := _line(figure)))
    if week.chart:
        blocks.append(image(CHART, week.chart_alt or f"The last weeks of {week.brand}"))
    blocks += sections(map(_post_line, week.best_posts))
    blocks += sections([f"{bold('Do:')} {to_do(week)}", *_ahead(week)])
    blocks += [context(line) for line in _small_print(week)]
    text = escape(f"{name} · {in_a_nutshell(week)}. {headline(week)}")
    return fitted(Message(text, tuple(blocks), _chart(week)))


def _chart(week: WeekInWords) -> tuple[Attachment, ...]:
    if not week.chart:
        return ()
    filename = f"{week.monday:%G}-week-{week.number:02}.png"
    return (Attachment(CHART, filename, week.chart, week.chart_alt),)


def _line(figure: Figure) -> str:
    """`📣 Reach: Facebook 22,340 ▲18 % · X —`; empty where no reading was handed in."""
    if not figure.readings:
        return ""
    icon = _ICONS.get(figure.kpi.name, "💬")
    told = " · ".join(_reading(figure, reading) for reading in figure.readings)
    colon = ":" if figure.readings[0].of else ""
    return f"{icon} {escape(figure.kpi.title)}{colon} {told}"


def _reading(figure: Figure, reading: Reading) -> str:
    unit, style = figure.kpi.unit, figure.style
    told = [escape(reading.of)] if reading.of else []
    told.append(bold(written(reading.value, unit, style)))
    if reading.value is None:
        return " ".join(told)
    if not reading.is_final:
        told.append("so far")
    elif moved := change(reading.value, reading.before, unit, style):
        told.append(moved + _judged(figure, moved))
    if figure.target is not None and not reading.of:
        told.append(_against(figure, reading.value))
    return " ".join(told)


def _judged(figure: Figure, moved: str) -> str:
    """An arrow down is bad news unless the figure is of the other kind; only then a word is needed."""
    if figure.kpi.up_is_good is not False or moved[0] not in UP + DOWN:
        return ""
    return ", good" if moved[0] == DOWN else ", bad"


def _against(figure: Figure, value: Number) -> str:
    assert figure.target is not None
    wanted = float(figure.target)
    met = float(value) <= wanted if figure.kpi.up_is_good is False else float(value) >= wanted
    verdict = "\N{NO-BREAK SPACE}✓" if met else ", missed"
    return f"(target {written(figure.target, figure.kpi.unit)}{verdict})"


def _post_line(post: BestPost) -> str:
    return f"⭐ {escape(post.account)}: {link(post.url, '“' + shorten(post.text, 70) + '”')} · {escape(post.why)}"


def _ahead(week: WeekInWords) -> list[str]:
    if week.plan is None:
        return []
    waiting = f", {week.plan.awaiting} of them await a yes" if week.plan.awaiting else ""
    return [f"{bold('This week:')} {counted(week.plan.posts, 'post')} planned{waiting}."]


def _small_print(week: WeekInWords) -> list[str]:
    """What the figures lack: days that are missing, figures that are unknown, sources that are not connected."""
    lines = []
    if week.missing:
        lines.append(f"Note: {escape(' '.join(week.missing))}")
    if week.waiting:
        lines.append(f"Not connected yet: {escape('; '.join(_by_source(week.waiting)))}.")
    return lines


def _by_source(waiting: Sequence[Kpi]) -> list[str]:
    """`website analytics (referral sessions, bounce rate)`, one for each source that is waited for."""
    sources: dict[str, list[str]] = {}
    for kpi in waiting:
        sources.setdefault(kpi.waits_for or "a source", []).append(kpi.title.lower())
    return [f"{source} ({', '.join(titles)})" for source, titles in sources.items()]
