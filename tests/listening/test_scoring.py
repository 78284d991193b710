"""What was heard is judged once, and again when it was edited; our own words never."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select, update

from include.listening import scoring
from include.listening.scoring import Judged, judge, rejudge, unjudged
from include.listening.store import store
from include.warehouse.tables import comment
from tests.listening.stage import NOW, Foretold, said

KEEP = NOW - timedelta(days=90)


@pytest.fixture
def scorer() -> Foretold:
    return Foretold()


def stored(engine: Engine, *comments: object) -> None:
    with engine.begin() as connection:
        store(connection, comments, salt=b"salt", keep_from=KEEP)


def test_what_is_judged_is_not_judged_again_until_it_is_edited(engine: Engine, scorer: Foretold) -> None:
    stored(engine, said("bad"), said("good", key="2"), said("??", key="3"), said("thanks", key="4", ours=True))
    assert judge(engine, scorer) == Judged(judged=3, unscored=1)
    assert judge(engine, scorer) == Judged()
    stored(engine, said("good after all"))
    assert judge(engine, scorer).judged == 1
    assert "thanks" not in scorer.seen
    with engine.connect() as connection:
        query = select(comment.c.label, comment.c.p_negative, comment.c.scored, comment.c.scorer).order_by("comment_id")
        assert [tuple(row) for row in connection.execute(query)] == [
            ("positive", 0.1, True, "foretold-1"),
            ("positive", 0.1, True, "foretold-1"),
            (None, None, False, "foretold-1"),
            (None, None, None, None),
        ]


def test_the_newest_goes_first_and_the_rest_is_said_to_be_left(engine: Engine, scorer: Foretold) -> None:
    stored(engine, *(said(f"n{n}", key=str(n), minutes_ago=n) for n in range(2500)))
    told = judge(engine, scorer, most_time=timedelta(0))
    assert told == Judged(left=2500)
    judge(engine, scorer)
    assert (scorer.seen[0], len(scorer.seen)) == ("n0", 2500)


def test_another_scorer_may_judge_all_that_is_kept(engine: Engine, scorer: Foretold) -> None:
    stored(engine, said("bad"), said("old", key="2", minutes_ago=99))
    judge(engine, scorer)
    with engine.begin() as connection:
        connection.execute(update(comment).where(comment.c.comment_id == "2").values(text=None))
        assert unjudged(connection, ["facebook_aurora"]) == set()
    assert rejudge(engine, Foretold("foretold-2")) == 1
    with engine.connect() as connection:
        assert unjudged(connection, ["facebook_aurora"]) == {"facebook_aurora"}
    assert judge(engine, Foretold("foretold-2")).judged == 1


def test_an_edit_meanwhile_is_judged_too(engine: Engine) -> None:
    class Slow(Foretold):
        def score(self, texts: list[str]) -> list[object]:  # type: ignore[override]
            if not self.seen:
                stored(engine, said("bad now"))
            return super().score(texts)  # type: ignore[return-value]

    stored(engine, said("good"))
    slow = Slow()
    judge(engine, slow)
    judge(engine, slow)
    with engine.connect() as connection:
        assert connection.execute(select(comment.c.label, func.md5(comment.c.text) == comment.c.judged_hash)).one() == (
            "negative",
            True,
        )


def test_the_command_judges_again_what_another_model_has_judged(
    engine: Engine, warehouse: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stored(engine, said("bad"), said("good", key="2"))
    judge(engine, Foretold("foretold-0"))
    monkeypatch.setattr(scoring, "shipped", Foretold)
    monkeypatch.setenv("DESK_WAREHOUSE_URL", warehouse)
    assert scoring.main([]) == 0
    assert scoring.main(["--again"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == "foretold-1: 0 judged, 0 of them again; 0 could not be scored."
    assert second == "foretold-1: 2 judged, 2 of them again; 0 could not be scored."
