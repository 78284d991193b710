"""Who wrote a comment, as a hash and nothing else: enough to see that somebody wrote before, not who it is.

HMAC-SHA256 with a salt, for a platform's ids can be enumerated and a plain hash of them undone. The salt is
DESK_COMMENT_SALT. Without one the warehouse makes its own, once, and keeps it: a salt per process would make a new
stranger of everybody every ten minutes, and no salt would protect nobody. Who has a copy of the whole warehouse then
has the salt too; who wants to be safe from that sets DESK_COMMENT_SALT. Another salt makes strangers of all authors.
"""

import hashlib
import hmac
import secrets

from sqlalchemy import Engine, select
from sqlalchemy.dialects.postgresql import insert

from include.warehouse.tables import comment_salt


def author_hash(salt: bytes, author: str) -> str | None:
    """The hash of a platform's id of an author; None where the platform gives none."""
    if not author:
        return None
    return hmac.new(salt, author.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


def salt_of(engine: Engine, given: str = "") -> bytes:
    """The salt that was `given`, or else the warehouse's own, made at first use; two at once get the same."""
    if given:
        return given.encode()
    with engine.begin() as connection:
        made = {"salt_id": 1, "salt": secrets.token_bytes(32)}
        connection.execute(insert(comment_salt).values(made).on_conflict_do_nothing())
        return bytes(connection.execute(select(comment_salt.c.salt)).scalar_one())
