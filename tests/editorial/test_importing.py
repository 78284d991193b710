"""What an import comes to, and how it is told."""

from datetime import UTC, datetime

import pytest

from include.editorial.importing import import_calendar

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
LOST = 'the file lost its letters; save it anew as "CSV UTF-8" and write them again.'
TITLES = {"facebook": "Facebook", "x": "X", "mastodon": "Mastodon"}


def most(length: int):
    """A network's objection to texts longer than `length`."""

    def check(post) -> list[str]:
        over = len(post.text) - length
        return [f"The text counts {len(post.text)}, limit {length}; shorten by {over}."] if over > 0 else []

    return check


@pytest.fixture
def run(read_rows, brands):
    def importing(*rows, now=NOW, known=(), columns=None):
        calendar = read_rows(*rows, **({"columns": columns} if columns else {}))
        checks = {"facebook": most(100), "x": most(10)}
        return import_calendar(calendar, brands, checks, now=now, known=known, titles=TITLES)

    return importing


def test_what_is_right_is_planned_and_its_row_remembered(run):
    report = run({"key": "boat"}, {"when": "2026-11-24 09:30", "accounts": "x"})
    assert [post.post_id for post in report.posts] == [
        "boat:facebook_fjord_fell",
        "boat:x_fjord",
        "fjord-20261124-0930:x_fjord",
    ]
    assert report.sources["boat:x_fjord"] == "calendar.csv, row 2"
    assert report.words() == "📅 calendar.csv: all 2 rows ready, 3 posts planned"


def test_a_row_that_one_network_refuses_is_left_out_as_a_whole_and_the_others_go_on(run):
    report = run({"text": "longer than ten"}, {"when": "2026-11-24 09:30"}, {"when": "03/11", "text": "?????"})
    assert {post.post_id.partition(":")[0] for post in report.posts} == {"fjord-20261124-0930"}
    assert report.words().splitlines() == [
        "📅 calendar.csv: 1 of 3 rows ready, 2 to fix (nothing sent, nothing lost)",
        "Row 2 · Fjord & Fell · X: The text counts 15, limit 10; shorten by 5.",
        'Row 4 · Fjord & Fell · when "03/11": no year or time; write it like 2026-11-23 09:30 or 23/11/2026 09:30.',
        f'Row 4 · Fjord & Fell · text "?????": {LOST}',
        "Rows numbered as in the file.",
    ]


def test_each_network_judges_its_own_text(run):
    report = run({"text": "longer than ten", "text_x": "short"})
    assert [(post.account, post.text) for post in report.posts] == [
        ("facebook_fjord_fell", "longer than ten"),
        ("x_fjord", "short"),
    ]


def test_a_network_that_nobody_can_publish_to_is_named(run):
    report = run({"brand": "sea", "text": "ກາເຟ"})
    assert report.posts == ()
    assert "Row 2 · Sea · Mastodon: the desk cannot publish there yet; take it out of accounts." in report.words()


def test_a_row_of_no_brand_is_told_without_one(run):
    assert 'Row 2 · brand "nobody": not a brand of brands.yml; Allowed: fjord, sea.' in run({"brand": "nobody"}).words()


BOAT = {"boat:facebook_fjord_fell", "boat:x_fjord"}


@pytest.mark.parametrize("row", [{"text": "longer than ten"}, {"when": "someday"}])
def test_a_row_that_is_broken_now_keeps_what_was_planned_of_it(run, row):
    report = run({"key": "boat", **row}, known=BOAT | {"gone:x_fjord"})
    assert set(report.kept) == BOAT
    assert "2 posts of an earlier import may be these: left as they were." in report.words()


def test_what_is_gone_from_the_file_is_not_kept(run):
    assert run({}, known=BOAT).kept == ()


def test_all_of_a_brand_is_kept_while_one_of_its_rows_cannot_be_told(run):
    ours, theirs = "fjord-20261123-0930:x_fjord", "sea-20261123-0930:x_sea"
    assert run({"when": "someday"}, known={ours, theirs}).kept == (ours,)
    assert run({"brand": "?"}, known={ours, theirs}).kept == (ours, theirs)


def test_what_another_row_names_is_not_kept_for_one_that_cannot_be_told(run):
    rows = (
        {"when": "someday"},
        {"key": "boat"},
        {"key": "raft", "status": "cancelled"},
        {"key": "kept", "status": "?"},
    )
    assert run(*rows, known=BOAT | {"raft:x_fjord", "kept:x_fjord"}).kept == ("kept:x_fjord",)


@pytest.mark.parametrize("status", ["draft", "cancelled"])
def test_a_row_that_is_a_draft_again_is_neither_planned_nor_kept(run, status):
    report = run({"key": "boat", "status": status}, known=BOAT)
    assert (report.posts, report.kept) == ((), ())
    assert report.headline() == "📅 calendar.csv: no row to plan"


def test_drafts_are_left_aside_and_counted(run):
    words = run({}, {"status": "draft"}, {"status": "draft"}).words()
    assert "all its rows" not in words
    assert "its one row ready, 2 posts planned" in words
    assert "Rows 3, 4: draft, left aside." in words


def test_an_hour_that_is_over_is_planned_only_within_the_brands_grace(run):
    due = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    assert len(run({}, now=due.replace(minute=59)).posts) == 2
    report = run({}, now=due.replace(hour=9, minute=1))
    assert (report.posts, report.past) == ((), (2,))
    assert "Row 2: over already, not planned any more." in report.words()


def test_a_row_that_went_out_may_stay_in_the_file(run):
    report = run({"key": "boat"}, now=datetime(2026, 12, 24, tzinfo=UTC), known=BOAT)
    assert {post.post_id for post in report.posts} == BOAT
    assert report.past == ()


def test_warnings_are_told_after_what_must_be_done(run):
    lines = run({"media": "media/boat.png"}, columns=["brand", "when", "accounts", "text", "media", "colour"]).words()
    assert lines.splitlines()[1].startswith('⚠️ Row 1: "colour": this column is not read;')
    assert lines.splitlines()[2] == "⚠️ Row 2: alt (empty): boat.png has no words for who cannot see it."


def test_the_headline_fits_a_notification(run):
    rows = [{"when": f"2026-11-{day} 09:30", "text": "longer than ten"} for day in range(21, 30)]
    assert len(run(*rows).headline()) <= 80
