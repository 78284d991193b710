"""A budget's burn-down, from its look and from what was spent each day."""

from datetime import date
from decimal import Decimal
from itertools import accumulate

from include.desk.flights import NONE
from include.messages.burn_down import Band, BurnDown, burn_down
from include.messages.charts import Chart
from include.pacing.catalogue import CATALOGUES
from include.pacing.counting import Tally
from include.pacing.figures import Words
from include.pacing.look import Look


def chart_of(look: Look, tally: Tally, language: str) -> Chart | None:
    """The chart of a flight that has a day behind it; None for one that has not."""
    return burn_down(_Chart(look, tally, language).figures()) if look.through >= look.budget.first else None


class _Chart:
    def __init__(self, look: Look, tally: Tally, language: str) -> None:
        self.look, self.tally, self.words = look, tally, Words(language)
        self.catalogue = CATALOGUES[self.words.language]
        self.days = list(look.budget.days())
        self.behind = (look.through - look.budget.first).days + 1

    def figures(self) -> BurnDown:
        look = self.look
        money = float(look.money)
        sums = accumulate((self.tally.daily.get(day, NONE) for day in self.days[: self.behind]), initial=NONE)
        left = [money - float(spent) for spent in sums]
        plan = self.plan()
        title = self.say("chart_title", money=self.money(look.money))
        return BurnDown(
            title=f"{look.budget.name} · {title}",
            alt=self.alt(title, plan[self.behind], left[-1]),
            plan=plan,
            plan_label=self.say("chart_plan"),
            left=left,
            left_label=self.amount(left[-1]),
            today=((look.today - look.budget.first).days, self.say("chart_today")),
            ticks=[(0, self.day(look.budget.first)), (len(self.days), self.day(look.budget.last))],
            money=self.money,
            band=self.band(left[-1]),
        )

    def plan(self) -> list[float]:
        look = self.look
        whole = sum(look.weights.values(), NONE) or Decimal(1)
        sums = accumulate((look.weights.get(day, NONE) for day in self.days), initial=NONE)
        return [float(look.money * (1 - passed / whole)) for passed in sums]

    def band(self, left: float) -> Band | None:
        """The forecast's end, spread over the days to come as the plan weighs them."""
        look = self.look
        if look.forecast is None or look.through >= look.budget.last:
            return None
        ahead = [float(look.weights.get(day, NONE)) for day in self.days[self.behind :]]
        shares = [passed / (sum(ahead) or 1.0) for passed in accumulate(ahead, initial=0.0)]
        ends = [float(look.money) - end for end in (look.forecast.total, look.forecast.high, look.forecast.low)]
        likely, low, high = ([left + (end - left) * share for share in shares] for end in ends)
        label = self.say("chart_end", low=self.money(low[-1]), high=self.money(high[-1]))
        return Band(self.behind, likely, low, high, label)

    def alt(self, title: str, plan: float, left: float) -> str:
        look = self.look
        figures = {"title": f"{look.budget.name}: {title}", "through": self.day(look.through)}
        figures |= {"plan": self.money(plan), "left": self.money(left)}
        if look.forecast is None:
            return self.say("chart_alt_short", **figures)
        low, high = (float(look.money) - end for end in (look.forecast.high, look.forecast.low))
        return self.say(
            "chart_alt", last=self.day(look.budget.last), low=self.money(low), high=self.money(high), **figures
        )

    def amount(self, left: float) -> str:
        return self.say("chart_left" if left >= 0 else "chart_gone", amount=self.money(abs(left)))

    def say(self, key: str, **blanks: object) -> str:
        return self.catalogue[key].format(**blanks)

    def money(self, amount: float | Decimal) -> str:
        return self.words.money(amount, self.look.budget.currency)

    def day(self, day: date) -> str:
        return f"{day.day}\N{NO-BREAK SPACE}{self.words.month(day)}"
