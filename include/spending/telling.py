"""What is told of budgets in Slack, in the language of their brand: an episode with its chart, Monday's table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from include.desk.flights import NONE
from include.domain.accounts import Brand
from include.domain.alerts import Alert, Severity
from include.domain.messages import Attachment, Message
from include.messages.notices import LIGHTS, runbook_heading
from include.messages.numbers import lasting
from include.messages.slack_text import bold, context, escape, fitted, image, link, section, sections, shorten
from include.pacing.catalogue import CATALOGUES
from include.pacing.counting import Tally
from include.pacing.figures import Words
from include.pacing.look import Look
from include.pacing.sentences import alert_of, speak
from include.spending.picture import chart_of

MOST_IN_TABLE = 20


def say(language: str, key: str, **blanks: object) -> str:
    """A sentence of the catalogue."""
    return CATALOGUES[Words(language).language][key].format(**blanks)


def lasted(time: timedelta, language: str) -> str:
    """How long: `2 days 5 h`, `2 giorni 5 h`."""
    words = lasting(time)
    return words.replace("days", "giorni").replace("day", "giorno") if Words(language).language == "it" else words


@dataclass(frozen=True)
class Seen:
    """One budget as it was looked at: whose, what, and what was spent each day."""

    brand: Brand
    look: Look
    tally: Tally

    @property
    def alert(self) -> Alert | None:
        return alert_of(self.look, brand=self.brand.title, language=self.brand.language)


@dataclass(frozen=True)
class BudgetVoice:
    """The words of budgets' episodes (`Voice` in include/alerts/episodes.py). `seen` is by the alert's key."""

    seen: Mapping[str, Seen]
    brands: Mapping[str, Brand]
    runbook_url: str = ""

    def alert(self, alert: Alert) -> Message:
        seen, language = self.seen[alert.key], self._language(alert.key)
        light = LIGHTS[alert.severity]
        lines = [f"{light} {bold(escape(shorten(alert.headline, 200)))}"]
        lines += [escape(shorten(line, 500)) for line in alert.because.splitlines()]
        if alert.next_step:
            lines.append(f"{bold(say(language, 'do'))} {escape(shorten(alert.next_step, 500))}")
        blocks, files = sections(lines), self._chart(seen)
        blocks += [image(each.slot, each.alt) for each in files]
        blocks += [context(way) for way in self._runbook(alert)]
        return fitted(Message(escape(shorten(f"{light} {alert.headline}", 300)), tuple(blocks), files))

    def worse(self, alert: Alert) -> Message:
        return _line(LIGHTS[alert.severity], say(self._language(alert.key), "worse", headline=alert.headline))

    def back(self, alert: Alert, quiet: timedelta) -> Message:
        language = self._language(alert.key)
        words = say(language, "back", time=lasted(quiet, language), headline=alert.headline)
        return _line(LIGHTS[alert.severity], words)

    def closed(self, key: str, headline: str, time: timedelta) -> Message:
        language = self._language(key)
        lines = [f"✅ ~{escape(shorten(headline, 200))}~", escape(self._over(key, time))]
        text = say(language, "closed", headline=shorten(headline, 250))
        return fitted(Message(f"✅ {escape(text)}", tuple(sections(lines))))

    def over(self, key: str, time: timedelta) -> Message:
        return _line("✅", self._over(key, time))

    def _over(self, key: str, time: timedelta) -> str:
        language = self._language(key)
        return say(language, "over_after", time=lasted(time, language))

    def _language(self, key: str) -> str:
        brand = self.brands.get(key.partition(":")[2].partition("/")[0])
        return brand.language if brand else "en"

    def _chart(self, seen: Seen) -> tuple[Attachment, ...]:
        chart = chart_of(seen.look, seen.tally, seen.brand.language)
        return (Attachment("chart", "budget.png", chart.png, chart.alt),) if chart else ()

    def _runbook(self, alert: Alert) -> list[str]:
        if not self.runbook_url:
            return []
        address = f"{self.runbook_url}#{runbook_heading(alert.kind)}"
        return [link(address, "runbook") if "://" in address else f"runbook: {escape(address)}"]


def _line(mark: str, words: str) -> Message:
    text = f"{mark} {escape(shorten(words, 250))}"
    return fitted(Message(text, tuple(sections([text]))))


def budget_table(brand: Brand, seen: Sequence[Seen], week: date, unclaimed: Iterable[str] = ()) -> Message:
    """All budgets of a brand, those that need somebody first."""
    language = brand.language
    title = say(language, "table", brand=brand.title, week=week.isocalendar().week)
    ordered = sorted(seen, key=lambda each: (_rank(each.alert), each.look.budget.last))
    blocks = [section(f"💶 {bold(escape(title))}")]
    blocks += [section(_rows(each, language)) for each in ordered[:MOST_IN_TABLE]]
    if len(ordered) > MOST_IN_TABLE:
        blocks.append(section(escape(say(language, "table_more", count=len(ordered) - MOST_IN_TABLE))))
    if small := ", ".join(unclaimed):
        blocks.append(context(escape(say(language, "table_unclaimed", spenders=small))))
    return fitted(Message(f"💶 {escape(title)}", tuple(blocks)))


def _rank(alert: Alert | None) -> int:
    return -list(Severity).index(alert.severity) if alert else 1


def _rows(seen: Seen, language: str) -> str:
    """Two lines for a phone: what is the matter, and the figures."""
    look, words = seen.look, Words(language)
    light = LIGHTS[seen.alert.severity] if seen.alert else "🟢"
    matter = speak(look, language=language).headline.removeprefix(f"{look.budget.brand} “{look.budget.name}”: ")

    def money(amount: Any) -> str:
        return words.money(amount, look.budget.currency)

    end = ""
    if look.forecast and look.today <= look.budget.last and look.forecast.high > look.forecast.low:
        end = say(language, "table_end", low=money(look.forecast.low), high=money(look.forecast.high))
    figures: dict[str, str] = {"spent": money(look.spent), "money": money(look.money), "expected": money(look.expected)}
    row = say(language, "table_row", **figures, end=end)
    return f"{light} {bold(escape(look.budget.name))} {escape(matter)}\n{escape(row)}"


def unclaimed_of(brand: Brand, unclaimed: Mapping[str, Mapping[str, Any]], accounts: Iterable[str]) -> list[str]:
    """What a brand's accounts spent that no budget counts: `meta_ads_aurora/Natale €12`."""
    words, own = Words(brand.language), set(accounts)
    return [
        f"{spender} {words.money(amount, currency)}"
        for spender, sums in unclaimed.items()
        for currency, amount in sums.items()
        if spender.partition("/")[0] in own and amount != NONE
    ]
