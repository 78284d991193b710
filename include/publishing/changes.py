"""Take down or reword what is live, by hand and for a reason. Who, when, why and what came of it is kept.

A platform's `delete` and `edit` may be done twice without harm, so a call whose answer never came is simply repeated.
Where no answer comes at all the ledger stays as it was, and the same may be asked for again.
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection, Engine, update

from include.domain.capabilities import Editor, Remover
from include.domain.errors import OutcomeUnknown, PlatformError
from include.domain.posts import Post
from include.publishing import attempts, journal
from include.publishing.plan import post_of
from include.publishing.sending import Clock, utc_now
from include.publishing.states import CALLABLE_OFF, IN_FLIGHT, ON_SHOW, State
from include.warehouse import tables

_PAUSES = (1.0, 5.0)
_TAG = re.compile(r"([?&])utm_(?:source|medium|campaign|content)=[^&]*$")


class CannotChange(ValueError):
    """The post cannot be taken down or reworded, now or at all. The message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which post is to be changed, who wants it, and why."""

    post_id: str
    by: str
    reason: str

    def __post_init__(self) -> None:
        if not self.by.strip() or not self.reason.strip():
            raise CannotChange(f"Say who changes post {self.post_id} and for what reason; both are kept.")


@dataclass(frozen=True, slots=True)
class Changes:
    """Where changes are written down, with the clock and the patience of whoever makes them."""

    engine: Engine
    clock: Clock = utc_now
    sleep: Callable[[float], None] = time.sleep

    def delete(self, wish: Wish, remover: Remover) -> str:
        """Take the post down with all that follows it, the last part first; gives a sentence.

        Raises CannotChange, and PlatformError where the platform does not do it: what is gone by then is written down.
        """
        note = f"{wish.by} took it down: {wish.reason}"
        with self.engine.begin() as connection:
            if _is_down(connection, wish.post_id):
                return f"Post {wish.post_id} is down already."
            rows = _on_show(connection, wish.post_id)
            to_come = journal.lock(connection, journal.of_post(wish.post_id))
            journal.call_off(connection, to_come, at=self.clock(), by=wish.by, note=note)
        for row in reversed(rows):
            self._ask(row, wish, "delete", [row.remote_id], partial(remover.delete, row.remote_id))
            with self.engine.begin() as connection:
                locked = journal.lock(connection, journal.of_post(wish.post_id))
                current = next(each for each in locked if each.part == row.part)
                if current.state in ON_SHOW:
                    journal.enter(connection, current, State.DELETED, at=self.clock(), by=wish.by, note=note)
        parts = f" with the {len(rows) - 1} that followed it" if len(rows) > 1 else ""
        return f"Post {wish.post_id} ({rows[0].url}) is taken down{parts}."

    def edit(self, wish: Wish, text: str, editor: Editor) -> str:
        """Let the live post say `text`; gives a sentence. What follows it stays as it is. Raises as `delete` does."""
        if not text.strip():
            raise CannotChange(f"Post {wish.post_id} needs a text. To take it down, delete it.")
        with self.engine.begin() as connection:
            row = _on_show(connection, wish.post_id)[0]
            if any(each.state in CALLABLE_OFF for each in journal.lock(connection, journal.of_post(wish.post_id))):
                raise CannotChange(f"Not all of post {wish.post_id} is out; send or call off the rest, then reword it.")
            before = post_of(journal.text_of(connection, wish.post_id))
        after = reworded(before, text)
        asked = [row.remote_id, after.content_hash]
        self._ask(row, wish, "edit", asked, partial(editor.edit, after, row.remote_id))
        words = f"text {before.content_hash[:16]} became {after.content_hash[:16]}"
        with self.engine.begin() as connection:
            (row, *_) = journal.lock(connection, journal.of_post(wish.post_id))
            journal.remark(connection, row, self.clock(), wish.by, f"{wish.by} reworded it ({words}): {wish.reason}")
            values = {"text": text, "content_hash": after.content_hash}
            connection.execute(update(tables.post).where(tables.post.c.post_id == wish.post_id).values(values))
        return f"Post {wish.post_id} ({row.url}) is reworded."

    def _ask(
        self,
        row: journal.PublicationRow,
        wish: Wish,
        step: attempts.Step,
        asked: Sequence[str],
        call: Callable[[], None],
    ) -> None:
        """One call, kept as an attempt, and made again while no answer comes."""
        for pause in (*_PAUSES, None):
            with self.engine.begin() as connection:
                attempt = attempts.begin(connection, row, step, at=self.clock(), by=wish.by, asked=asked)
            try:
                call()
            except PlatformError as error:
                self._end(attempt, str(row.state), str(error), error.status)
                if pause is None or not isinstance(error, OutcomeUnknown):
                    raise
                self.sleep(pause)
            else:
                self._end(attempt, "deleted" if step == "delete" else str(row.state), wish.reason, None)
                return

    def _end(self, attempt: int, outcome: str, words: str, status: int | None) -> None:
        with self.engine.begin() as connection:
            attempts.end(connection, attempt, outcome, at=self.clock(), words=words, status=status)


def reworded(before: Post, text: str) -> Post:
    """The post with another text, its hash made of the same things as the one that it has: the calendar's import takes
    a file for what it shows, and a link without its campaign tags."""
    by_digest = tuple(replace(media, source=media.digest or media.source) for media in before.media)
    for link in _links(before.link):
        for media in (before.media, by_digest):
            if replace(before, link=link, media=media, content_hash="").content_hash == before.content_hash:
                seen = replace(before, text=text, link=link, media=media, content_hash="").content_hash
                return replace(before, text=text, content_hash=seen)
    return replace(before, text=text, content_hash="")


def _links(link: str | None) -> Iterator[str | None]:
    """The link, and what it may have been before its tags were put behind it, one by one from the last."""
    yield link
    page, mark, fragment = (link or "").partition("#")
    while found := _TAG.search(page):
        page = page[: found.start()]
        yield f"{page}{mark}{fragment}"
        if found[1] == "?":
            return


def _is_down(connection: Connection, post_id: str) -> bool:
    """Whether it was taken down before, so that a run that is repeated has nothing to do."""
    return any(row.state == State.DELETED for row in journal.lock(connection, journal.of_post(post_id)) if not row.part)


def _on_show(connection: Connection, post_id: str) -> list[journal.PublicationRow]:
    """The parts that people can see, the post itself first, all parts locked."""
    rows = journal.lock(connection, journal.of_post(post_id))
    if not rows:
        raise CannotChange(f"There is no post {post_id}.")
    if rows[0].state not in ON_SHOW:
        raise CannotChange(f"Post {post_id} is {rows[0].state}; only a live one can be changed.")
    if any(row.state in IN_FLIGHT for row in rows):
        raise CannotChange(f"A part of post {post_id} is on its way; try again in a few minutes.")
    for row in rows:
        if row.state in ON_SHOW and not row.remote_id:
            raise CannotChange(
                f"Post {post_id} is live by a person's link, {row.url}; change it at the network itself."
            )
    return [row for row in rows if row.state in ON_SHOW]
