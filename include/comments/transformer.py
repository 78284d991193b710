"""Optional: a transformer of Hugging Face behind the same Scorer, slower and better (docs/sentiment.md).

    pip install -r requirements-transformers.txt
    scorer = transformer()                       XLM-T, fetched from the hub once and then kept by its client
    scorer = transformer("/models/my-model")     a folder with a text-classification model and its tokenizer

Nothing of the project asks for it by itself. Its labels are negative, neutral and positive, or LABEL_0 to LABEL_2 in
that order. Languages that it was not tuned for are unscored, as everywhere; `languages` says which those are.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from include.comments.cleaning import LONGEST, says_something, words_only
from include.comments.language import UNKNOWN, language_of
from include.domain.comments import Label, Verdict

XLM_T = "cardiffnlp/twitter-xlm-roberta-base-sentiment"
TUNED_FOR = ("ar", "en", "fr", "de", "hi-Latn", "it", "pt", "es")  # the languages of UMSAB
_LABELS: dict[str, Label] = {
    "label_0": "negative",
    "label_1": "neutral",
    "label_2": "positive",
    "negative": "negative",
    "neutral": "neutral",
    "positive": "positive",
}
Pipeline = Callable[[list[str]], Sequence[Sequence[dict[str, Any]]]]


@dataclass(frozen=True)
class PipelineScorer:
    """`pipeline` gives for each text every label with its probability. `threshold` is that of `negative`."""

    name: str
    pipeline: Pipeline
    languages: Collection[str] = TUNED_FOR
    threshold: float = 0.4

    def score(self, texts: Sequence[str]) -> list[Verdict]:
        found = [language_of(words_only(text), self.languages) if says_something(text) else "" for text in texts]
        places = [place for place, language in enumerate(found) if language in {*self.languages, UNKNOWN}]
        asked = [_sendable(texts[place]) for place in places]
        answers = dict(zip(places, self.pipeline(asked) if asked else [], strict=True))
        return [
            self._verdict(language, answers[place])
            if place in answers
            else Verdict(None, None, language or UNKNOWN, scored=False)
            for place, language in enumerate(found)
        ]

    def _verdict(self, language: str, answer: Sequence[dict[str, Any]]) -> Verdict:
        chances = {_LABELS[str(each["label"]).lower()]: float(each["score"]) for each in answer}
        negative = chances.pop("negative")
        label: Label = "negative" if negative >= self.threshold else max(chances, key=lambda of: chances[of])
        return Verdict(label, negative, language, scored=True)


def _sendable(text: str) -> str:
    """What a tokenizer takes: a bounded length, and no half of a surrogate pair."""
    return text[:LONGEST].encode("utf-8", "replace").decode("utf-8")


def transformer(model: str = XLM_T, *, batch: int = 32, languages: Collection[str] = TUNED_FOR) -> PipelineScorer:
    """Raises ModuleNotFoundError with what to install where transformers is missing."""
    try:
        from transformers import pipeline  # noqa: PLC0415  the extra is not there by default
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"{error.name} is not installed: pip install -r requirements-transformers.txt gives it."
        ) from None
    made = pipeline("text-classification", model=model, top_k=None, truncation=True, batch_size=batch, device=-1)
    return PipelineScorer(model, made, languages)
