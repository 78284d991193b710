"""What people say to an account: statuses of others, which name whom they answer; notifications, contexts, batches.

The OpenAPI description (4.7.0): /api/v1/notifications, /api/v1/statuses/{id}/context, GET /api/v1/statuses, which takes
twenty ids (mastodon/mastodon app/controllers/api/v1/statuses_controller.rb). The sandbox's people live on another
instance. A private mention is there only where the control's text begins with `[direct]`.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from include.sandbox.asking import Ask
from include.sandbox.conversation import comments_of, comments_under
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.mastodon.failures import MastodonError, invalid
from include.sandbox.mastodon.instance import shown_account, stranger
from include.sandbox.mastodon.statuses import ELSEWHERE, MOST, Statuses, stamp
from include.sandbox.state import Sandbox
from include.sandbox.timeline import find_said
from include.sandbox.world.conversation import WorldComment
from include.sandbox.world.people import Person

MOST_NOTICES, MOST_ASKED = 80, 20
LOOKED_THROUGH = timedelta(days=40)
"""What was said before that is not found any more; it spares the sandbox much work."""
DIRECT = "[direct] "
Status = dict[str, Any]
Comments = Mapping[str, WorldComment]


class Talk:
    """The conversations of every account."""

    def __init__(self, sandbox: Sandbox, statuses: Statuses) -> None:
        self._sandbox, self._statuses = sandbox, statuses

    def notifications(self, account: DeclaredAccount, ask: Ask) -> list[dict[str, Any]]:
        """The newest first; of all kinds there are mentions alone."""
        types, without = ask.every("types[]"), ask.every("exclude_types[]")
        if (types and "mention" not in types) or "mention" in without:
            return []
        said = self._recent(account)
        found = [comment for comment in said.values() if comment.author]
        found = _bounded(sorted(found, key=_number, reverse=True), ask.query)
        limit = min(int(ask.query.get("limit") or 40), MOST_NOTICES)
        return [self._notice(account, comment, said) for comment in found[:limit]]

    def context(self, account: DeclaredAccount, status_id: str) -> dict[str, Any]:
        """What stands above a status, from the thread's beginning on, and what below it."""
        root = self._root(account, status_id)
        said = {comment.comment_id: comment for comment in comments_under(self._sandbox, account, root)}
        above, below = list[Status](), {status_id}
        at = said[status_id].parent_id or root if status_id in said else ""
        while at:
            above.insert(0, self._shown(account, at, said))
            at = (said[at].parent_id or root) if at in said else ""
        descendants = []
        for comment in said.values():
            if (comment.parent_id or root) in below:
                below.add(comment.comment_id)
                descendants.append(self._shown(account, comment.comment_id, said))
        return {"ancestors": above, "descendants": descendants}

    def several(self, account: DeclaredAccount, ask: Ask) -> list[Status]:
        """Those of the ids that are there."""
        ids = list(dict.fromkeys(ask.every("id[]")))
        if len(ids) > MOST_ASKED:
            raise invalid("Validation failed")
        said = self._recent(account)
        return [self._shown(account, each, said) for each in ids if self._is_there(account, each, said)]

    def show(self, account: DeclaredAccount, status_id: str) -> Status:
        said = self._recent(account)
        if not self._is_there(account, status_id, said):
            raise MastodonError(404)
        return self._shown(account, status_id, said)

    def list(self, account: DeclaredAccount, ask: Ask) -> list[Status]:
        """An account's own statuses, the newest first, with what it answered to the world's people."""
        said = self._recent(account)
        own = {c.comment_id: c.parent_id for c in said.values() if c.author is None}
        own |= {each.remote_id: each.reply_to for each in self._statuses.own(account)}
        ids = [each for each in own if not (own[each] and ask.query.get("exclude_replies") in ("true", "1"))]
        bounded = _bounded(sorted(ids, key=int, reverse=True), ask.query, number=int)
        limit = min(int(ask.query.get("limit") or 20), MOST)
        newest = bounded[-limit:] if "min_id" in ask.query else bounded[:limit]
        return [self._shown(account, each, said) for each in newest]

    def thread_of(self, account: DeclaredAccount, status_id: str) -> str:
        """The status at the root of what is answered; empty where it is that itself. Raises where there is none."""
        root = self._root(account, status_id)
        return "" if root == status_id else root

    def _recent(self, account: DeclaredAccount) -> Comments:
        since = self._sandbox.clock.now() - LOOKED_THROUGH
        return {comment.comment_id: comment for comment in comments_of(self._sandbox, account, since)}

    def _is_there(self, account: DeclaredAccount, status_id: str, said: Comments) -> bool:
        return status_id in said or find_said(self._sandbox, account, status_id) is not None

    def _root(self, account: DeclaredAccount, status_id: str) -> str:
        logged = self._sandbox.posts.find("mastodon", status_id)
        if logged is not None and logged.live and logged.under:
            return logged.under
        if find_said(self._sandbox, account, status_id):
            return status_id
        comment = self._recent(account).get(status_id)
        if comment is None:
            raise MastodonError(404)
        return comment.post_id

    def _notice(self, account: DeclaredAccount, comment: WorldComment, said: Comments) -> dict[str, Any]:
        status = self._shown(account, comment.comment_id, said)
        told = {"id": comment.comment_id, "type": "mention", "created_at": status["created_at"]}
        return {**told, "group_key": f"ungrouped-{comment.comment_id}", "account": status["account"], "status": status}

    def _shown(self, account: DeclaredAccount, status_id: str, said: Comments) -> Status:
        """A status: of the account itself as it was posted, of the world's people (and what it told them) as they say
        it, with the names of whom they answer."""
        if status_id not in said or self._sandbox.posts.find("mastodon", status_id):
            return self._statuses.show(account, status_id, answered=self._answered(account, status_id, said))
        comment = said[status_id]
        parent = said.get(comment.parent_id or "")
        to = parent.author if parent else None
        direct = comment.text.startswith(DIRECT)
        text = f"{_names(account, comment.author, to)} {comment.text.removeprefix(DIRECT)}".strip()
        who = stranger(comment.author, ELSEWHERE) if comment.author else shown_account(self._sandbox, account)
        changed = {"edited_at": stamp(comment.edited_at) if comment.edited_at else None}
        spoken = None if comment.language == "und" else comment.language
        return {
            **self._statuses.whole(comment.comment_id, comment.created_at, text, who),
            **changed,
            "in_reply_to_id": comment.parent_id or comment.post_id,
            "in_reply_to_account_id": to.person_id if to else account.native_id,
            "visibility": "direct" if direct else "public",
            "language": spoken,
        }

    def _answered(self, account: DeclaredAccount, status_id: str, said: Comments) -> str | None:
        post = find_said(self._sandbox, account, status_id)
        comment = said.get(post.reply_to or "") if post else None
        return comment.author.person_id if comment and comment.author else None


def _bounded(found: Any, query: Mapping[str, str], number: Any = None) -> Any:
    """Between the ids that the query names."""
    number = number or _number
    least = max(int(query.get("since_id") or 0), int(query.get("min_id") or 0))
    most = int(query.get("max_id") or 1 << 63)
    return [each for each in found if least < number(each) < most]


def _number(comment: WorldComment) -> int:
    return int(comment.comment_id)


def _names(account: DeclaredAccount, author: Person | None, to: Person | None) -> str:
    """Whom a status names before it speaks: who is answered, and the account."""
    names = [f"{to.username}@{ELSEWHERE}"] if to else []
    names += [account.username] if author else []
    return " ".join(f"@{name}" for name in names)
