"""What a brand does about comments: its rules as people wrote them, and the answers that it has ready."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

PLACEHOLDER = re.compile(r"\{([^{}\s]*)\}")


@dataclass(frozen=True, slots=True)
class Often:
    """Who writes `times` comments or more `within` a span."""

    times: int
    within: timedelta


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of `moderation.yml`: which comments it catches, and what is then done.

    All conditions that it has must hold; of several words, hosts or languages one is enough. `brands` and `networks`
    are empty where it holds for all. `links` is None where links do not matter, empty where any counts. `score` is the
    least p_negative; with `negative` the language's own threshold decides. `draft` names an answer of `answers.yml`,
    `lead` says what is asked for (price, contact, appointment). Without `needs_approval` nobody is asked first.
    """

    name: str
    brands: frozenset[str] = frozenset()
    networks: frozenset[str] = frozenset()
    contains: tuple[str, ...] = ()
    regex: str = ""
    links: tuple[str, ...] | None = None
    languages: frozenset[str] = frozenset()
    often: Often | None = None
    score: float | None = None
    negative: bool = False
    hide: bool = False
    labels: tuple[str, ...] = ()
    assign: str = ""
    draft: str = ""
    lead: str = ""
    needs_approval: bool = True

    def is_for(self, brand: str, network: str) -> bool:
        return (not self.brands or brand in self.brands) and (not self.networks or network in self.networks)


@dataclass(frozen=True, slots=True)
class Answers:
    """The answer library: `texts` by brand, name and language, `values` for their placeholders by brand.

    `*` is every brand; a brand's own answer goes before it.
    """

    texts: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def find(self, brand: str, name: str, languages: Iterable[str]) -> tuple[str, str] | None:
        """The answer in the first of the languages that it is written in: (language, text as in the file)."""
        for language in languages:
            for whose in (brand, "*"):
                for tag in (language, language.partition("-")[0]):
                    if text := self.texts.get((whose, name, tag)):
                        return tag, text
        return None

    def filled(self, text: str, brand: str, known: Mapping[str, str]) -> str:
        """The text with every placeholder replaced: by what is `known` of the comment, or by the brand's values."""
        values = {**self.values.get("*", {}), **self.values.get(brand, {}), **known}
        return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)
