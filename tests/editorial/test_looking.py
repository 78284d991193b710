"""Media are looked into once, and known by an address where the network can fetch them."""

import hashlib
import io
from contextlib import contextmanager

import pytest
from PIL import Image

from include.desk.problems import Unfit
from include.domain.errors import TryLater
from include.domain.posts import Media
from include.editorial.looking import Looker


@pytest.fixture
def boat(tmp_path):
    file = tmp_path / "media" / "mekong boat & tea.png"
    file.parent.mkdir()
    Image.new("RGB", (30, 20)).save(file)
    return Media(str(file), digest="sha256:1")


def test_a_file_of_the_desk_has_its_facts_and_its_public_address(tmp_path, boat):
    seen = Looker(tmp_path, "https://media.example/desk").look(boat)
    assert (seen.facts.width, seen.facts.height) == (30, 20)
    assert seen.public_url == "https://media.example/desk/media/mekong%20boat%20%26%20tea.png"


def test_without_a_public_base_a_file_has_no_address(tmp_path, boat):
    assert Looker(tmp_path).look(boat).public_url == ""


def test_a_file_beyond_the_desks_folder_has_no_address(tmp_path, boat):
    assert Looker(tmp_path / "desk", "https://media.example").look(boat).public_url == ""


def test_what_an_earlier_import_found_is_not_measured_again(tmp_path, boat):
    facts = Looker(tmp_path).look(boat).facts
    (tmp_path / "media" / "mekong boat & tea.png").unlink()
    assert Looker(tmp_path, known={"sha256:1": facts}).look(boat).facts == facts


def test_what_lies_on_the_web_is_fetched_once(tmp_path):
    asked = []

    @contextmanager
    def fetch(media):
        asked.append(media.source)
        kept = io.BytesIO()
        Image.new("RGB", (9, 6)).save(kept, "JPEG")
        yield kept

    looker, media = Looker(tmp_path, fetch=fetch), Media("https://example.com/a.jpg?size=l")
    seen = [looker.look(media), looker.look(media)]
    assert asked == ["https://example.com/a.jpg?size=l"]
    assert [(each.facts.width, each.public_url) for each in seen] == [(9, media.source)] * 2
    kept = io.BytesIO()
    Image.new("RGB", (9, 6)).save(kept, "JPEG")
    assert seen[0].facts.sha256 == hashlib.sha256(kept.getvalue()).hexdigest()


def test_what_takes_too_long_in_all_is_looked_at_next_time(tmp_path):
    now = [0.0]

    @contextmanager
    def fetch(media):
        now[0] += 200
        kept = io.BytesIO()
        Image.new("RGB", (9, 6)).save(kept, "JPEG")
        yield kept

    looker = Looker(tmp_path, fetch=fetch, seconds=300, clock=lambda: now[0])
    first, second, third = (Media(f"https://example.com/{name}.jpg") for name in "abc")
    assert looker.look(first).facts
    assert looker.look(second).facts
    with pytest.raises(Unfit, match=r"c\.jpg was not looked at yet, for others took long; the next import does"):
        looker.look(third)
    assert looker.look(first).facts
    known = {media.source: looker.look(media).facts for media in (first, second)}
    assert Looker(tmp_path, fetch=fetch, known=known, seconds=300, clock=lambda: now[0]).look(third).facts


def test_what_cannot_be_fetched_is_told_in_words(tmp_path):
    def fetch(media):
        raise TryLater("https://example.com/a.jpg did not answer.", wait_s=60)

    with pytest.raises(Unfit, match=r"a\.jpg did not answer\."):
        Looker(tmp_path, fetch=fetch).look(Media("https://example.com/a.jpg"))


def test_a_broken_file_is_told_each_time_and_measured_once(tmp_path, boat):
    looker = Looker(tmp_path)
    (tmp_path / "media" / "mekong boat & tea.png").write_bytes(b"")
    for _ in range(2):
        with pytest.raises(Unfit, match=r"is empty"):
            looker.look(boat)
