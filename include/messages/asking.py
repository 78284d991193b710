"""What people are asked in Slack about a post, and what became of it: an approval, a held post, a post by hand.

An answer is a reaction: ✅ or ✋. Once it is settled, the same message says by whom, and no longer asks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from include.domain.messages import Attachment, Message
from include.domain.posts import Media, Part, Post
from include.messages.numbers import counted
from include.messages.slack_text import (
    Block,
    bold,
    context,
    escape,
    exact,
    image,
    link,
    pieces,
    quoted,
    section,
    sections,
    shorten,
    verbatim,
)

MOST_SHOWN = 5_000
"""Characters of a post's texts in the message that asks; all of a message's blocks may hold about 13,000."""
MOST_BELOW = 9_000
"""Characters of those that stand in a message of its thread, where nothing else does."""
_MOST_PIECES = 12


@dataclass(frozen=True, slots=True)
class Draft:
    """A post as people are shown it: whose it is (titles), on whose clock, where it was read."""

    post: Post
    brand: str
    account: str
    timezone: str
    source: str = ""

    @property
    def place(self) -> str:
        """`Bottega Aurora · Facebook · Tue 24 Nov 09:00`: what a phone shows."""
        when = moment(self.post.publish_at, self.timezone) if self.post.publish_at else "as soon as possible"
        return f"{shorten(self.brand, 30)} · {self.account} · {when}"


def moment(at: datetime, timezone: str) -> str:
    """`Tue 24 Nov 12:00`, on the brand's clock."""
    local = at.astimezone(ZoneInfo(timezone))
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def clock(at: datetime, timezone: str, *, now_is: datetime | None = None) -> str:
    """`09:12`, or with its day where it is another than that of `now_is`."""
    local = at.astimezone(ZoneInfo(timezone))
    same = now_is is not None and now_is.astimezone(ZoneInfo(timezone)).date() == local.date()
    return f"{local:%H:%M}" if same else moment(at, timezone)


def approval_question(
    draft: Draft,
    *,
    until: datetime,
    approvers: Sequence[str],
    form_url: str,
    in_slack: bool = True,
    tone: Sequence[str] = (),
    pictures: Sequence[Attachment] = (),
    problem: str = "",
) -> Message:
    """One text as it will read, and who may say yes to it until when. `problem`: what is wrong with its images."""
    deadline = moment(until, draft.timezone)
    headline = f"{draft.place}: waits for your yes by {deadline}"
    who = " or ".join(approvers) or "an approver"
    if in_slack:
        todo = f"{bold('Do:')} ✅ approve · ✋ reject, as a reaction here, by {escape(who)}"
        other = link(form_url, "Or answer in Airflow")
    else:
        todo = f"{bold('Do:')} {link(form_url, 'read and answer in Airflow')}, by {escape(who)}"
        other = escape("To answer here, name the approvers' Slack ids in brands.yml")
    # What is too much for one message is cut from its end: what must be seen stands first.
    blocks: list[Block] = [section(f"⏳ {bold(escape(headline))}"), *sections([todo])]
    first, *rest = _pages(_texts(draft.post))
    blocks += _shown(first, "quote")
    blocks += [section(escape(f"It goes on in the thread ({counted(len(rest), 'message')})."))] if rest else []
    blocks += [*_pictures(pictures)]
    blocks += sections([*facts(draft.post), *([f"⚠️ {escape(problem)}"] if problem else [])])
    blocks += sections(_checklist(tone))
    small = f"Times are those of {draft.timezone}. Without an answer it does not go out; an edited text is asked anew."
    blocks.append(context(f"{escape(small)} {other}. Version {draft.post.content_hash[:8]}"))
    return exact(Message(f"⏳ {escape(headline)}", tuple(blocks), tuple(pictures)))


def approval_rest(post: Post) -> list[Message]:
    """What of a long text, or a long thread, goes into the question's thread."""
    return _below(_texts(post), "quote")


def approval_settled(draft: Draft, *, is_yes: bool, by: str, at: datetime) -> Message:
    """The question's own message once it was answered."""
    mark, said = ("✅", "approved") if is_yes else ("✋", "rejected")
    words = f"{said} by {by} {clock(at, draft.timezone, now_is=draft.post.publish_at)}"
    more = "" if is_yes else "It does not go out. Edit its row, and the new text is asked about."
    return _settled(mark, draft, words, more)


def approval_ended(draft: Draft, why: str, *, keep_text: bool = True, because: str = "") -> Message:
    """The question's own message once an answer counts no more: `expired`, `edited`, `called off` (`because` of what,
    in a sentence)."""
    words = {
        "expired": (
            "⌛",
            "nobody answered in time",
            "It does not go out. While there is time, it is asked about anew.",
        ),
        "edited": ("✏️", "edited meanwhile", "This text counts no more; the new one has a question of its own."),
        "called off": ("🚫", "called off", f"{because} An answer changes nothing.".strip()),
    }
    mark, said, more = words[why]
    return _settled(mark, draft, said, more, keep_text=keep_text)


def held_question(draft: Draft, *, reason: str, may_be_out: bool, who: Sequence[str]) -> Message:
    """A post that was held: why, and what a reaction does."""
    headline = f"{draft.place}: held back, send it?"
    lines = [f"⏸ {bold(escape(headline))}", quoted(draft.post.text, 300), escape(shorten(reason, 500))]
    names = escape(" or ".join(who))
    if may_be_out:
        lines.append("⚠️ It may be out: look at the account before you answer.")
        lines.append(
            f"{bold('Do:')} if it is out, reply here with its link, then ✅; if it is not, ▶️ send now · ✋ call off. By"
            f" {names}"
        )
    else:
        lines.append(f"{bold('Do:')} ✅ send now · ✋ call off, as a reaction here, by {names}")
    small = context(f"{escape(f'Times are those of {draft.timezone}.')} {escape(draft.source)}".strip())
    return exact(Message(f"⏸ {escape(headline)}", (*sections(lines), small)))


def held_settled(draft: Draft, words: str, *, mark: str = "✅") -> Message:
    """The held post's own message once somebody decided, here or elsewhere."""
    return _settled(mark, draft, words, "")


def hand_over(
    draft: Draft, *, who: Sequence[str], pictures: Sequence[Attachment] = (), media: Iterable[str] = ()
) -> Message:
    """A post for a network that no program reaches: everything to paste, each in a box that can be copied whole."""
    headline = f"{draft.place}: post this by hand now"
    said = f"reply here with its link, then put ✅ under this message. ✋ calls it off. By {' or '.join(who)}"
    if not who:
        said = (
            "say so: python -m include.publishing.decisions live POST ID LINK --by NAME (brands.yml names no Slack id)"
        )
    paste = f"{bold('Do:')} paste it, then {escape(said)}"
    small = f"Times are those of {draft.timezone}. It counts as live once its link is here."
    blocks: list[Block] = [section(f"📋 {bold(escape(headline))}"), *sections([paste])]
    first, *rest = _pages(_to_paste(draft.post))
    blocks += _shown(first, "preformatted")
    blocks += [section(escape(f"It goes on in the thread ({counted(len(rest), 'message')})."))] if rest else []
    blocks += [*_pictures(pictures), *sections(media), context(escape(small))]
    return exact(Message(f"📋 {escape(headline)}", tuple(blocks), tuple(pictures)))


def hand_over_rest(post: Post) -> list[Message]:
    """What of it goes into the thread."""
    return _below(_to_paste(post), "preformatted")


def posted_by_hand(draft: Draft, *, url: str, by: str, at: datetime) -> Message:
    """Somebody gave the link of what was handed over, or of what the desk was not sure about."""
    words = f"live, says {by} {clock(at, draft.timezone, now_is=draft.post.publish_at)}"
    return _settled("✅", draft, words, link(url, "see it"), is_markup=True)


def note(words: str, *, mark: str = "ℹ️") -> Message:
    """A sentence for a thread."""
    return exact(Message(f"{mark} {escape(words)}", (section(f"{mark} {escape(words)}"),)))


def facts(post: Post) -> list[str]:
    """What goes out beside the text: link, media with their alternative texts, campaign."""
    lines = [f"🔗 {link(post.link, post.link)}"] if post.link else []
    lines += [media_line(media) for media in post.media]
    lines += [f"🎬 As a {post.format}"] if post.format != "feed" else []
    about = [f"Campaign: {post.campaign}"] if post.campaign else []
    about += [f"Objective: {post.objective}"] if post.objective else []
    about += [f"Sponsored from {post.sponsor_budget}"] if post.sponsor_budget else []
    return lines + ([f"🏷 {escape(' · '.join(about))}"] if about else [])


def media_line(media: Media) -> str:
    """`🖼 cup.png: “A cup”`, mrkdwn; a warning where nobody described it."""
    sign = "🎥" if media.is_video else "🖼"
    name = link(media.source if media.is_web else None, media.name)
    return f"{sign} {name}: {quoted(media.alt, 400)}" if media.alt else f"{sign} {name}: ⚠️ not described in words"


Piece = tuple[str, str]
"""A text, or a piece of a long one, and what is written above it."""


def _texts(post: Post) -> list[Piece]:
    """The texts as they will read, each part by itself."""
    return [(_label(part), part.text) for part in post.parts]


def _pages(texts: Iterable[Piece]) -> list[list[Piece]]:
    """The texts, whole, as the messages that show them: the one that asks, and those in its thread."""
    pages: list[list[Piece]] = [[]]
    room = MOST_SHOWN
    for label, text in texts:
        for number, piece in enumerate(pieces(text, MOST_SHOWN) if text else [""]):
            if pages[-1] and (len(piece) > room or len(pages[-1]) == _MOST_PIECES):
                pages.append([])
                room = MOST_BELOW
            pages[-1].append((f"{label or 'Text'}, continued" if number else label, piece))
            room -= len(piece)
    return pages


def _shown(page: Iterable[Piece], kind: str) -> list[Block]:
    blocks: list[Block] = []
    for label, text in page:
        blocks += [*([section(bold(escape(label)))] if label else []), verbatim(text, kind)]
    return blocks


def _below(texts: Iterable[Piece], kind: str) -> list[Message]:
    rest = _pages(texts)[1:]
    titles = [f"It goes on ({number} of {len(rest)})" for number in range(1, len(rest) + 1)]
    return [Message(title, tuple(_shown(page, kind))) for title, page in zip(titles, rest, strict=True)]


def _label(part: Part) -> str:
    return {"thread": f"Thread, text {part.number + 1}", "comment": "First comment"}.get(part.kind, "")


def _to_paste(post: Post) -> list[tuple[str, str]]:
    labels = {"post": "Text", "comment": "First comment"}
    paste = [(labels.get(part.kind) or f"Thread, text {part.number + 1}, in reply", part.text) for part in post.parts]
    paste += [("Link", post.link)] if post.link else []
    return [*paste, *((f"Described as ({media.name})", media.alt) for media in post.media if media.alt)]


def _checklist(tone: Sequence[str]) -> list[str]:
    return [bold("Tone"), *(f"□ {escape(line)}" for line in tone)] if tone else []


def _pictures(pictures: Iterable[Attachment]) -> list[Block]:
    return [image(picture.slot, picture.alt) for picture in pictures]


def _settled(
    mark: str, draft: Draft, words: str, more: str, *, keep_text: bool = True, is_markup: bool = False
) -> Message:
    headline = f"{draft.place}: {words}"
    lines = [f"{mark} {bold(escape(headline))}"]
    lines += [quoted(draft.post.text, 160)] if keep_text else []
    lines += [more if is_markup else escape(more)] if more else []
    return exact(Message(f"{mark} {escape(shorten(headline, 300))}", tuple(sections(lines))))
