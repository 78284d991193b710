"""What an import comes to, and how it is told."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from include.domain.accounts import Account, BrandRules
from include.editorial.fitting import Booking
from include.editorial.importing import import_calendar
from include.editorial.looking import Looker
from include.editorial.networks import Network
from include.editorial.validation import Validation

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
LOST = 'the file lost its letters; save it anew as "CSV UTF-8" and write them again.'


def most(length: int):
    """A network's objection to texts longer than `length`."""

    def check(post, limits) -> list[str]:
        over = len(post.text) - length
        return [f"The text counts {len(post.text)}, limit {length}; shorten by {over}."] if over > 0 else []

    return check


NETWORKS = {"facebook": Network("Facebook", most(100)), "x": Network("X", most(10))}


@pytest.fixture
def run(read_rows, brands):
    def importing(*rows, now=NOW, known=(), columns=None, brands=brands, booked=(), networks=NETWORKS, **more):
        calendar = read_rows(*rows, **({"columns": columns} if columns else {}))
        validation = Validation(networks, **more)
        return import_calendar(calendar, brands, validation, now=now, known=known, booked=booked)

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
    assert 'Row 2 · brand "nobody": not a brand of brands.yml; allowed: fjord, sea.' in run({"brand": "nobody"}).words()


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


def manual(brands):
    """The brands, the sea's on TikTok too, where a person posts."""
    tok = Account("tiktok", "sea", "sea", manual=True)
    return [brands[0], replace(brands[1], accounts=(brands[1].accounts[0], tok))]


def test_a_manual_account_takes_what_a_person_can_paste(run, brands):
    brands[:] = manual(brands)
    report = run({"brand": "sea", "text": "Sabaidee", "accounts": "tiktok"})
    assert [post.account for post in report.posts] == ["tiktok_sea"]
    assert report.fixes == ()


def test_what_a_network_lacks_is_told_in_words(run):
    networks = {**NETWORKS, "x": Network("X", most(10), follows=())}
    columns = ["key", "brand", "when", "accounts", "text", "first_comment"]
    report = run({"accounts": "x", "text": "a\n---\nb", "first_comment": "c"}, columns=columns, networks=networks)
    assert [fix.sentence for fix in report.fixes] == [
        "X has no threads; leave the further texts out, or make them posts.",
        "X has no first comment; clear it, or say it in the text.",
    ]


def test_a_network_that_fetches_media_itself_needs_an_address(run):
    networks = {**NETWORKS, "x": Network("X", most(10), by_address=True)}
    report = run({"accounts": "x", "media": "media/boat.png", "alt": "a boat"}, networks=networks)
    assert "boat.png has no public address; set DESK_MEDIA_BASE" in report.words()


def test_a_rule_of_the_brand_is_told_once_for_all_networks(run, brands):
    strict = [replace(brands[0], rules=BrandRules(banned_words=("hei",))), brands[1]]
    assert run({}, brands=strict).words().splitlines()[1] == (
        "Row 2 · Fjord & Fell · “hei” is among what this brand never says; take it out."
    )
    spoken = run({"text_x": "Ahoi"}, brands=strict).words()
    assert "Row 2 · Fjord & Fell · Facebook: “hei” is among" in spoken


def test_a_broken_image_is_told_once_with_its_row(run, tmp_path):
    report = run({"media": "media/boat.png", "alt": "a boat"}, looker=Looker(tmp_path))
    (fix,) = report.fixes
    assert str(fix).startswith("Row 2 · Fjord & Fell · boat.png is neither an image nor a video that networks take;")


def test_each_account_is_judged_by_its_own_servers_limits(run):
    def judge(post, limits):
        return [f"limit {limits['characters']}."] if len(post.text) > limits.get("characters", 500) else []

    networks = {**NETWORKS, "x": Network("X", judge)}
    assert run({"accounts": "x"}, networks=networks).fixes == ()
    assert (
        run({"accounts": "x"}, networks=networks, limits={"x_fjord": {"characters": 2}}).fixes[0].sentence == "limit 2."
    )


@dataclass(frozen=True)
class Quota:
    most: int
    per: timedelta = timedelta(days=1)
    limit_name: str = ""


DAILY = {**NETWORKS, "x": Network("X", most(10), caps=(Quota(2),))}


def at(hour: int, **more):
    return {"accounts": "x", "when": f"2026-11-24 {hour:02}:00", **more}


def test_a_row_beyond_a_daily_cap_waits_and_names_a_time(run):
    report = run(at(9), at(12), at(10), networks=DAILY)
    (fix,) = report.fixes
    assert str(fix) == (
        "Row 3 · Fjord & Fell · X: 2 posts in 24 hours are its limit, and this one is too many; move it to"
        " 2026-11-25 09:00 or later."
    )
    assert report.rows_ready == 2


def test_what_is_out_already_takes_its_place_and_is_not_judged_again(run):
    gone = Booking("a:x_fjord", "x_fjord", datetime(2026, 11, 24, 8, 0, tzinfo=UTC), is_out=True)
    other = Booking("old:x_fjord", "x_fjord", datetime(2026, 11, 24, 7, 0, tzinfo=UTC), is_out=True)
    rows = at(9, key="a", text="much too long by now"), at(12, key="b")
    known = {"a:x_fjord"}
    assert run(*rows, networks=DAILY, booked=[gone], known=known).fixes == ()
    assert [fix.row for fix in run(*rows, networks=DAILY, booked=[gone, other], known=known).fixes] == [3]


def test_a_post_that_is_planned_already_counts_once(run):
    known = [Booking(f"{key}:x_fjord", "x_fjord", datetime(2026, 11, 24, 8, 0, tzinfo=UTC)) for key in "ab"]
    ids = {each.post_id for each in known}
    assert run(at(9, key="a"), at(9, key="b"), networks=DAILY, booked=known, known=ids).fixes == ()


def test_each_brand_hears_of_its_own_rows(run, brands):
    report = run({"text": "longer than ten"}, {"brand": "sea", "accounts": "x", "status": "draft"}, {"brand": "?"})
    fjord, sea, nobody = report.of(brands[0]), report.of(brands[1]), report.of(None)
    assert [fix.row for fix in fjord.fixes] == [2]
    assert (sea.fixes, sea.warnings) == ((), ())
    assert [fix.row for fix in nobody.fixes] == [4]


def test_a_word_that_is_nearly_right_is_offered(run):
    report = run({"accounts": "x, facebok"})
    assert (report.fixes[0].column, report.fixes[0].meant) == ("accounts", "facebook")
