"""The tags on a row's link: what traffic is found again by, and nothing else changed."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.editorial.calendar import posts_of
from include.editorial.tagging import tagged

TAGS = {"source": "x", "content": "boat:x_fjord", "campaign": "boats"}
ADDED = "utm_source=x&utm_medium=social&utm_campaign=boats&utm_content=boat%3Ax_fjord"


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://a.example", f"https://a.example?{ADDED}"),
        ("https://a.example/p?", f"https://a.example/p?{ADDED}"),
        ("https://a.example/p?b=1", f"https://a.example/p?b=1&{ADDED}"),
        ("https://a.example/p?b=1&", f"https://a.example/p?b=1&{ADDED}"),
        ("https://a.example/p#c?d=1", f"https://a.example/p?{ADDED}#c?d=1"),
        ("https://a.example/p?b=%c3%a8&b=+&e#c", f"https://a.example/p?b=%c3%a8&b=+&e&{ADDED}#c"),
        (
            "https://a.example/?UTM_Source=mail&utm%5Fcampaign=&b=1",
            "https://a.example/?UTM_Source=mail&utm%5Fcampaign=&b=1&utm_medium=social&utm_content=boat%3Ax_fjord",
        ),
    ],
)
def test_what_is_missing_is_put_behind_what_is_there(link, expected):
    assert tagged(link, **TAGS) == expected


def test_values_are_written_so_that_they_are_read_back():
    link = tagged("https://a.example", source="x", content="a&b=c#d", campaign="ນ້ຳ & è")
    assert dict(parse_qsl(urlsplit(link).query))["utm_campaign"] == "ນ້ຳ & è"
    assert dict(parse_qsl(urlsplit(link).query))["utm_content"] == "a&b=c#d"


def test_without_a_campaign_there_is_no_such_tag_and_money_makes_it_paid():
    link = tagged("https://a.example", source="x", content="c", sponsored=True)
    assert link == "https://a.example?utm_source=x&utm_medium=paid_social&utm_content=c"


NAMES = st.sampled_from(["a", "b", "utm_source", "utm_medium", "utm_term", "UTM_CONTENT", "utm%5Fcampaign", "è", ""])
VALUES = st.text("abc%20+=?/é", max_size=5)
PARAMETERS = st.lists(st.one_of(NAMES, st.builds("{}={}".format, NAMES, VALUES)), max_size=6)


@given(parameters=PARAMETERS, mark=st.sampled_from(["", "?"]), fragment=st.sampled_from(["", "#", "#top", "#a?b=1&c"]))
def test_whatever_a_link_has_stays_byte_by_byte_and_in_its_order(parameters, mark, fragment):
    query = "&".join(parameters)
    address = f"https://a.example/p{'?' if query else mark}{query}"
    once = tagged(f"{address}{fragment}", **TAGS)
    assert once.startswith(address)
    assert once.endswith(fragment)
    assert tagged(once, **TAGS) == once
    assert tagged(once, source="facebook", content="another", campaign="other", sponsored=True) == once
    added = once[len(address) : len(once) - len(fragment)].lstrip("?&")
    names = [part.partition("=")[0] for part in added.split("&") if part]
    assert names == [name for name in ("utm_source", "utm_medium", "utm_campaign", "utm_content") if name in names]
    # each tag is there once: the link's own, or ours
    there = [name.lower() for name, _ in parse_qsl(urlsplit(once).query, keep_blank_values=True)]
    for name in ("utm_source", "utm_medium", "utm_campaign", "utm_content"):
        assert name in there
        assert (name in names) == (name not in [n.lower() for n, _ in parse_qsl(query, keep_blank_values=True)])


def test_each_network_and_post_has_a_link_of_its_own_and_texts_are_left_alone(read_rows):
    row = {
        "key": "boat",
        "text": "https://fjord.example.com?a",
        "link": "https://fjord.example.com/boat",
        "campaign": "b",
    }
    facebook, x = posts_of(read_rows(row).rows[0])
    tags = dict(parse_qsl(urlsplit(facebook.link).query))
    assert tags == {
        "utm_source": "facebook",
        "utm_medium": "social",
        "utm_campaign": "b",
        "utm_content": facebook.post_id,
    }
    assert dict(parse_qsl(urlsplit(x.link).query))["utm_content"] == x.post_id
    assert x.text == "https://fjord.example.com?a"


def test_a_brand_may_keep_its_links_as_they_are(read_rows, brands):
    brands[0] = replace(brands[0], utm=False)
    posts = posts_of(read_rows({"link": "https://fjord.example.com/", "campaign": "b"}).rows[0])
    assert {post.link for post in posts} == {"https://fjord.example.com/"}


def test_an_approval_outlives_another_campaign_but_not_another_page(read_rows):
    columns = ["key", "brand", "when", "accounts", "text", "link", "campaign"]
    row = {"key": "boat", "link": "https://fjord.example.com/boat", "campaign": "a"}

    def post(**changes):
        return posts_of(read_rows({**row, **changes}, columns=columns).rows[0])[0]

    assert post().link != post(campaign="b").link
    assert post().content_hash == post(campaign="b").content_hash
    assert post().content_hash != post(link="https://fjord.example.com/fell").content_hash
