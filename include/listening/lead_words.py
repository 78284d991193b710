"""A lead in the sales channel: what is asked, under what, who takes it. Its reader answers at the network."""

import re
from collections.abc import Iterator
from datetime import datetime

from include.domain.accounts import Brand
from include.domain.messages import Message
from include.listening.leads import Told
from include.messages.asking import clock
from include.messages.slack_text import (
    bold,
    context,
    escape,
    fitted,
    link,
    quoted,
    section,
    sections,
    shorten,
    verbatim,
)

ASKS = {
    "price": "somebody asks for a price",
    "contact": "somebody wants to be in contact",
    "appointment": "somebody wants an appointment",
    "form": "somebody filled in a lead form",
}
_MOST_SHOWN = 20
_MEMBER_ID = re.compile(r"[UW][A-Z0-9]{6,20}")


def lead_message(brand: Brand, told: Told, *, network: str, now: datetime) -> Message:
    """The lead as it stands now, with its receipt."""
    mark = "✅" if told.done_by else "👀" if told.taken_by else "🛒"
    headline = f"{shorten(brand.title, 30)} · {network}: {ASKS.get(told.kind, told.kind)}"
    blocks = sections([f"{mark} {bold(escape(headline))}"])
    if told.source == "comment":
        said = quoted(told.text, 600) if told.text else "The comment's words are no longer kept."
        blocks += sections([f"{said} {link(told.url, f'answer on {network}')}", *_where(told)])
    else:
        blocks += _form(told)
        blocks += sections(_where(told))
    if not told.done_by:
        blocks.append(section(f"{bold('Do:')} {_what_to_do(told, network)}"))
    blocks.append(context(" · ".join(_receipt(brand, told, now))))
    return fitted(Message(f"{mark} {escape(shorten(headline, 200))}", tuple(blocks)))


def _form(told: Told) -> list[dict[str, object]]:
    if told.erased_at:
        return [section("What was left in the form is erased, as DESK_LEAD_DAYS says.")]
    lines = [f"{shorten(name, 60)}: {shorten(value, 300)}" for name, value in (told.fields or ())[:_MOST_SHOWN]]
    return [section(f"{bold(escape(told.form))}"), verbatim("\n".join(lines))] if lines else []


def _where(told: Told) -> Iterator[str]:
    if told.post_text or told.post_url:
        words = f"“{shorten(told.post_text or 'a post', 80)}”"
        yield f"Under {link(told.post_url, words)}"
    about = [f"Campaign: {told.campaign}"] if told.campaign else []
    about += [f"Ad: {told.ad}"] if told.ad else ["Under an ad"] if told.sponsored else []
    if about:
        yield escape(" · ".join(about))


def _what_to_do(told: Told, network: str) -> str:
    how = "answer there" if told.source == "comment" else "get in touch"
    who = f" (the link shows who it is: the desk keeps no names from {network})" if told.source == "comment" else ""
    return f"{escape(how + who)}. 👀 I see to it · ✅ done, as a reaction here"


def _receipt(brand: Brand, told: Told, now: datetime) -> Iterator[str]:
    """`told 10:04 · taken by marta 10:09 · done …`: kept in the warehouse as it stands here."""

    def at(moment: datetime | None) -> str:
        return clock(moment, brand.timezone, now_is=told.told_at or now) if moment else ""

    yield f"Written {at(told.created_at)}"
    yield f"told {at(told.told_at or now)}"
    if told.taken_by:
        yield f"taken by {person(told.taken_by)} {at(told.taken_at)}"
    if told.done_by:
        yield f"done by {person(told.done_by)} {at(told.done_at)}"


def person(who: str) -> str:
    """A name as it is, a Slack member id as Slack shows people; mrkdwn."""
    return f"<@{who}>" if _MEMBER_ID.fullmatch(who) else escape(who)
