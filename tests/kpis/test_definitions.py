"""The definitions, and the page that is made of them."""

import pytest

from include.kpis import document
from include.kpis.definitions import COMPUTED, KPIS, WAITING, Across, Kpi, Over, Unit


@pytest.mark.parametrize("kpi", KPIS.values(), ids=KPIS)
def test_a_definition_is_whole(kpi: Kpi) -> None:
    assert kpi.sentence.endswith(".")
    assert kpi.numerator
    assert kpi.null_rule
    assert (kpi.unit in (Unit.PERCENT, Unit.RATIO)) == (kpi.denominator is not None)
    assert bool(kpi.streams) != bool(kpi.waits_for)


@pytest.mark.parametrize("kpi", KPIS.values(), ids=KPIS)
def test_a_ratio_never_adds_up(kpi: Kpi) -> None:
    assert not (kpi.denominator and kpi.adds_over)
    assert (kpi.across is Across.SUM) == (Over.ACCOUNTS in kpi.adds_over) or kpi.waits_for


def test_levels_and_unique_people_are_not_added_over_days() -> None:
    assert Over.DAYS not in KPIS["followers"].adds_over
    assert not KPIS["reach"].adds_over


def test_what_waits_names_what_it_waits_for() -> None:
    assert {kpi.name: kpi.waits_for for kpi in WAITING}["spend"] == "ad accounts"
    assert not {kpi.name for kpi in COMPUTED} & {kpi.name for kpi in WAITING}


def test_the_page_is_what_the_definitions_say() -> None:
    assert document.main(["--check"]) == 0, f"run: {document.COMMAND} > docs/metrics.md"


def test_the_check_tells_what_to_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: object
) -> None:
    monkeypatch.setattr(document, "INTRODUCTION", "# Another page\n")
    assert document.main(["--check"]) == 1
    assert "run: python -m include.kpis.document > docs/metrics.md" in capsys.readouterr().err


@pytest.mark.parametrize("kpi", KPIS.values(), ids=KPIS)
def test_the_page_names_every_kpi(kpi: Kpi) -> None:
    assert kpi.title in document.page()
