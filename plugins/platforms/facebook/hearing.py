"""Graph's comments and leads as ours. Pure.

https://developers.facebook.com/docs/graph-api/reference/comment and /documentation/ads-commerce/marketing-api/guides/
lead-ads/retrieving, read on 2026-11-24. Graph does not say when, nor whether, a comment was edited: who reads it again
sees its new words.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from include.domain.comments import Comment, Lead
from platforms.facebook.reading import moment, post_of_video
from platforms.transport.meta import text_of

FIELDS = "id,message,created_time,permalink_url,is_hidden,from,parent{id}"
FORM_FIELDS = "id,name,leads_count"
LEAD_FIELDS = "id,created_time,field_data,campaign_id,campaign_name,ad_id,ad_name"


def edge(since: datetime, limit: int) -> str:
    """The comments since then, as an edge of a post: replies too, the oldest first."""
    asked = f"filter(stream).order(chronological).since({int(since.timestamp()) - 1}).limit({limit})"
    return f"comments.{asked}{{{FIELDS}}}"


def place(node: Mapping[str, Any]) -> tuple[str, str]:
    """The id of the post that is talked of, and the Page's: a post's id begins with it, of a reel both are told."""
    page = text_of(node.get("from"), "id") or str(node["id"]).partition("_")[0]
    return (post_of_video(node) or str(node["id"])) if "post_id" in node else str(node["id"]), page


def comment(account: str, place: tuple[str, str], data: Mapping[str, Any], *, sponsored: bool) -> Comment:
    """One comment at a `place`. What the Page said itself is ours."""
    post_id, page = place
    author = str((data.get("from") or {}).get("id") or "")
    return Comment(
        account=account,
        comment_id=str(data["id"]),
        remote_id=post_id,
        created_at=moment(data["created_time"]),
        text=str(data.get("message") or ""),
        author=author,
        parent_id=(data.get("parent") or {}).get("id"),
        url=str(data.get("permalink_url") or f"https://www.facebook.com/{data['id']}"),
        ours=author == page,
        sponsored=sponsored,
        hidden=bool(data.get("is_hidden")),
    )


def lead(account: str, form: Mapping[str, Any], data: Mapping[str, Any]) -> Lead:
    """One lead; a field that takes several values has them one after the other. The form is named by its name."""
    fields = tuple(
        (str(field.get("name", "")), ", ".join(str(value) for value in field.get("values") or ()))
        for field in data.get("field_data") or ()
    )
    return Lead(
        account=account,
        lead_id=str(data["id"]),
        created_at=moment(data["created_time"]),
        form=str(form.get("name") or form["id"]),
        fields=fields,
        campaign=str(data.get("campaign_name") or data.get("campaign_id") or ""),
        ad=str(data.get("ad_name") or data.get("ad_id") or ""),
    )
