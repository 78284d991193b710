"""What is told about a hold: that nothing goes out, by whom and why, what waits, and how it ends."""

from collections.abc import Sequence
from datetime import datetime

from include.domain.messages import Message
from include.messages.asking import Draft, clock
from include.messages.numbers import counted
from include.messages.slack_text import bold, context, escape, exact, quoted, sections, shorten

_NAMED = 5


def hold_open(
    what: str,
    *,
    by: str,
    at: datetime,
    why: str,
    timezone: str,
    waiting: Sequence[Draft] = (),
    ads: Sequence[str] = (),
    who: Sequence[str] = (),
    subject: str = "",
) -> Message:
    """`what` is on hold. `waiting` are the posts that it keeps back, `ads` what is to be paused by hand."""
    headline = f"{shorten(what, 60)} is on hold: nothing goes out"
    lines = [f"⏸ {bold(escape(headline))}", f"By {escape(by)}, {clock(at, timezone)}: {escape(shorten(why, 500))}"]
    lines += [*_posts("Waits", waiting), *_ads(ads)]
    command = f"python -m include.publishing.holds lift {subject} --by NAME"
    names = escape(" or ".join(who))
    here = f"▶️ under this message lets it go on, by {names}." if who else f"it goes on with {escape(command)}."
    lines.append(f"{bold('Do:')} {here} What is late by then is asked about.")
    return exact(Message(f"⏸ {escape(headline)}", tuple(sections(lines))))


def hold_lifted(
    what: str,
    *,
    by: str,
    at: datetime,
    held: tuple[str, datetime],
    timezone: str,
    going: Sequence[Draft] = (),
    late: Sequence[Draft] = (),
    who: Sequence[str] = (),
) -> Message:
    """It goes on: which posts go out by themselves, and which are too late and are asked about."""
    headline = f"{shorten(what, 60)} goes on"
    lines = [f"▶️ {bold(escape(headline))}, says {escape(by)}, {clock(at, timezone)}"]
    lines += [f"It was on hold by {escape(held[0])} since {clock(held[1], timezone)}."]
    lines += [*_posts("Goes out now", going), *_posts("Too late to go out unasked", late)]
    if late and who:
        lines.append("They are asked about in messages of their own.")
    elif late:
        lines.append(f"{bold('Do:')} decide with python -m include.publishing.decisions")
    small = [context(escape(f"Times are those of {timezone}."))]
    return exact(Message(f"▶️ {escape(headline)}, says {escape(by)}", (*sections(lines), *small)))


def late_question(what: str, *, late: Sequence[Draft], timezone: str, who: Sequence[str]) -> Message:
    """What a hold made late, to be decided about together."""
    headline = f"{shorten(what, 60)}: {counted(len(late), 'post')} too late by the hold, send them?"
    lines = [f"⏸ {bold(escape(headline))}", *_posts("Too late to go out unasked", late)]
    all_of = (
        f"✅ sends all {len(late)}, on each account ten minutes apart · ✋ calls all off"
        if len(late) > 1
        else "✅ sends it now · ✋ calls it off"
    )
    lines.append(f"{bold('Do:')} {all_of}; or answer under each one's own message. By {escape(' or '.join(who))}")
    small = [context(escape(f"Times are those of {timezone}."))]
    return exact(Message(f"⏸ {escape(headline)}", (*sections(lines), *small)))


def late_decided(what: str) -> Message:
    """The same message once nothing is left to decide."""
    words = f"{shorten(what, 60)}: all that the hold made late is decided"
    return exact(Message(f"✅ {escape(words)}", tuple(sections([f"✅ {bold(escape(words))}"]))))


def _posts(title: str, drafts: Sequence[Draft]) -> list[str]:
    if not drafts:
        return []
    named = [f"• {escape(draft.place.partition(' · ')[2])}: {quoted(draft.post.text, 80)}" for draft in drafts[:_NAMED]]
    left = len(drafts) - _NAMED
    more = [f"… and {counted(left, 'more post')}"] if left > 0 else []
    return [f"{bold(escape(title))}: {counted(len(drafts), 'post')}", *named, *more]


def _ads(ads: Sequence[str]) -> list[str]:
    if not ads:
        return []
    return [f"{bold('Ads to pause by hand')}: {', '.join(escape(shorten(each, 80)) for each in ads[:10])}"]
