"""Lets the world's people talk: what `POST`, `PATCH` and `DELETE /_sandbox/comments` do. Asked in one JSON object."""

from collections.abc import Mapping
from typing import Any

from include.sandbox.chance import digits
from include.sandbox.conversation import LONG_AGO, find_comment, talked_of
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.state import Sandbox
from include.sandbox.world.conversation import comment_id
from include.sandbox.world.people import CROWD, person


def say(sandbox: Sandbox, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Somebody comments: `account` (its key), `text`, and if wanted `post` (else the newest), `parent`, `author` (a
    number, for the same person again). Or, without these, `per_minute` comments more from now on."""
    now = sandbox.clock.now()
    if "per_minute" in asked:
        sandbox.commit({"kind": "flow", "at": now.isoformat(), "per_minute": float(asked["per_minute"])})
        return {"per_minute": float(asked["per_minute"])}
    account = _account(sandbox, asked)
    posts = [post.post_id for post in talked_of(sandbox, account, LONG_AGO, now)]
    post_id = str(asked.get("post") or (posts[0] if posts else ""))
    if post_id not in posts:
        raise ValueError(f"{account.key} has no post {post_id or 'at all'} that could be commented on.")
    number = sum(map(len, sandbox.voices.said.values()))
    author = person(
        sandbox.seed, account.platform, account.language, account.key, int(asked.get("author", CROWD + number))
    )
    made = comment_id(account, post_id, now, author, int(digits(9, sandbox.seed, "said", number)))
    event = {"kind": "said", "at": now.isoformat(), "platform": account.platform, "account": account.name}
    who = {"person_id": author.person_id, "name": author.name, "username": author.username}
    told = {"comment_id": made, "post_id": post_id, "text": str(asked["text"]), "author": who}
    sandbox.commit({**event, **told, "parent_id": asked.get("parent")})
    return {"comment": made, "post": post_id}


def reword(sandbox: Sandbox, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Who wrote `comment` of `account` says `text` instead."""
    account, found = _comment(sandbox, asked)
    event = {"kind": "reworded", "at": sandbox.clock.now().isoformat(), "platform": account.platform}
    sandbox.commit({**event, "comment_id": found, "text": str(asked["text"])})
    return {"comment": found}


def withdraw(sandbox: Sandbox, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Who wrote `comment` of `account` deletes it."""
    account, found = _comment(sandbox, asked)
    at = sandbox.clock.now().isoformat()
    sandbox.commit({"kind": "delete", "platform": account.platform, "remote_id": found, "at": at})
    return {"comment": found}


def _account(sandbox: Sandbox, asked: Mapping[str, Any]) -> DeclaredAccount:
    found = next((a for a in sandbox.declaration.accounts if a.key == asked.get("account")), None)
    if found is None:
        raise ValueError(f"There is no account {asked.get('account')!r} in this world.")
    return found


def _comment(sandbox: Sandbox, asked: Mapping[str, Any]) -> tuple[DeclaredAccount, str]:
    account = _account(sandbox, asked)
    found = find_comment(sandbox, account, str(asked.get("comment")))
    if found is None:
        raise ValueError(f"{account.key} has no comment {asked.get('comment')!r} that stands now.")
    return account, found.comment_id
