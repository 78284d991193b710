"""What else a row may say: threads, first comments, formats, what it is for, who pays."""

import pytest

from include.editorial.calendar import posts_of

COLUMNS = [
    *("key", "brand", "when", "accounts", "text", "text_x", "first_comment", "first_comment_x", "format"),
    *("format_facebook", "objective", "pillar", "sponsor_budget", "media", "link", "campaign"),
]


@pytest.fixture
def posts(read_rows):
    def of(row):
        calendar = read_rows(row, columns=COLUMNS)
        assert calendar.problems == ()
        return posts_of(calendar.rows[0])

    return of


def problems(read_rows, row) -> list[str]:
    return [problem.brief() for problem in read_rows(row, columns=COLUMNS).problems]


def test_a_line_of_dashes_begins_the_next_part_of_a_thread(posts):
    facebook, x = posts({"text": "One -- and\n\nall ---", "text_x": "One\n---\nTwo,\nlonger\n ---\t\nThree"})
    assert (facebook.text, facebook.thread) == ("One -- and\n\nall ---", ())
    assert (x.text, x.thread) == ("One", ("Two,\nlonger", "Three"))
    assert [(part.number, part.kind, part.text) for part in x.parts][1:] == [
        (1, "thread", "Two,\nlonger"),
        (2, "thread", "Three"),
    ]


def test_a_part_of_a_thread_that_says_nothing_is_refused(read_rows):
    assert problems(read_rows, {"text": "One\n---\n"}) == [
        "text (empty): an empty part for facebook_fjord_fell and x_fjord; write something on both sides of ---."
    ]


def test_first_comment_and_format_have_variants_as_the_text_has(posts):
    row = {"first_comment": "Link below", "first_comment_x": "Link", "format_facebook": "Reel"}
    facebook, x = posts(row)
    assert (facebook.first_comment, facebook.format) == ("Link below", "reel")
    assert (x.first_comment, x.format) == ("Link", "feed")


def test_what_a_post_is_for_goes_along(posts):
    (post, _) = posts({"objective": "sales", "pillar": "craft", "sponsor_budget": "natale"})
    assert (post.objective, post.pillar, post.sponsor_budget) == ("sales", "craft", "natale")


def test_a_sponsored_posts_link_says_so(posts):
    (post, _) = posts({"sponsor_budget": "natale", "link": "https://fjord.example.com"})
    assert "utm_medium=paid_social" in post.link


@pytest.mark.parametrize(
    "change", [{"first_comment": "Hei"}, {"format": "story"}, {"text": "Hei\n---\nHei"}, {"link": "https://a.example"}]
)
def test_what_a_reader_sees_needs_a_new_approval(posts, change):
    before, after = posts({"text": "Hei"}), posts({"text": "Hei", **change})
    assert {post.content_hash for post in before}.isdisjoint(post.content_hash for post in after)


def test_what_only_the_team_sees_does_not(posts):
    hashes = [
        [post.content_hash for post in posts(row)] for row in ({}, {"pillar": "craft", "sponsor_budget": "natale"})
    ]
    assert hashes[0] == hashes[1]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"format": "rell"}, 'format "rell": not a format; did you mean "reel"? Allowed: feed, reel, story.'),
        ({"format_facebook": "post"}, 'format_facebook "post": not a format; allowed: feed, reel, story.'),
        ({"first_comment_x": "????"}, 'first_comment_x "????": the file lost its letters; save it anew'),
        ({"campaign": "????"}, 'campaign "????": the file lost its letters;'),
    ],
)
def test_each_mistake_is_named(read_rows, row, sentence):
    assert any(sentence in told for told in problems(read_rows, row))


def test_a_first_comment_for_a_network_that_the_brand_is_not_on_is_refused(read_rows):
    columns = ["brand", "when", "accounts", "text", "first_comment_mastodon"]
    (problem,) = read_rows({"first_comment_mastodon": "Hei"}, columns=columns).problems
    assert problem.brief().startswith(
        'first_comment_mastodon "Hei": fjord has no account "mastodon"; allowed: facebook,'
    )


def test_a_column_that_nobody_reads_is_told_with_what_could_be_meant(read_rows):
    columns = ["brand", "when", "accounts", "text", "first_coment", "notes"]
    assert [warning.brief() for warning in read_rows({}, columns=columns).warnings] == [
        '"first_coment": this column is not read; did you mean "first_comment"?',
        '"notes": this column is not read; rename it, or leave it as a note to yourselves.',
    ]
