"""The optional transformer: behind a pipeline that answers as Hugging Face's does, and with a real one where it is."""

from pathlib import Path
from typing import Any

import pytest

from include.comments.transformer import PipelineScorer, transformer
from include.domain.comments import Scorer

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "bad", "good", "service", "the", "is"]


class Stub:
    """Says of each text what stands in it; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: list[str]) -> list[list[dict[str, Any]]]:
        self.asked += texts
        return [
            [
                {"label": "LABEL_2", "score": 0.1},
                {"label": "LABEL_0", "score": 0.7 if "bad" in text else 0.2},
                {"label": "LABEL_1", "score": 0.2 if "bad" in text else 0.7},
            ]
            for text in texts
        ]


def test_it_is_asked_only_about_what_it_was_tuned_for() -> None:
    stub = Stub()
    scorer = PipelineScorer("stub", stub)
    bad, russian, nothing, fine = scorer.score(
        ["This is bad service", "Это ужасно, никогда", "...", "This is a service"]
    )
    assert isinstance(scorer, Scorer)
    assert bad == ("negative", 0.7, "en", True)
    assert russian == (None, None, "ru", False)
    assert nothing == (None, None, "und", False)
    assert fine == ("neutral", 0.2, "en", True)
    assert stub.asked == ["This is bad service", "This is a service"]


def test_a_text_that_no_tokenizer_takes_is_made_fit_for_one() -> None:
    stub = Stub()
    PipelineScorer("stub", stub).score(["bad service \ud83d " * 10_000])
    assert len(stub.asked[0]) <= 2_000
    assert stub.asked[0].encode("utf-8")
    assert PipelineScorer("stub", stub).score([]) == []


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "transformers", None)
    with pytest.raises(ModuleNotFoundError, match="requirements-transformers"):
        transformer()


def test_a_model_of_hugging_face_answers(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("torch")
    (tmp_path / "vocab.txt").write_text("\n".join(WORDS))
    config = transformers.BertConfig(
        vocab_size=len(WORDS),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        num_labels=3,
    )
    transformers.BertForSequenceClassification(config).save_pretrained(tmp_path)
    transformers.BertTokenizerFast(vocab_file=str(tmp_path / "vocab.txt")).save_pretrained(tmp_path)
    (verdict,) = transformer(str(tmp_path)).score(["The service is bad"])
    assert verdict.scored
    assert 0 <= (verdict.p_negative or 0) <= 1
