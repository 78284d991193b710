"""`python -m include.comments.score`, as a person runs it."""

import json
import subprocess
import sys

from include.settings import ROOT


def _run(*lines: str) -> tuple[int, list[dict[str, object]], str]:
    done = subprocess.run(
        [sys.executable, "-m", "include.comments.score"],
        input="\n".join(lines),
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_a_line_comes_back_with_its_verdict_and_what_it_had() -> None:
    code, (first, second), told = _run('"Che schifo, mai più"', "", '{"id": 7, "text": "привет"}')
    assert (code, told) == (0, "")
    assert first["text"] == "Che schifo, mai più"
    assert (first["label"], first["language"], first["scored"]) == ("negative", "it", True)
    assert 0 < float(str(first["p_negative"])) < 1
    assert second == {"id": 7, "text": "привет", "label": None, "p_negative": None, "language": "ru", "scored": False}


def test_a_bad_line_is_told_and_the_rest_goes_on() -> None:
    code, answers, told = _run("nope", '{"x": 1}', "[]", '{"text": 5}', '"I hate it"')
    assert code == 1
    assert [answer.get("line") for answer in answers] == [1, 2, 3, 4, None]
    assert answers[-1]["label"] == "negative"
    assert "Line 1: this is not JSON" in told
    assert "Line 2: the object has no `text` that is a string." in told


def test_half_a_surrogate_pair_comes_back_as_it_went_in() -> None:
    code, (answer,), _ = _run('"\\ud83d bad"')
    assert code == 0
    assert answer["text"] == "\ud83d bad"
