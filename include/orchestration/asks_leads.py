"""Leads in the sales channel: whoever is there takes one with 👀 and is done with ✅; both are kept."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from include.domain import Brand, Heard, Message, MessageRef
from include.orchestration import doors
from include.orchestration.asks import Ask, Look

if TYPE_CHECKING:
    from include.listening.leads import Told


def lead_asks(look: Look) -> Iterator[Ask]:
    """Every lead that is to be told, that somebody may still take, or that was erased lately."""
    from include.listening import leads

    brands = {brand.key: replace(brand, channel=brand.sales_channel or brand.channel) for brand in look.brands}
    for each in leads.of_interest(look.engine, now=look.now):
        if brand := brands.get(each.brand):
            yield LeadAsk(each.key, brand, each, look)


@dataclass(frozen=True)
class LeadAsk:
    """One lead. The brand's channel is here where its leads go; anybody there may answer."""

    key: str
    brand: Brand
    told: "Told"
    look: Look

    @property
    def listens(self) -> bool:
        return self.told.done_by is None and self.told.erased_at is None

    def message(self) -> Message | None:
        from include.listening.lead_words import lead_message

        if self.told.is_said:
            return None
        network = doors.platform_of(self.told.account).title
        return lead_message(self.brand, self.told, network=network, now=self.look.now)

    def hear(self, heard: Heard, ref: MessageRef) -> bool:
        from include.listening import leads, signs

        names = {member: name for name, member in self.brand.slack_ids.items()}
        engine, lead_id, now, done = self.look.engine, self.told.lead_id, self.look.now, False
        if taken := signs.members(heard, signs.TAKE):
            done = leads.take(engine, lead_id, by=names.get(taken[0], taken[0]), now=now)
        if finished := signs.members(heard, signs.YES):
            done |= leads.finish(engine, lead_id, by=names.get(finished[0], finished[0]), now=now)
        return done

    def follow_up(self, ref: MessageRef) -> None:
        """The receipt that it was told."""
        from include.listening import leads

        if self.told.told_at is None:
            leads.set_told(self.look.engine, self.told.lead_id, at=self.look.now)
