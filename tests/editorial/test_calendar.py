"""The calendar: what a row becomes, and what its writer is told when it cannot be used."""

from datetime import UTC, datetime

import pytest

from include.desk.problems import DeskProblems
from include.editorial.calendar import posts_of, read_calendar


def sentences(calendar) -> list[str]:
    return [str(problem) for problem in calendar.problems]


def test_a_row_becomes_a_post_for_each_account(read_rows, tmp_path):
    calendar = read_rows(
        {
            "key": "fjord-boat",
            "text": "The boat is back",
            "text_x": "Boat's back",
            "media": "media/boat.png",
            "alt": "A red boat",
            "link": "https://fjord.example.com/boat",
            "campaign": "boats",
        }
    )
    assert sentences(calendar) == []
    facebook, x = posts_of(calendar.rows[0])
    assert (facebook.post_id, facebook.account) == ("fjord-boat:facebook_fjord_fell", "facebook_fjord_fell")
    assert (x.post_id, x.account) == ("fjord-boat:x_fjord", "x_fjord")
    assert (facebook.text, x.text) == ("The boat is back", "Boat's back")
    for post in (facebook, x):
        assert post.publish_at == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
        assert (post.link.partition("?")[0], post.campaign) == ("https://fjord.example.com/boat", "boats")
        assert [(image.source, image.alt) for image in post.media] == [
            (str(tmp_path / "media" / "boat.png"), "A red boat")
        ]


@pytest.mark.parametrize(
    ("accounts", "expected"),
    [
        ("all", ["facebook_fjord_fell", "x_fjord"]),
        ("ALL", ["facebook_fjord_fell", "x_fjord"]),
        ("x", ["x_fjord"]),
        ("x, Facebook", ["facebook_fjord_fell", "x_fjord"]),
        ("x_fjord x", ["x_fjord"]),
    ],
)
def test_accounts_are_named_by_platform_or_key(read_rows, accounts, expected):
    assert list(read_rows({"accounts": accounts}).rows[0].texts) == expected


def test_a_text_for_one_account_goes_before_that_of_its_platform(read_rows):
    columns = ["brand", "when", "accounts", "text", "text_x", "text_x_fjord"]
    row = {"text_x": "for X", "text_x_fjord": "for this account"}
    assert read_rows(row, columns=columns).rows[0].texts["x_fjord"] == "for this account"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"brand": "fjrod"}, 'brand "fjrod": not a brand of brands.yml; did you mean "fjord"? Allowed: fjord, sea.'),
        ({"when": "03/11"}, 'when "03/11": no year or time; write it like 2026-11-23 09:30 or 23/11/2026 09:30.'),
        ({"when": ""}, "when (empty): is needed; write it like 2026-11-23 09:30 or 23/11/2026 09:30."),
        ({"accounts": ""}, "accounts (empty): is needed; write one or more of: all, facebook, x, facebook_fjord_"),
        ({"accounts": "x, facebok"}, 'accounts "x, facebok": fjord has no account "facebok"; did you mean "facebook"?'),
        ({"accounts": "mastodon"}, 'accounts "mastodon": fjord has no account "mastodon"; allowed: all,'),
        ({"text": ""}, "text (empty): facebook_fjord_fell and x_fjord would say nothing; write a text."),
        ({"text": "????? Mekong"}, 'text "????? Mekong": the file lost its letters; save it anew as "CSV UTF-8"'),
        ({"text": "??"}, 'text "??": the file lost its letters;'),
        ({"text_x": "caf\N{REPLACEMENT CHARACTER}"}, "the file lost its letters;"),
        ({"media": "media/boat.png", "alt": "?????"}, 'alt "?????": the file lost its letters;'),
        ({"media": "media/baot.png"}, 'there is no file "media/baot.png" in '),
        ({"media": "media/baot.png"}, 'Did you mean "media/boat.png"?'),
        ({"media": "media/boat.png|"}, 'media "media/boat.png|": "" is not a file beside the calendar;'),
        ({"media": "../secrets.png"}, '"../secrets.png" is not a file beside the calendar; write it like'),
        ({"media": "/etc/passwd"}, '"/etc/passwd" is not a file beside the calendar;'),
        ({"media": "http://fjord.example.com/a.png"}, "cannot be fetched safely; use an https address"),
        ({"alt": "A boat"}, 'alt "A boat": 1 alt texts for 0 images; a vertical bar parts them.'),
        ({"link": "fjord.example.com"}, 'link "fjord.example.com": not a web address; write it whole, such as https://example.com/page.'),
        ({"link": "https://a b.example.com"}, "not a web address;"),
        ({"key": "my key"}, 'key "my key": use up to 100 letters, digits, - . and _, without spaces,'),
        ({"status": "raedy"}, 'status "raedy": not a status; did you mean "ready"? Allowed: cancelled, draft, ready.'),
        ({"status": "cancelled", "accounts": "?"}, 'accounts "?": fjord has no account "?"'),
    ],
)  # fmt: skip
def test_each_broken_row_is_named_by_file_row_and_column(read_rows, row, sentence):
    calendar = read_rows({"when": "2026-11-23 08:00"}, row)
    assert [row.number for row in calendar.rows] == [2]
    assert any(told.startswith("calendar.csv, row 3, ") and sentence in told for told in sentences(calendar))


def test_all_that_is_wrong_with_a_row_is_told_at_once(read_rows):
    calendar = read_rows({"when": "soon", "accounts": "fax", "link": "no", "media": "no.png", "status": "perhaps"})
    assert [problem.column for problem in calendar.problems] == ["status", "when", "accounts", "media", "link"]


def test_question_marks_that_were_meant_are_left_alone(read_rows):
    texts = ["Really???", "What? Yes!", "Ready ?? Go", "https://fjord.example.com/?a=1"]
    calendar = read_rows(*({"when": f"2026-11-2{day} 09:30", "text": text} for day, text in enumerate(texts)))
    assert [row.texts["x_fjord"] for row in calendar.rows] == texts


def test_a_variant_for_a_network_that_the_brand_is_not_on_is_refused(read_rows):
    columns = ["brand", "when", "accounts", "text", "text_fb", "text_mastodon"]
    calendar = read_rows({"text_fb": "Hei hei"}, columns=columns)
    (told,) = sentences(calendar)
    assert told == (
        'calendar.csv, row 2, text_fb "Hei hei": fjord has no account "fb";'
        " allowed: facebook, facebook_fjord_fell, x, x_fjord."
    )
    (warning,) = calendar.warnings
    assert str(warning).startswith('calendar.csv, row 1, "text_fb": this column is not read;')


def test_a_variant_that_nobody_reads_in_this_row_is_worth_a_look(read_rows):
    calendar = read_rows({"accounts": "facebook", "text_x": "for X"})
    assert len(calendar.rows) == 1
    assert str(calendar.warnings[0]) == (
        'calendar.csv, row 2, text_x "for X": the row does not go there; add it to accounts or clear the cell.'
    )


def test_an_image_without_words_is_worth_a_look_not_a_refusal(read_rows):
    calendar = read_rows({"media": "media/boat.png | https://fjord.example.com/fell.jpg", "alt": " | A fell"})
    assert [image.alt for image in calendar.rows[0].media] == ["", "A fell"]
    assert [str(warning) for warning in calendar.warnings] == [
        "calendar.csv, row 2, alt (empty): boat.png has no words for who cannot see it."
    ]


def test_an_image_that_cannot_be_read_is_its_rows_trouble_only(read_rows, monkeypatch):
    def refuse(file, name):
        raise PermissionError(13, "Permission denied", file.name)

    monkeypatch.setattr("hashlib.file_digest", refuse)
    calendar = read_rows({"media": "media/boat.png"}, {"media": f"media/{'x' * 300}.png"}, {"key": "sound"})
    assert [row.key for row in calendar.rows] == ["sound"]
    forbidden, too_long = map(str, calendar.problems)
    assert forbidden.startswith('calendar.csv, row 2, media "media/boat.png": "boat.png" cannot be read (Permission')
    assert "cannot be read (File name too long)" in too_long


def test_an_image_may_stand_without_a_text(read_rows):
    assert read_rows({"text": "", "media": "media/boat.png", "alt": "A boat"}).rows[0].texts["x_fjord"] == ""


def test_a_time_that_the_clock_skips_is_settled_and_told(read_rows):
    calendar = read_rows({"when": "2026-03-29 02:30"})
    assert calendar.rows[0].when == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert "the clock skips 02:30 on that day; 03:30 is taken." in str(calendar.warnings[0])


def test_text_beyond_the_last_column_is_an_unquoted_comma(brands, tmp_path):
    path = tmp_path / "calendar.csv"
    path.write_text("brand,when,accounts,text\nfjord,2026-11-23 09:30,all,Hei, verden\n")
    (told,) = sentences(read_calendar(path, brands))
    assert told == (
        'calendar.csv, row 2, "verden": stands beyond the last column;'
        " put quotes around a text that holds the delimiter."
    )


def test_what_italian_excel_saves_is_read(brands, tmp_path):
    path = tmp_path / "calendar.csv"
    text = "Brand;When;Accounts;Text\r\nfjord;23/11/2026 09:30;all;Perché no? È già Natale – “sì”\r\n"
    path.write_bytes(text.encode("cp1252"))
    calendar = read_calendar(path, brands)
    assert calendar.rows[0].texts["x_fjord"] == "Perché no? È già Natale – “sì”"
    assert str(calendar.warnings[0]) == (
        'calendar.csv, saved as plain CSV of Windows: look at accents and quotes, or save it as "CSV UTF-8".'
    )


def test_lao_with_a_mark_and_tabs_is_read(brands, tmp_path):
    path = tmp_path / "calendar.csv"
    path.write_text("brand\twhen\taccounts\ttext\nsea\t2026-11-23 09:30\tx\tສະບາຍດີ\n", encoding="utf-8-sig")
    row = read_calendar(path, brands).rows[0]
    assert (row.texts, row.when) == ({"x_sea": "ສະບາຍດີ"}, datetime(2026, 11, 23, 2, 30, tzinfo=UTC))


def test_a_file_without_the_needed_columns_is_refused_as_a_whole(brands, tmp_path):
    path = tmp_path / "calendar.csv"
    path.write_text("brand,wen,account,text\n")
    with pytest.raises(DeskProblems) as caught:
        read_calendar(path, brands)
    assert [problem.why.partition("?")[0] for problem in caught.value.problems] == [
        'there is no column "when"; did you mean "wen"',
        'there is no column "accounts"; did you mean "account"',
    ]


def test_each_brand_can_be_told_its_own_part(read_rows, brands):
    columns = ["brand", "when", "accounts", "text", "media", "colour", "status"]
    sea = {"brand": "sea", "accounts": "x", "media": "media/boat.png"}
    off = {"when": "2026-11-24 09:30", "status": "cancelled"}
    calendar = read_rows({}, sea, {"text": ""}, {**sea, "text": "??"}, {"brand": "?"}, off, columns=columns)
    fjord, ocean, nobody = calendar.of(brands[0]), calendar.of(brands[1]), calendar.of(None)
    assert [[row.number for row in part.rows] for part in (fjord, ocean, nobody)] == [[2], [3], []]
    assert [[row.number for row in part.broken] for part in (fjord, ocean, nobody)] == [[4], [5], [6]]
    assert [[warning.row for warning in part.warnings] for part in (fjord, ocean, nobody)] == [[], [3, 5], [1]]
    assert [len(part.called_off) for part in (fjord, ocean, nobody)] == [2, 0, 0]
