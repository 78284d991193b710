"""What the sandbox was told to get wrong, and which request it hits next."""

import dataclasses
import random
from dataclasses import dataclass, field
from typing import Any, get_args, get_type_hints

KINDS = ("drop_before", "drop_after", "delay", "status", "malformed", "slow_body")


@dataclass(slots=True)
class Fault:
    """One way to fail, `times` times (None: until cleared), each time with `probability`.

    drop_before  closes the connection and does nothing
    drop_after   does what was asked, then closes the connection without an answer
    delay        answers after `seconds`
    status       refuses with `status` in the platform's own words (429 with `retry_after` seconds); nothing is done,
                 unless `commit`: then it is done first, as when a gateway loses the answer
    malformed    does it and answers with half of the body
    slow_body    does it, and pauses `seconds` in the middle of the body

    `endpoint` is a template as the counters name it (`/2/tweets`), its beginning or its end (`chat.postMessage`), or
    the beginning of a path; empty means every endpoint.
    `code` is a platform's own error where it has many for one status: Graph's number, Slack's word.
    """

    kind: str
    platform: str = ""
    endpoint: str = ""
    method: str = ""
    account: str = ""
    status: int = 500
    retry_after: float = 60
    seconds: float = 1
    times: int | None = None
    probability: float = 1
    seed: int = 0
    commit: bool = False
    code: str = ""
    id: int = 0
    hits: int = 0
    _draw: random.Random = field(default_factory=random.Random, repr=False)

    def concerns(self, platform: str, method: str, template: str, path: str, account: str) -> bool:
        """Whether this fault is meant for that request."""
        return (
            self.times != 0
            and self.platform in ("", platform)
            and self.method.upper() in ("", method)
            and self.account in ("", account)
            and (
                template.startswith(self.endpoint) or template.endswith(self.endpoint) or path.startswith(self.endpoint)
            )
        )

    def strikes(self) -> bool:
        """Draw, and use one of `times` up if it hits."""
        if self._draw.random() >= self.probability:
            return False
        self.hits += 1
        if self.times is not None:
            self.times -= 1
        return True


class Faults:
    """The faults that are armed, in the order they were told."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []
        self._told = 0

    def arm(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Arm one fault from its JSON. Raises ValueError with a sentence when it cannot be one."""
        fault = Fault(**_checked(asked))
        self._told += 1
        fault.id = self._told
        fault._draw = random.Random(f"{fault.seed}/{fault.kind}/{fault.endpoint}")
        self._armed.append(fault)
        return shown(fault)

    def strike(self, platform: str, method: str, template: str, path: str, account: str) -> Fault | None:
        """The fault that hits this request, if any."""
        meant = (f for f in self._armed if f.concerns(platform, method, template, path, account))
        return next((f for f in meant if f.strikes()), None)

    def clear(self) -> None:
        self._armed.clear()

    def listed(self) -> list[dict[str, Any]]:
        return [shown(f) for f in self._armed]


def shown(fault: Fault) -> dict[str, Any]:
    """A fault as JSON, with how often it hit."""
    return {f.name: getattr(fault, f.name) for f in dataclasses.fields(fault) if not f.name.startswith("_")}


def _checked(asked: dict[str, Any]) -> dict[str, Any]:
    hints = {n: t for n, t in get_type_hints(Fault).items() if not n.startswith("_") and n not in ("id", "hits")}
    for name, value in asked.items():
        if name not in hints:
            raise ValueError(f"A fault has no field {name!r}; it has {', '.join(hints)}.")
        kinds = tuple(get_args(hints[name])) or (hints[name],)
        fits = isinstance(value, kinds) or (float in kinds and isinstance(value, int))
        if not fits or (isinstance(value, bool) and bool not in kinds):
            raise ValueError(f"A fault's {name} cannot be {value!r}.")
    if asked.get("kind") not in KINDS:
        raise ValueError(f"A fault's kind is one of {', '.join(KINDS)}, not {asked.get('kind')!r}.")
    return asked
