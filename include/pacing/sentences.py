"""What a budget's look says to people: what is happening, by how much, what to set today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from include.desk.flights import NONE
from include.domain.alerts import Alert, Severity
from include.pacing.catalogue import CATALOGUES
from include.pacing.figures import Number, Words
from include.pacing.look import Look
from include.pacing.states import CALLS, State

KIND = "budget_pacing"
_SEVERE = frozenset({State.EXHAUSTED, State.OVER_CAP})
_ENOUGH = 20  # a later day is named with its own amount if it differs from today's by more than a twentieth


@dataclass(frozen=True, slots=True)
class Spoken:
    """A look in words: `headline` for a phone, `because` in lines, `next_step` is what to do."""

    headline: str
    because: tuple[str, ...]
    next_step: str


def alert_of(look: Look, *, brand: str = "", language: str = "en") -> Alert | None:
    """The alert of a look that calls for somebody; None where all is well or nothing can be done.

    All alerts of one flight are one episode, whatever state they tell of.
    """
    if look.state not in CALLS:
        return None
    spoken = speak(look, brand=brand, language=language)
    soon = look.state == State.WILL_EXHAUST_EARLY and look.ends_on is not None and (look.ends_on - look.today).days < 2
    severity = Severity.CRITICAL if soon or look.state in _SEVERE else Severity.WARNING
    return Alert(KIND, look.budget.key, spoken.headline, "\n".join(spoken.because), spoken.next_step, severity)


def speak(look: Look, *, brand: str = "", language: str = "en") -> Spoken:
    """`look` in a language; `brand` is the title that readers know."""
    return _Speaker(look, language).spoken(brand or look.budget.brand)


class _Speaker:
    """One look and one language."""

    def __init__(self, look: Look, language: str) -> None:
        self.look, self.words = look, Words(language)
        self.catalogue = CATALOGUES[self.words.language]

    def say(self, key: str, **blanks: object) -> str:
        return self.catalogue[key].format(**blanks)

    def money(self, amount: Number, *, exact: bool = False) -> str:
        return self.words.money(amount, self.look.budget.currency, exact=exact)

    def day(self, day: date) -> str:
        return self.words.day(day, beside=self.look.today)

    def spoken(self, brand: str) -> Spoken:
        return Spoken(f"{brand} “{self.look.budget.name}”: {self.what()}", tuple(self.because()), self.next_step())

    def what(self) -> str:
        look, key = self.look, str(self.look.state)
        early = (look.budget.last - (look.ends_on or look.today)).days
        if look.state == State.EXHAUSTED:
            early = (look.budget.last - look.today).days
        if look.state == State.NO_DATA and not look.missing:
            key = "no_data_of" if look.unread and look.through >= look.budget.first else "no_data_at_all"
        so_far = look.spent + look.spent_today
        return self.say(
            key,
            first=self.day(look.budget.first),
            accounts=", ".join(look.unread),
            since=self.day(min(look.missing, default=look.today)),
            spent=self.money(so_far),
            money=self.money(look.money),
            variance=self.money(abs(look.variance)),
            off=self.off(),
            ends=self.day(look.ends_on or look.today),
            early=self.days(early),
            beyond=self.money(so_far - look.cap),
        )

    def days(self, count: int) -> str:
        return self.say("one_day") if count == 1 else self.say("days", count=count)

    def off(self) -> str:
        return self.words.percent(self.look.index - 1, signed=True) if self.look.index is not None else "—"

    def because(self) -> Iterator[str]:
        look = self.look
        if look.through >= look.budget.first:
            notes = ", ".join([*([self.off()] if look.index is not None else []), *self.weights()])
            beside = self.say("beside", notes=notes) if notes else ""
            yield self.say(
                "so_far",
                spent=self.money(look.spent),
                money=self.money(look.money),
                through=self.day(look.through),
                expected=self.money(look.expected),
                beside=beside,
            )
        if look.missing:
            yield self.say(
                "stale", days=", ".join(map(self.day, look.missing[:3])) + self.more(), through=self.day(look.through)
            )
        if look.unread and look.through >= look.budget.first:
            yield self.say("unread", accounts=", ".join(look.unread))
        if look.forecast and look.today <= look.budget.last and look.state not in _SEVERE:
            yield self.course()
        if look.hours:
            hours = look.hours
            yield self.say("hours", hour=hours.hour, spent=self.money(hours.spent), expected=self.money(hours.expected))

    def more(self) -> str:
        return f" (+{len(self.look.missing) - 3})" if len(self.look.missing) > 3 else ""

    def course(self) -> str:
        look, foreseen = self.look, self.look.forecast
        assert foreseen is not None
        text = self.say(
            "course",
            usual=self.money(look.usual),
            total=self.money(foreseen.total),
            last=self.words.day(look.budget.last),
            low=self.money(foreseen.low),
            high=self.money(foreseen.high),
        )
        if foreseen.overspend >= 0.05:
            text += " " + self.say("overspend", chance=self.words.percent(foreseen.overspend))
        return text

    def weights(self) -> Iterator[str]:
        """What the plan makes more or less of, so that a reader sees why it is not a straight line."""
        budget = self.look.budget
        for place, weight in enumerate(budget.weekdays):
            if weight != 1:
                yield f"{self.words.weekday(place)} ×{self.words.number(weight, 0 if weight == int(weight) else 1)}"
        for event in budget.events[:3]:
            factor = self.words.number(event.factor, 0 if event.factor == int(event.factor) else 1)
            span = self.day(event.first) + (f"–{self.day(event.last)}" if event.last > event.first else "")
            yield f"{span} ×{factor}"

    def next_step(self) -> str:
        look = self.look
        if look.state in _SEVERE:
            return self.say("stop_agreed" if look.budget.pause_at_cap else "stop", row=look.budget.row)
        if look.state == State.NO_DATA:
            named = look.unread or [member.account for member in look.budget.members]
            accounts = ", ".join(dict.fromkeys(named)) or look.budget.name
            return self.say("read" if look.missing else "read_never", accounts=accounts)
        if look.today_amount is None or look.state in (State.ENDED, State.NOT_STARTED):
            return ""
        if look.state == State.ON_TRACK and (look.now is None or self.is_near(look.now, look.today_amount)):
            return self.say("keep", now=self.now())
        return " ".join(self.to_set())

    def to_set(self) -> Iterator[str]:
        look = self.look
        if not look.today_amount:
            yield self.say("set_zero", now=self.now())
            return
        yield self.say("set", amount=self.money(look.today_amount, exact=True), then=self.then(), now=self.now())
        if look.is_held_back:
            wanted = self.money(look.schedule[look.today], exact=True)
            yield self.say("held_back", step=self.words.percent(look.budget.step), wanted=wanted)
        if look.shares:
            parts = ", ".join(f"{name} {self.money(amount, exact=True)}" for name, amount in look.shares.items())
            yield self.say("members", parts=parts)

    def then(self) -> str:
        """The next day of the coming week whose amount is another one."""
        amount = self.look.today_amount
        if amount is None or self.look.is_held_back:
            return ""
        for day, planned in [*self.look.schedule.items()][1:8]:
            if not self.is_near(planned, amount):
                return self.say("then", day=self.day(day), amount=self.money(planned, exact=True))
        return ""

    def is_near(self, one: Number, other: Number) -> bool:
        return abs(float(one) - float(other)) * _ENOUGH <= max(abs(float(other)), 1e-9)

    def now(self) -> str:
        look = self.look
        key = ("now_worst" if look.worst else "now") if look.now is not None else ("worst" if look.worst else "")
        if not key:
            return ""
        now = self.money(look.now, exact=True) if look.now is not None else ""
        return self.say(key, now=now, worst=self.money(look.worst or NONE))
