"""Who answers for which language at which hour, on the brand's clock."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from include.desk.problems import DeskProblems
from include.desk.rota import on_duty, read_rota
from include.domain import Brand

MEKONG = Brand("mekong", "Mekong Coffee", "Asia/Vientiane", "lo", "#mekong")
ROTA = """
- {brand: mekong, language: lo, days: weekdays, hours: 08:00-18:00, who: kham, slack: U0KHAM0001}
- {brand: mekong, hours: 22:00-06:00, who: night}
- {brand: mekong, days: [sat, sun], who: weekend}
"""


def rota(folder: Path, text: str = ROTA) -> list:
    (folder / "rota.yml").write_text(text, encoding="utf-8")
    return read_rota(folder / "rota.yml", [MEKONG])


@pytest.mark.parametrize(
    ("at", "language", "who"),
    [
        pytest.param("2026-11-24T02:00", "lo", ["kham"], id="Tuesday nine in Vientiane"),
        pytest.param("2026-11-24T02:00", "lo-LA", ["kham"], id="a region makes no difference"),
        pytest.param("2026-11-24T02:00", "en", [], id="nobody for English at that hour"),
        pytest.param("2026-11-24T22:00", "lo", ["night"], id="over midnight"),
        pytest.param("2026-11-28T02:00", "lo", ["weekend"], id="Saturday"),
    ],
)
def test_who_is_on_duty(tmp_path: Path, at: str, language: str, who: list[str]) -> None:
    now = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert [duty.who for duty in on_duty(rota(tmp_path), MEKONG, language, now)] == who


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(DeskProblems) as raised:
        rota(tmp_path, "- {brand: mekon, days: someday, hours: late, slack: kham}")
    for expected in ("did you mean", "say who", "is no day", "not hours", "not a Slack member id"):
        assert expected in str(raised.value)


def test_a_language_is_a_tag_and_no_word(tmp_path: Path) -> None:
    with pytest.raises(DeskProblems, match="needs a language tag such as it"):
        rota(tmp_path, "- {brand: mekong, language: laotian, who: kham}")
