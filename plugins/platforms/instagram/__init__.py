"""Instagram professional accounts over the Graph API v25.0: images, carousels, reels and stories go out, comments
come in.

Connection: `{"conn_type": "http", "host": "https://graph.facebook.com", "password": "<access token>"}`, with
`ig_user_id` (else the account behind the token's own Page) and `api_version` in its extra. The token comes from
Facebook Login and needs instagram_basic, instagram_content_publish, instagram_manage_comments,
pages_read_engagement, and instagram_manage_contents to delete.

Instagram fetches images itself: they need an address that the whole internet can open (DESK_MEDIA_BASE). A video on
this machine is sent there. The API cannot change a caption once it is out.

Comments are read for 90 days under the account's media: the newest fifty of each medium and their replies, and as many
more as are new. A new reply to an older comment, and what is said under ads, is not heard.
"""

from datetime import timedelta

from platforms import Platform, Quota

_REFERENCE = "https://developers.facebook.com/documentation/instagram-platform"

PLATFORM = Platform(
    name="instagram",
    title="Instagram",
    hook="platforms.instagram.hook:InstagramHook",
    wording="platforms.instagram.wording:problems",
    docs=(
        f"{_REFERENCE}/content-publishing",
        f"{_REFERENCE}/content-publishing/resumable-uploads",
        f"{_REFERENCE}/instagram-graph-api/reference/ig-container",
        f"{_REFERENCE}/instagram-graph-api/reference/ig-user/content_publishing_limit",
        f"{_REFERENCE}/instagram-graph-api/reference/error-codes",
        f"{_REFERENCE}/instagram-graph-api/reference/ig-media/comments",
        f"{_REFERENCE}/instagram-graph-api/reference/ig-comment/replies",
    ),
    publishes=True,
    find_delay=timedelta(minutes=2),
    follows=("comment",),
    deletes=True,
    limited=True,
    quotas=(Quota(most=50, per=timedelta(hours=24), limit_name="quota_total"),),
    by_address=True,
    opens_links=False,
    listens=True,
    moderates=("hide", "answer"),
)
