"""Silences have an end and a reason; everything wrong is said at once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from include.desk.problems import DeskProblems
from include.desk.silences import read_silences
from include.domain import Account, Brand

MEKONG = Brand("mekong", "Mekong Coffee", "Asia/Vientiane", "lo", "#mekong", (Account("x", "mekong", "mekong"),))


def written(folder: Path, text: str) -> Path:
    path = folder / "silences.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_silence_ends_with_its_last_day_on_the_brands_clock(tmp_path: Path) -> None:
    path = written(tmp_path, '- {account: x_mekong, post: "12", language: lo, until: 2026-11-30, reason: prices}')
    (silence,) = read_silences(path, [MEKONG])
    assert silence.ends == datetime(2026, 11, 30, 17, tzinfo=UTC)
    assert silence.holds(datetime(2026, 11, 30, 16, 59, tzinfo=UTC))
    assert not silence.holds(silence.ends)
    assert (silence.brand, silence.is_of_all, silence.what) == ("mekong", False, "x_mekong, post 12, lo")


def test_a_silence_may_begin_later(tmp_path: Path) -> None:
    path = written(tmp_path, "- {brand: mekong, since: 2026-11-20, until: 2026-11-30, reason: prices}")
    (silence,) = read_silences(path, [MEKONG])
    assert silence.is_of_all
    assert not silence.holds(datetime(2026, 11, 19, 16, 59, tzinfo=UTC))
    assert silence.holds(datetime(2026, 11, 19, 17, tzinfo=UTC))


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, "- brand: mekon\n  untl: 2026-11-30\n- account: x_mekong\n  until: 30 Nov\n")
    with pytest.raises(DeskProblems) as raised:
        read_silences(path, [MEKONG])
    words = str(raised.value)
    for expected in ('did you mean "mekong"', 'did you mean "until"', "say why", "without an end", "2026-11-23"):
        assert expected in words


def test_no_file_is_no_silence(tmp_path: Path) -> None:
    assert read_silences(tmp_path / "silences.yml", [MEKONG]) == []
