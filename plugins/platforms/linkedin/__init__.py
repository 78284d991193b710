"""LinkedIn organizations over the versioned REST API: text, links, images, videos and a first comment go out;
comments come in and are answered. LinkedIn's API hides no comments.

Connection: `{"conn_type": "http", "host": "https://api.linkedin.com", "password": "<access token>", "extra":
{"organization_id": "2414183"}}`; `linkedin_version` in its extra asks for another version of the API than ours.
Scopes: w_organization_social, and r_organization_social to find a post again; without organization_id, LinkedIn is
asked for whom the token speaks, which needs r_organization_admin. To hear comments: rw_organization_admin; below the
Standard Tier LinkedIn serves no batch of comments, and each takes a call. A token lives 60 days.

Left out: a picture for a link (LinkedIn draws none from the page; it would be an image upload of its own), documents,
polls, mentions.
"""

from datetime import timedelta

from platforms import Platform, Quota

PLATFORM = Platform(
    name="linkedin",
    title="LinkedIn",
    hook="platforms.linkedin.hook:LinkedInHook",
    wording="platforms.linkedin.wording:problems",
    docs=(
        "https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api",
        "https://learn.microsoft.com/linkedin/marketing/community-management/shares/little-text-format",
        "https://learn.microsoft.com/linkedin/marketing/community-management/shares/images-api",
        "https://learn.microsoft.com/linkedin/marketing/community-management/shares/videos-api",
        "https://learn.microsoft.com/linkedin/marketing/community-management/shares/multiimage-post-api",
        "https://learn.microsoft.com/linkedin/marketing/community-management/shares/comments-api",
        "https://learn.microsoft.com/linkedin/marketing/community-management/organizations/organization-social-action-notifications",
        "https://learn.microsoft.com/linkedin/marketing/versioning",
        "https://learn.microsoft.com/linkedin/shared/api-guide/concepts/rate-limits",
    ),
    publishes=True,
    find_delay=timedelta(minutes=5),  # not documented
    follows=("comment",),
    deletes=True,
    edits=True,
    listens=True,
    moderates=("answer",),
    quotas=(Quota(150, timedelta(days=1)),),
)
