"""`GET /api/v2/instance`, with the limits of the account's own instance, and the account as it shows itself."""

from typing import Any

from include.sandbox.declaration import DeclaredAccount
from include.sandbox.state import Sandbox
from include.sandbox.world.people import Person

HOST = "mastodon.example"
MIME_TYPES = ["image/jpeg", "image/png", "image/gif", "image/webp", "video/webm", "video/mp4", "video/quicktime"]
STATUSES = {"max_characters": 500, "max_media_attachments": 4, "characters_reserved_per_url": 23}
MEDIA = {
    "description_limit": 1500,
    "image_matrix_limit": 33177600,
    "image_size_limit": 16777216,
    "supported_mime_types": MIME_TYPES,
    "video_frame_rate_limit": 120,
    "video_matrix_limit": 8294400,
    "video_size_limit": 103809024,
}


def configuration(account: DeclaredAccount | None) -> dict[str, Any]:
    """The part of the answer that holds limits."""
    own = (account.settings.get("instance") if account else None) or {}
    return {
        "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
        "media_attachments": {name: own.get(name, value) for name, value in MEDIA.items()},
        "polls": {"max_characters_per_option": 50, "max_expiration": 2629746, "max_options": 4, "min_expiration": 300},
        "statuses": {name: own.get(name, value) for name, value in STATUSES.items()},
        "translation": {"enabled": False},
        "urls": {"streaming": f"wss://{HOST}"},
    }


def instance(account: DeclaredAccount | None) -> dict[str, Any]:
    """The instance, in the contract's fields."""
    return {
        "domain": HOST,
        "title": "Sandbox",
        "version": "4.7.0",
        "api_versions": {"mastodon": 7},
        "source_url": "https://github.com/mastodon/mastodon",
        "description": "A Mastodon of this machine",
        "usage": {"users": {"active_month": 1}},
        "thumbnail": {"url": f"https://{HOST}/thumbnail.png"},
        "icon": [],
        "languages": ["en"],
        "configuration": configuration(account),
        "registrations": {"enabled": False, "approval_required": False, "message": None, "url": None},
        "contact": {"email": f"desk@{HOST}", "account": None},
        "rules": [],
    }


def shown_account(sandbox: Sandbox, account: DeclaredAccount) -> dict[str, Any]:
    """An Account."""
    url, day = f"https://{HOST}/@{account.username}", sandbox.history(account).day(sandbox.clock.now().date())
    picture = f"https://{HOST}/avatars/{account.username}.png"
    return {
        "id": account.native_id,
        "username": account.username,
        "acct": account.username,
        "display_name": account.title,
        "locked": False,
        "bot": False,
        "group": False,
        "indexable": True,
        "created_at": "2024-01-01T00:00:00.000Z",
        "note": "",
        "url": url,
        "uri": f"https://{HOST}/users/{account.username}",
        "avatar": picture,
        "avatar_static": picture,
        "header": picture,
        "header_static": picture,
        "followers_count": day.followers if day else 0,
        "following_count": 0,
        "statuses_count": len(sandbox.posts.of("mastodon", account.name)),
        "emojis": [],
        "fields": [],
    }


def stranger(person: Person, host: str) -> dict[str, Any]:
    """An Account of another instance."""
    url, picture = f"https://{host}/@{person.username}", f"https://{host}/avatars/{person.username}.png"
    return {
        "id": person.person_id,
        "username": person.username,
        "acct": f"{person.username}@{host}",
        "display_name": person.name,
        "locked": False,
        "bot": False,
        "group": False,
        "indexable": True,
        "created_at": "2024-01-01T00:00:00.000Z",
        "note": "",
        "url": url,
        "uri": f"https://{host}/users/{person.username}",
        "avatar": picture,
        "avatar_static": picture,
        "header": picture,
        "header_static": picture,
        "followers_count": 0,
        "following_count": 0,
        "statuses_count": 1,
        "emojis": [],
        "fields": [],
    }


def credential_account(sandbox: Sandbox, account: DeclaredAccount) -> dict[str, Any]:
    """A CredentialAccount: `verify_credentials`."""
    source = {"note": "", "fields": [], "privacy": "public", "sensitive": False, "language": account.language}
    return {
        **shown_account(sandbox, account),
        "source": {**source, "indexable": True, "follow_requests_count": 0},
        "role": {"id": "-99", "name": "", "permissions": "65536", "color": "", "highlighted": False},
    }
