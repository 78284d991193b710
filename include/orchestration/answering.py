"""The work of `read_reactions`: say what is asked, read what people answered, do it, and say so in the same message."""

import logging
from collections.abc import Iterable, Iterator, Mapping

from include.domain import Heard, MessageRef, TryLater
from include.orchestration.asks import Ask, Look
from include.orchestration.asks_ads import ads_asks
from include.orchestration.asks_approval import ApprovalAsk, approval_asks
from include.orchestration.asks_by_hand import ByHandAsk, by_hand_asks
from include.orchestration.asks_held import held_asks
from include.orchestration.asks_hold import hold_asks, late_asks, pause_asks
from include.orchestration.asks_leads import LeadAsk, lead_asks
from include.orchestration.asks_moderation import ModerationAsk, moderation_asks
from include.orchestration.asks_spikes import SpikeAsk, spike_asks
from include.orchestration.one_by_one import OneByOne

log = logging.getLogger(__name__)


def read_answers() -> dict[str, int]:
    """One look at everything that is asked; gives how many messages were looked at, and how many answers did something.

    Where nothing is asked, Slack is not asked either.
    """
    look = Look.begin()
    asks = list(_asks(look))
    with OneByOne() as tellings:
        say(look, asks, tellings)
        places = _places(look, asks)
        heard = _listen(look, places.values(), tellings)
        done = 0
        for ask in asks:
            if (ref := places.get(ask.key)) in heard and ref is not None:
                with tellings.next():
                    done += _hear(look, ask, heard[ref], ref)
        if done:
            say(look, list(_asks(Look.begin())), tellings)
    return {"asked": len(places), "answered": done}


def _hear(look: Look, ask: Ask, heard: Heard, ref: MessageRef) -> bool:
    """What was said under a message. One that somebody deleted is forgotten: what still waits is asked anew."""
    from include.alerts.telling import forget

    if not heard.is_gone:
        return ask.hear(heard, ref)
    log.warning("Somebody deleted the message %s in %s; it is looked at no more.", ask.key, ref.channel)
    forget(look.engine, ask.key)
    return False


def _asks(look: Look) -> Iterator[Ask]:
    for kind in (approval_asks, held_asks, by_hand_asks, hold_asks, late_asks, pause_asks, ads_asks):
        yield from kind(look)
    for kind in (moderation_asks, lead_asks, spike_asks):
        yield from kind(look)


def say(look: Look, asks: Iterable[Ask], tellings: OneByOne) -> None:
    for ask in asks:
        with tellings.next():
            look.say(ask)
        if isinstance(ask, ApprovalAsk | ByHandAsk | ModerationAsk | LeadAsk) and (ref := look.place_of(ask)):
            with tellings.next():
                ask.follow_up(ref)


def _places(look: Look, asks: Iterable[Ask]) -> dict[str, MessageRef]:
    """Where the messages stand under which somebody may answer: those of brands that name their approvers' ids, and
    leads and spikes, of which anybody may say something."""
    from include.alerts.telling import where_told
    from include.publishing import answers

    def may_answer(ask: Ask) -> bool:
        return isinstance(ask, LeadAsk | SpikeAsk) or bool(answers.approvers(ask.brand))

    keys = [ask.key for ask in asks if ask.listens and may_answer(ask)]
    return {key: ref for key in keys if (ref := where_told(look.engine, key))}


def _listen(look: Look, refs: Iterable[MessageRef], tellings: OneByOne) -> Mapping[MessageRef, Heard]:
    """What was said under them. A channel that cannot be read keeps no other back."""
    by_channel: dict[str, list[MessageRef]] = {}
    for ref in refs:
        by_channel.setdefault(ref.channel, []).append(ref)
    heard: dict[MessageRef, Heard] = {}
    for wanted in by_channel.values():
        with tellings.next():
            try:
                heard |= look.listener.reactions(wanted)
            except TryLater as later:
                log.warning("%s The next run reads what was said.", later)
    return heard
