"""A day's negative comments that no alert was about: listed for the brand, so that none is lost."""

from collections.abc import Sequence

from include.domain.messages import Message
from include.messages.numbers import counted
from include.messages.slack_text import bold, context, escape, fitted, link, quoted, sections, shorten
from include.messages.spike import Said

IN_MESSAGE = 10
ON_A_PAGE = 40


def daily_list(
    brand: str, day: str, said: Sequence[tuple[str, Said]], *, unscored: int, surges: Sequence[str] = ()
) -> list[Message]:
    """The message, and the pages that go into its thread. `said` are (network, comment), the worst first; `surges` tell
    of days with more comments than usual in the usual tone."""
    headline = f"{shorten(brand, 30)}: {counted(len(said), 'negative comment')} on {day}, none alarming"
    lines = [f"🙁 {bold(escape(headline))}", *_lines(said[:IN_MESSAGE], 1)]
    left = len(said) - IN_MESSAGE
    lines += [f"… and {left} more in the thread"] if left > 0 else []
    lines += [f"💬 {escape(each)}" for each in surges]
    small = ["Answer those that ask something; a “thank you, we look into it” is an answer."] if said else []
    small += [f"{counted(unscored, 'comment')} in languages that the desk cannot judge are not among them."] * bool(
        unscored
    )
    first = Message(f"🙁 {escape(headline)}", (*sections(lines), *(context(escape(each)) for each in small)))
    pages = [said[at : at + ON_A_PAGE] for at in range(IN_MESSAGE, len(said), ON_A_PAGE)]
    return [fitted(first), *(_page(page, IN_MESSAGE + n * ON_A_PAGE) for n, page in enumerate(pages))]


def _page(said: Sequence[tuple[str, Said]], begins: int) -> Message:
    lines = list(_lines(said, begins + 1))
    return fitted(Message(f"Negative comments {begins + 1} to {begins + len(said)}", tuple(sections(lines))))


def _lines(said: Sequence[tuple[str, Said]], begins: int) -> list[str]:
    return [
        f"{number}. {escape(network)}: {quoted(each.text, 110)} {link(each.url, 'read ›') if each.url else ''}".rstrip()
        for number, (network, each) in enumerate(said, start=begins)
    ]
