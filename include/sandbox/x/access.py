"""Who asks: an OAuth 2.0 user token, or an OAuth 1.0a header, whose signature is not verified here."""

import re
from urllib.parse import unquote

from include.sandbox.asking import Ask
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.state import Sandbox
from include.sandbox.x.problems import unauthorized

OAUTH1 = re.compile(r'(oauth_\w+)="([^"]*)"')
NEEDED = {"consumer_key", "nonce", "signature", "signature_method", "timestamp", "token"}


def account_of(sandbox: Sandbox, ask: Ask) -> DeclaredAccount | None:
    """The account whose token the request carries, dead or alive; None without one."""
    token = ask.bearer
    header = ask.headers.get("authorization", "")
    if token is None and header.lower().startswith("oauth "):
        parts = {name.removeprefix("oauth_"): unquote(value) for name, value in OAUTH1.findall(header)}
        token = parts["token"] if parts.keys() >= NEEDED else None
    return sandbox.account_with("x", token=token) if token else None


def signed_in(account: DeclaredAccount | None) -> DeclaredAccount:
    """The account, if its token is good; X says the same 401 of an unknown and of a dead one."""
    if account is None or account.token_is_dead:
        raise unauthorized()
    return account
