"""Who asks: sessions with a short access token and a refresh token that is used up when used; tokens for services.

Lexicons com.atproto.server.createSession, refreshSession, getSession and getServiceAuth. Tokens are readable and hold
what they allow; only who knows the seed could write one. The real server forgives a refresh token that is used again
within two hours; this one does not.
"""

import base64
import json
from typing import Any
from urllib.parse import quote, urlsplit

from include.sandbox.asking import Ask
from include.sandbox.bluesky.failures import XrpcError, invalid
from include.sandbox.bluesky.identity import handle_of
from include.sandbox.chance import letters
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.state import Sandbox

ACCESS_S = 7200
REFRESH_S = 90 * 86_400
SERVICE_S, MOST_SERVICE_S = 60, 3600
VIDEO_DID = "did:web:video.bsky.app"


class Sessions:
    """The sessions of one server."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._used: set[str] = set()
        self._made = 0

    def create(self, ask: Ask) -> dict[str, Any]:
        body = ask.body if isinstance(ask.body, dict) else {}
        for name in ("identifier", "password"):
            if not isinstance(body.get(name), str):
                raise invalid(f'Input must have the property "{name}"')
        account = self.known(str(body["identifier"]))
        if account is None or account.token_is_dead or account.token != body["password"]:
            raise XrpcError("AuthenticationRequired", "Invalid identifier or password", 401)
        return self._opened(account, ask)

    def refresh(self, ask: Ask) -> dict[str, Any]:
        account, token = self._bearer(ask, "refresh")
        if token in self._used:
            raise XrpcError("ExpiredToken", "Token has been revoked")
        self._used.add(token)
        return self._opened(account, ask)

    def show(self, ask: Ask) -> dict[str, Any]:
        account = self.signed_in(ask)
        return self._shown(account, ask)

    def service_token(self, ask: Ask) -> dict[str, Any]:
        """`getServiceAuth`: a token for another service, bound to its audience and to one method."""
        account = self.signed_in(ask)
        audience, now = ask.query.get("aud", ""), self._now()
        if not audience.startswith("did:"):
            raise invalid("Error: Params must have the property aud")
        until = float(ask.query.get("exp") or now + SERVICE_S)
        if not now < until <= now + MOST_SERVICE_S:
            raise XrpcError(
                "BadExpiration", "cannot request a token with an expiration more than an hour in the future"
            )
        return {"token": self._signed(account, "service", until, aud=audience, lxm=ask.query.get("lxm"))}

    def signed_in(self, ask: Ask) -> DeclaredAccount:
        return self._bearer(ask, "access")[0]

    def for_service(self, ask: Ask, audience: str, method: str) -> DeclaredAccount:
        """Who sends a service token; refused unless it is meant for that audience and that method."""
        account, token = self._bearer(ask, "service")
        said = _read(token)
        if said.get("aud") != audience or said.get("lxm") not in (None, method):
            raise XrpcError("BadJwtAudience", f"jwt audience does not match service did, or not for {method}", 401)
        return account

    def known(self, identifier: str) -> DeclaredAccount | None:
        """The account of that handle, DID or name."""
        name = identifier.removeprefix("@").lower()
        accounts = self._sandbox.accounts("bluesky")
        return next((a for a in accounts if name in (handle_of(a), a.native_id, a.name, a.key)), None)

    def caller(self, ask: Ask) -> DeclaredAccount | None:
        """Who seems to ask, for the counters: nothing is checked."""
        token = ask.bearer
        subject = str(_read(token).get("sub", "")) if token else ""
        body = ask.body if isinstance(ask.body, dict) else {}
        return self.known(subject or str(body.get("identifier") or ""))

    def _bearer(self, ask: Ask, scope: str) -> tuple[DeclaredAccount, str]:
        token = ask.bearer
        if not token:
            raise XrpcError("AuthMissing", "Authentication Required", 401)
        said = _read(token)
        account = self._sandbox.account_with("bluesky", native_id=str(said.get("sub") or "?"))
        if account is None or said.get("scope") != scope or token.rpartition(".")[2] != self._seal(said):
            raise XrpcError("InvalidToken", "Token could not be verified")
        if account.token_is_dead:
            raise XrpcError("AccountTakedown", "Account has been taken down", 401)
        if self._now() >= said["exp"]:
            raise XrpcError("ExpiredToken", "Token has expired")
        return account, token

    def _opened(self, account: DeclaredAccount, ask: Ask) -> dict[str, Any]:
        now = self._now()
        access_s = float(account.settings.get("access_seconds") or ACCESS_S)
        return {
            "accessJwt": self._signed(account, "access", now + access_s),
            "refreshJwt": self._signed(account, "refresh", now + REFRESH_S),
            **self._shown(account, ask),
        }

    def _shown(self, account: DeclaredAccount, ask: Ask) -> dict[str, Any]:
        service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": ask.base}
        return {
            "handle": handle_of(account),
            "did": account.native_id,
            "didDoc": {"id": account.native_id, "service": [service]},
            "emailConfirmed": True,
            "active": True,
        }

    def _signed(self, account: DeclaredAccount, scope: str, until: float, **more: Any) -> str:
        self._made += 1
        said = {"scope": scope, "sub": account.native_id, "exp": until, "jti": self._made, **more}
        return f"{_part({'typ': 'JWT', 'alg': 'HS256'})}.{_part(said)}.{self._seal(said)}"

    def _seal(self, said: dict[str, Any]) -> str:
        return letters(43, self._sandbox.seed, json.dumps(said, sort_keys=True))

    def _now(self) -> float:
        return self._sandbox.clock.now().timestamp()


def server_did(base: str) -> str:
    """The server's own DID (`did:web`): its host, a port written as %3A."""
    return "did:web:" + quote(urlsplit(base).netloc, safe="")


def _part(said: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def _read(token: str) -> dict[str, Any]:
    try:
        middle = token.split(".")[1]
        said = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except (ValueError, IndexError):
        return {}
    return said if isinstance(said, dict) else {}
