"""What people said, reworded and how much they talk, beyond the seeded world: told by the sandbox's control. And which
comments an account hid. Applying the journal's events again rebuilds it."""

from collections import defaultdict
from datetime import datetime

from include.sandbox.journal import Event
from include.sandbox.world.conversation import WorldComment
from include.sandbox.world.people import Person


class Voices:
    """By platform and comment id. `flows` is since when so many comments a minute are said, the last one counts."""

    def __init__(self) -> None:
        self.said: dict[tuple[str, str], list[WorldComment]] = defaultdict(list)
        self.reworded: dict[tuple[str, str], tuple[str, datetime]] = {}
        self.hidden: set[tuple[str, str]] = set()
        self.flows: list[tuple[datetime, float]] = []

    def flow(self, at: datetime, per_minute: float) -> None:
        self.flows.append((at, per_minute))

    def apply(self, event: Event) -> None:
        """Do what an event of the journal says."""
        at = datetime.fromisoformat(event["at"])
        key = (event.get("platform", ""), event.get("comment_id", ""))
        match event["kind"]:
            case "said":
                self.said[event["platform"], event["account"]].append(_comment_of(event, at))
            case "reworded":
                self.reworded[key] = (event["text"], at)
            case "hidden":
                (self.hidden.add if event["hidden"] else self.hidden.discard)(key)
            case "flow":
                self.flow(at, float(event["per_minute"]))


def _comment_of(event: Event, at: datetime) -> WorldComment:
    return WorldComment(
        comment_id=event["comment_id"],
        post_id=event["post_id"],
        created_at=at,
        text=event["text"],
        author=Person(**event["author"]),
        kind="said",
        language="und",
        parent_id=event.get("parent_id"),
    )
