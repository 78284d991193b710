"""What a person's link says: whose network it is, and the post's id there where it holds one."""

import pytest

from include.publishing.addresses import is_of, network_of, remote_id


@pytest.mark.parametrize(
    ("network", "url", "is_its"),
    [
        ("facebook", "https://www.facebook.com/permalink.php?story_fbid=1&id=2", True),
        ("facebook", "https://m.facebook.com/aurora/posts/1", True),
        ("facebook", "https://drive.google.com/file/1", False),
        ("facebook", "https://notfacebook.com/1", False),
        ("facebook", "https://facebook.com.evil.example/1", False),
        ("x", "https://x.com/aurora/status/1", True),
        ("mastodon", "https://mastodon.social/@aurora/1", True),
        ("mastodon", "https://localhost/1", False),
        ("newnet", "https://newnet.example/1", True),
    ],
)
def test_only_an_address_of_the_network_is_one_of_its_posts(network: str, url: str, is_its: bool) -> None:
    assert is_of(network, url) is is_its


@pytest.mark.parametrize(
    ("network", "url", "found"),
    [
        ("facebook", "https://www.facebook.com/permalink.php?story_fbid=345&id=12", "12_345"),
        ("facebook", "https://www.facebook.com/permalink.php", ""),
        ("facebook", "https://www.facebook.com/aurora/posts/pfbid02abc", ""),
        ("instagram", "https://www.instagram.com/p/C9xYz/", ""),
        ("x", "https://x.com/aurora/status/1860?s=20", "1860"),
        ("x", "https://x.com/aurora", ""),
        ("linkedin", "https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A72/", "urn:li:share:72"),
        ("linkedin", "https://www.linkedin.com/posts/aurora_x-activity-72", ""),
        ("bluesky", "https://bsky.app/profile/did:plc:ab12/post/3kx", "at://did:plc:ab12/app.bsky.feed.post/3kx"),
        ("bluesky", "https://bsky.app/profile/aurora.example/post/3kx", ""),
        ("mastodon", "https://mastodon.social/@aurora/11350", "11350"),
        ("tiktok", "https://tiktok.com/@aurora/video/77?x=1", "77"),
    ],
)
def test_an_id_is_taken_only_where_the_address_holds_it(network: str, url: str, found: str) -> None:
    assert remote_id(network, url) == found


def test_the_network_of_an_account() -> None:
    assert network_of("x_bottega_aurora") == "x"
