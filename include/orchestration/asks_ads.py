"""The question about a change of ad budgets: ✅ sets it, ✋ keeps it as it is, 💤 asks again tomorrow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from include.domain import Brand, Heard, Message, MessageRef
from include.orchestration import ad_changes, doors
from include.orchestration.asks import WATCHED, Ask, Look

if TYPE_CHECKING:
    from include.publishing.answers import Answer
    from include.spending.actions import Action


def ads_asks(look: Look) -> Iterator[Ask]:
    """Every proposal that is open, or that something became of lately; none where ad changes are off."""
    from include.spending import actions

    if not ad_changes.are_on():
        return
    actions.expire(look.engine, now=look.now)
    ad_changes.begin(look.engine, look.brands, look.now).propose_holds()
    brands = {brand.key: brand for brand in look.brands}
    for key, rows in actions.by_message(actions.actions(look.engine, since=look.now - WATCHED)).items():
        if brand := brands.get(rows[0].brand):
            yield AdsAsk(key, replace(brand, approvers=tuple(rows[0].deciders)), rows, look)


@dataclass(frozen=True)
class AdsAsk:
    """One proposal. The brand's approvers are here those who decide about this budget."""

    key: str
    brand: Brand
    rows: "Sequence[Action]"
    look: Look

    @property
    def listens(self) -> bool:
        return all(row.state == "proposed" for row in self.rows)

    def message(self) -> Message:
        from include.publishing import answers
        from include.spending.asking import question

        return question(
            self.brand,
            self.rows,
            platforms={row.account: doors.platform_of(row.account).title for row in self.rows},
            who=list(answers.approvers(self.brand)),
            form_url=f"{doors.settings().airflow_url}/required_actions",
            sets_itself=doors.settings().ad_changes == "apply",
        )

    def hear(self, heard: Heard, ref: MessageRef) -> bool:
        answer, now = self.look.read(self, heard), self.look.now
        done = self._decide(answer, now)
        self.look.turn_away(self, answer, ref)
        return done

    def _decide(self, answer: "Answer", now: datetime) -> bool:
        from include.spending import actions

        if answer.no:
            return actions.decide(self.look.engine, self.key, "rejected", by=answer.no[0], now=now) > 0
        if answer.later:
            return actions.decide(self.look.engine, self.key, "expired", by=answer.later[0], now=now, note="later") > 0
        if answer.yes and actions.decide(self.look.engine, self.key, "approved", by=answer.yes[0], now=now):
            ad_changes.begin(self.look.engine, self.look.brands, now).apply(self.key)
            return True
        return False
