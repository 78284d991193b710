"""From a platform's refusal to our errors: each platform has a table, and this is how a table is read.

A row says what to look for in the facts of an answer, which error that is, and the sentence for the person who will
read it. In a table OutcomeUnknown means "the platform stumbled": a read may be repeated, a write must be looked up.
"""

import time
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from include.domain.errors import OutcomeUnknown, PlatformError, Refused, Retired, TryLater
from platforms.transport.limits import retry_after
from platforms.transport.redaction import hide


class Duplicate(Refused):
    """The platform says that it has this very post already. It may be ours: look it up."""


class TooMuchAsked(Refused):
    """The answer would be too big; the same question in smaller portions may pass."""


A_DAY_S = 86_400.0
"""No limit lasts longer than a day; a header that says so is mistaken, or counts in another unit."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said. `body` is as it came, but for secrets; `data` its JSON, None where it is none.

    `doing` says in words what was asked ("publish post p1"), `account` for whom. `nothing_hidden`: `data` says what
    `body` says, for there was no secret in it.
    """

    account: str
    doing: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    data: Any = field(repr=False)
    nothing_hidden: bool = False

    @property
    def parsed(self) -> Any:
        """What `body` says; None where that is not what `data` says."""
        return self.data if self.nothing_hidden else None

    @property
    def text(self) -> str:
        """The first words of the body, for a sentence."""
        return " ".join(self.body[:600].decode(errors="replace").split())[:200]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: `when` these facts hold, it is a `then`, told by `sentence`.

    `when` maps a fact's name to the value wanted: a number, a container of numbers, or words that must be found in
    it whatever their case. `wait_s` is how long a TryLater waits where the answer itself does not say.
    """

    when: Mapping[str, Any]
    then: type[PlatformError]
    sentence: str
    wait_s: float = 60.0

    def fits(self, facts: Mapping[str, Any]) -> bool:
        return all(_fits(wanted, facts.get(name)) for name, wanted in self.when.items())


Explain = Callable[[Answer], PlatformError]


def explain_by(
    table: Sequence[Row], answer: Answer, facts: Mapping[str, Any], wait_s: float | None = None
) -> PlatformError:
    """The error of the first row that fits; without one, by the status alone.

    `facts["message"]` is what the platform said; it ends up in the sentence, for it often names the culprit.
    `wait_s` is what the platform's own headers say; else `Retry-After` counts, else the row.
    """
    if wait_s is None:
        wait_s = retry_after(answer.headers, time.time())
    row = next((row for row in table if row.fits(facts)), None) or _by_status(answer.status, answer.data is not None)
    said = hide(str(facts.get("message") or answer.text)).strip().rstrip(".")
    sentence = f"{answer.account}: could not {answer.doing}. {row.sentence} (HTTP {answer.status}: {said}.)"
    return _error(row, sentence, answer, facts, wait_s)


def _error(row: Row, sentence: str, answer: Answer, facts: Mapping[str, Any], wait_s: float | None) -> PlatformError:
    if issubclass(row.then, TryLater):
        wait = min(row.wait_s if wait_s is None else wait_s, A_DAY_S)
        return row.then(sentence, wait_s=wait, account=answer.account, status=answer.status)
    if issubclass(row.then, Retired):
        return row.then(sentence, metric=facts.get("metric"), account=answer.account, status=answer.status)
    return row.then(sentence, account=answer.account, status=answer.status)


def _by_status(status: int, is_readable: bool) -> Row:
    if status == 429:
        return Row({}, TryLater, "There were too many calls; it will be tried again later.", wait_s=900)
    if status >= 500 or status == 408:
        return Row({}, OutcomeUnknown, "The server stumbled.")
    if 300 <= status < 400:
        return Row({}, Refused, "The server points elsewhere; put the right address into the connection's host.")
    if 400 <= status < 500 and not is_readable and status not in (401, 403, 404, 405, 413):
        # Nothing was done, and why was lost on the way: a throttle of Meta's is a 400 as a bad parameter is.
        return Row({}, TryLater, "What it said was cut off; it will be asked again.")
    return Row({}, Refused, "Look at what it said and correct the post or the account's settings.")


def _fits(wanted: Any, fact: Any) -> bool:
    if isinstance(wanted, str):
        return wanted.lower() in str(fact or "").lower()
    if isinstance(wanted, Container):
        return fact is not None and fact in wanted
    return bool(fact == wanted)
