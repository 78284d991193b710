"""The example that ships: it must pass what it is checked with, on every day on which somebody tries it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from include.desk.brands import read_brands
from include.desk.dating import date_calendar
from include.desk.targets import read_targets
from include.editorial.approval import needing_approval
from include.editorial.calendar import read_calendar
from include.editorial.importing import import_calendar
from include.editorial.looking import Looker
from include.editorial.validation import Validation
from include.kpis.definitions import KPIS
from include.orchestration import doors
from include.orchestration.validating import networks
from platforms import every_platform

EXAMPLE = Path(__file__).parents[2] / "include" / "desk" / "example"
STARTS = [
    datetime(2026, 11, 23, 2, 50, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 29, tzinfo=UTC),  # Rome is about to show its hour a second time
    datetime(2027, 3, 28, 0, 59, tzinfo=UTC),  # Rome is about to skip one
    datetime(2026, 12, 31, 23, 59, tzinfo=UTC),
]


@pytest.fixture(params=STARTS, ids=str)
def imported(request, tmp_path):
    start = request.param
    platforms = every_platform()
    brands = [doors.publishing(brand) for brand in read_brands(EXAMPLE / "brands.yml", platforms)]
    path = date_calendar(EXAMPLE, tmp_path / "desk", start, brands)
    calendar = read_calendar(path, brands, now=start)
    validation = Validation(networks(), looker=Looker(path.parent, base="https://media.example.com"))
    return start, brands, import_calendar(calendar, brands, validation, now=start)


def test_every_row_but_the_draft_is_ready_as_the_networks_count(imported):
    _, _, report = imported
    assert report.fixes == ()
    assert [str(warning) for warning in report.warnings if "clock" not in str(warning)] == []
    assert (report.rows_ready, len(report.drafts), len(report.past)) == (16, 1, 0)


def test_the_targets_are_of_brands_and_kpis_that_exist():
    assert read_targets(EXAMPLE / "targets.csv", read_brands(EXAMPLE / "brands.yml", every_platform()), KPIS)


def test_some_posts_of_each_kind_of_brand_fall_due_while_the_demo_runs(imported):
    start, brands, report = imported
    soon = [post for post in report.posts if timedelta(seconds=15) <= post.publish_at - start <= timedelta(seconds=90)]
    asked = needing_approval(soon, brands)
    assert len(asked) >= 2
    assert len(soon) - len(asked) >= 2
    once = [post for post in report.posts if not post.post_id.startswith("aurora-pane-")]  # which comes every week
    assert max(post.publish_at for post in once) - start < timedelta(days=7, hours=1)


def test_every_network_and_every_kind_of_post_is_shown(imported):
    _, brands, report = imported
    assert {post.account for post in report.posts} == {account.key for brand in brands for account in brand.accounts}
    assert {post.format for post in report.posts} == {"feed", "reel"}
    assert any(post.thread for post in report.posts)
    assert any(post.first_comment for post in report.posts)


def test_networks_get_words_of_their_own_in_the_languages_of_the_brands(imported):
    _, _, report = imported
    by_row = {}
    for post in report.posts:
        by_row.setdefault(post.post_id.partition(":")[0], []).append(post.text)
    own_words = [texts for key, texts in by_row.items() if len(texts) > 1 and len(set(texts)) > 1]
    assert len(own_words) >= 8
    lao = [post for post in report.posts if any("\u0e80" <= letter <= "\u0eff" for letter in post.text)]
    assert {post.account for post in lao} == {f"{network}_mekong_coffee" for network in ("facebook", "instagram", "x")}


def test_the_pictures_are_small_and_described(imported):
    _, _, report = imported
    media = {image for post in report.posts for image in post.media}
    assert len({image.source for image in media}) == 4
    assert all(image.alt and Path(image.source).stat().st_size < 130_000 for image in media)
