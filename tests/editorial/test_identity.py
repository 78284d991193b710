"""Which post a row is: the same after an edit, another after a move, never that of another row."""

import hashlib

from include.editorial.calendar import posts_of


def ids(calendar) -> list[str]:
    return [post_id for row in calendar.rows for post_id in row.post_ids]


def hashes(calendar) -> list[str]:
    return [post.content_hash for row in calendar.rows for post in posts_of(row)]


def test_reading_twice_gives_the_same_posts(read_rows):
    rows = ({}, {"key": "fjord-boat", "media": "media/boat.png", "alt": "A boat"})
    first, second = read_rows(*rows), read_rows(*rows)
    assert ids(first) == ids(second)
    assert hashes(first) == hashes(second)


def test_without_a_key_a_row_is_its_brand_and_local_time(read_rows):
    assert ids(read_rows({"when": "23/11/2026 09:30"})) == [
        "fjord-20261123-0930:facebook_fjord_fell",
        "fjord-20261123-0930:x_fjord",
    ]
    assert ids(read_rows({"when": "2026-11-23 09:30:05", "accounts": "x"})) == ["fjord-20261123-093005:x_fjord"]


def test_an_edited_text_stays_the_same_post_with_another_hash(read_rows):
    before, after = read_rows({"text": "Hei"}), read_rows({"text": "Hei hei"})
    assert ids(before) == ids(after)
    assert set(hashes(before)).isdisjoint(hashes(after))


def test_with_a_key_a_row_may_move_without_a_new_approval(read_rows):
    before = read_rows({"key": "fjord-boat"})
    after = read_rows({"key": "fjord-boat", "when": "2026-12-01 10:00"})
    assert ids(before) == ids(after)
    assert hashes(before) == hashes(after)


def test_a_row_in_front_of_another_changes_nothing_for_it(read_rows):
    assert set(ids(read_rows({}))) < set(ids(read_rows({"when": "2026-11-22 09:30"}, {})))


def test_the_two_passes_of_the_repeated_hour_are_two_posts(read_rows):
    calendar = read_rows({"when": "2026-10-25 02:30"}, {"when": "2026-10-25 02:30 +01:00"})
    assert calendar.problems == ()
    assert len(set(ids(calendar))) == 4


def test_rows_that_would_be_the_same_post_are_all_refused(read_rows):
    calendar = read_rows({"accounts": "x"}, {}, {"when": "2026-11-23 10:00"})
    assert [row.number for row in calendar.rows] == [4]
    assert [str(problem) for problem in calendar.problems] == [
        f'calendar.csv, row {row}, key "fjord-20261123-0930": row {other} would be the same post;'
        " give each a key of its own, or another time or account."
        for row, other in ((2, 3), (3, 2))
    ]


def test_one_moment_on_two_networks_or_two_keys_is_no_clash(read_rows):
    calendar = read_rows({"accounts": "x"}, {"accounts": "facebook"}, {"key": "another", "accounts": "x"})
    assert calendar.problems == ()


def test_an_image_that_changed_needs_a_new_approval_and_one_that_moved_does_not(read_rows, tmp_path):
    row = {"media": "media/boat.png", "alt": "A boat"}
    before = hashes(read_rows(row))
    (tmp_path / "media" / "boat.png").rename(tmp_path / "media" / "ship.png")
    assert hashes(read_rows({**row, "media": "media/ship.png"})) == before
    (tmp_path / "media" / "ship.png").write_bytes(b"another boat")
    assert set(hashes(read_rows({**row, "media": "media/ship.png"}))).isdisjoint(before)


def test_a_post_remembers_what_its_image_was(read_rows, tmp_path):
    row = {"media": "media/boat.png | https://fjord.example.com/a.jpg", "alt": "A boat | A fell"}
    (post, *_) = posts_of(read_rows(row).rows[0])
    shown = hashlib.sha256((tmp_path / "media" / "boat.png").read_bytes()).hexdigest()
    assert [image.digest for image in post.media] == [f"sha256:{shown}", "https://fjord.example.com/a.jpg"]


def test_a_draft_is_not_read_further_but_calls_off_what_was_planned(read_rows):
    calendar = read_rows({"status": "draft", "text": "", "media": "none yet"}, {"status": "draft", "when": "someday"})
    assert (calendar.rows, calendar.problems, calendar.drafts) == ((), (), (2, 3))
    assert calendar.called_off == {"fjord-20261123-0930:facebook_fjord_fell", "fjord-20261123-0930:x_fjord"}


def test_a_cancelled_row_makes_room_for_another_at_its_time(read_rows):
    calendar = read_rows({"status": "cancelled"}, {"accounts": "x", "text": "Instead"})
    assert ids(calendar) == ["fjord-20261123-0930:x_fjord"]
    assert calendar.called_off == {"fjord-20261123-0930:facebook_fjord_fell"}
