"""A spike of negative comments as people are told of it: how many, where, since when, what they say, what to do.

What people wrote passes through `quoted`, which leaves nothing in it that pings, links or formats.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from include.domain.alerts import Severity
from include.domain.messages import Attachment, Message
from include.kpis.definitions import Unit
from include.messages.asking import clock, moment
from include.messages.notices import LIGHTS
from include.messages.numbers import counted, lasting, written
from include.messages.slack_text import bold, context, escape, fitted, image, link, quoted, sections, shorten

EXAMPLES = 5
_ON_A_PHONE = 80
_POSTS = 3


@dataclass(frozen=True, slots=True)
class Said:
    """One comment to be shown: who reads it follows `url`."""

    text: str
    url: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who answers for a language; `member` is the Slack id, empty where none is known."""

    who: str
    member: str
    language: str


@dataclass(frozen=True, slots=True)
class Spike:
    """What is known of an episode. Shares are fractions of the scored comments; `unscored` are those of the same hours
    that could not be judged. `posts` are (text, address, negatives), `languages` (name, negatives) of those hours."""

    brand: str
    place: str
    severity: Severity
    negatives: int
    usual: float
    opened_at: datetime
    timezone: str
    scored: int
    unscored: int
    usual_share: float
    hours: int = 6
    learning: bool = False
    posts: Sequence[tuple[str, str, int]] = ()
    languages: Sequence[tuple[str, int]] = ()
    examples: Sequence[Said] = ()
    next_post: tuple[datetime, str] | None = None
    ads: Sequence[str] = ()
    duty: Sequence[OnDuty] = ()
    taken_by: str = ""
    on_hold_by: str = ""
    may_hold: Sequence[str] = ()
    runbook: str = ""
    chart: Attachment | None = field(default=None, repr=False)

    @property
    def headline(self) -> str:
        """`Mekong Coffee · Facebook: 23 negative comments, usual 4`; with its light it fits a phone's notification."""
        figures = f"{counted(self.negatives, 'negative comment')}, usual {_few(self.usual)}"
        where = f" · {shorten(self.place, 24)}" if self.place else ""
        room = _ON_A_PHONE - len(figures) - len(where) - 4
        return f"{shorten(self.brand, max(room, 12))}{where}: {figures}"


def spike_message(spike: Spike) -> Message:
    """The episode's one message, as it reads now."""
    light = LIGHTS[spike.severity]
    lines = [f"{light} {bold(escape(spike.headline))}", *_figures(spike), *_posts(spike), *_examples(spike)]
    lines += [*_ahead(spike), *_to_do(spike)]
    blocks = sections(lines)
    files = (spike.chart,) if spike.chart else ()
    blocks += [image(each.slot, each.alt) for each in files]
    blocks.append(context(_signs(spike)))
    return fitted(Message(f"{light} {escape(spike.headline)}", tuple(blocks), files))


def spike_closed(headline: str, lasted: timedelta, *, negatives: int = 0, dismissed_by: str = "") -> Message:
    """The same message once it is over. `negatives` is how many they were at its height."""
    height = f"; at its height {counted(negatives, 'negative comment')} in 6 hours" if negatives else ""
    over = f"Over after {lasting(lasted)}{height}."
    if dismissed_by:
        over = f"No spike, says {escape(dismissed_by)}. It is watched on, and told again only if it gets worse."
    lines = [f"✅ ~{escape(headline)}~", over]
    return fitted(Message(f"✅ {escape(headline)}: over", tuple(sections(lines))))


def doubled(spike: Spike) -> Message:
    """For the thread: it has become worse, and by how much."""
    names = _called(spike) if spike.severity is Severity.CRITICAL else ""
    words = f"{LIGHTS[spike.severity]} Worse: {escape(spike.headline)}{names}"
    return fitted(Message(words, tuple(sections([words]))))


def _figures(spike: Spike) -> list[str]:
    share = spike.negatives / spike.scored if spike.scored else 0.0
    since = f"Since {moment(spike.opened_at, spike.timezone)} ({_town(spike.timezone)})."
    usual = _share(spike.usual_share)
    rate = f"In {spike.hours} h {_share(share)} of {spike.scored} scored are negative, usually {usual}"
    if spike.unscored:
        all_of = spike.scored + spike.unscored
        rate += f"; {spike.unscored} more ({_share(spike.unscored / all_of)}) could not be judged"
    lines = [escape(since), f"{escape(rate)}."]
    if len(spike.languages) > 1:
        told = ", ".join(f"{name} {count}" for name, count in spike.languages[:5])
        lines.append(escape(f"In {told}."))
    elif spike.languages and spike.languages[0][0] != "und":
        lines.append(escape(f"All in {spike.languages[0][0]}."))
    if spike.learning:
        lines.append("The desk has known this account for less than two weeks: what is usual is still a guess.")
    return lines


def _posts(spike: Spike) -> list[str]:
    named = [
        f"{count} of {spike.negatives} under {link(url, f'“{shorten(text, 60)}”')}"
        for text, url, count in spike.posts[:_POSTS]
    ]
    left = len(spike.posts) - _POSTS
    more = [f"and under {counted(left, 'more post')}"] if left > 0 else []
    return [" · ".join([*named, *more])] if named else []


def _examples(spike: Spike) -> list[str]:
    shown = [
        f"{number}. {quoted(said.text, 140)} {link(said.url, 'read ›') if said.url else ''}".rstrip()
        for number, said in enumerate(spike.examples[:EXAMPLES], start=1)
    ]
    left = spike.negatives - len(shown)
    return [*shown, f"… and {left} more"] if shown and left > 0 else shown


def _ahead(spike: Spike) -> list[str]:
    parts = []
    if spike.next_post:
        at, place = spike.next_post
        parts.append(f"⏰ Next post {clock(at, spike.timezone)} on {escape(place)}")
    if spike.ads:
        named = ", ".join(escape(shorten(name, 40)) for name in spike.ads[:3])
        parts.append(f"💶 {counted(len(spike.ads), 'ad campaign')} running: {named}")
    if spike.on_hold_by:
        parts.append(f"⏸ on hold by {escape(spike.on_hold_by)}")
    return [" · ".join(parts)] if parts else []


def _to_do(spike: Spike) -> list[str]:
    if spike.taken_by:
        return [f"{bold('Do:')} {escape(spike.taken_by)} has it; ask in the thread before you answer."]
    who = _called(spike) or ""
    duty = f"{bold('On duty' + who + ':')} " if who else f"{bold('Do:')} "
    what = "read the examples, answer the first five, and say 👀 here so that nobody answers twice."
    if spike.next_post or spike.ads:
        what += " If it is about us and not about one post, hold the brand with ⏸."
    return [duty + what]


def _called(spike: Spike) -> str:
    """Who answers: by name, and so that Slack calls them where it is critical."""
    names = []
    for duty in spike.duty:
        name = f"<@{duty.member}>" if duty.member and spike.severity is Severity.CRITICAL else escape(duty.who)
        names.append(f"{name} for {escape(duty.language)}" if duty.language else name)
    return f" {', '.join(names)}" if names else ""


def _signs(spike: Spike) -> str:
    who = f" (by {' or '.join(escape(name) for name in spike.may_hold)})" if spike.may_hold else ""
    signs = [f"⏸ holds the brand{who}" if spike.may_hold else "", "👀 I've got it", "🚫 not a spike", "✅ it is real"]
    signs.append("🏷️ wrong sentiment: reply here, such as “2 positive, 4 neutral”")
    return " · ".join([*(sign for sign in signs if sign), *([spike.runbook] if spike.runbook else [])])


def _few(usual: float) -> str:
    return f"{usual:.0f}" if usual >= 10 or usual == round(usual) else f"{usual:.1f}".removesuffix(".0")


def _share(share: float) -> str:
    return written(round(share, 2) if share >= 0.1 else share, Unit.PERCENT)


def _town(timezone: str) -> str:
    return timezone.rpartition("/")[2].replace("_", " ")
