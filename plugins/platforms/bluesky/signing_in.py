"""A session: an access token for two hours and a refresh token that is used up when used. Both live in memory only.

Signing in is what the server allows least (30 in five minutes, 300 a day), so one hook signs in once, when it first
asks, and renews.
"""

from collections.abc import Callable
from typing import Any

import requests
from requests.auth import AuthBase

from include.domain.errors import CredentialsDead
from platforms.bluesky import reading
from platforms.bluesky.failures import TokenStale
from platforms.transport.access import Access
from platforms.transport.failures import Answer
from platforms.transport.redaction import Secret
from platforms.transport.session import Session

CREATE, REFRESH = "xrpc/com.atproto.server.createSession", "xrpc/com.atproto.server.refreshSession"


class SignIn(AuthBase):
    """Signs requests with the access token, once there is one."""

    def __init__(self, access: Access) -> None:
        self._account, self._password = access.account, access.token
        self._identifier = str(access.extra.get("identifier") or access.extra.get("login") or "").lstrip("@")
        self._base_url = access.base_url
        self._token, self._refresh = Secret(), Secret()
        self.did = self.server = ""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        return request

    def call(self, session: Session, ask: Callable[[], Answer]) -> Answer:
        """`ask`, signed. Where the token is over nothing was done: once more with a new one."""
        if not self._token:
            self._open(session)
        try:
            return ask()
        except TokenStale:
            self._renew(session)
        return ask()

    def _open(self, session: Session) -> None:
        if not self._identifier:
            said = f"{self._account}: the connection has no login; give it the account's handle (name.bsky.social)."
            raise CredentialsDead(said, account=self._account)
        who = {"identifier": self._identifier, "password": self._password.reveal()}
        self._keep(session.upload(CREATE, json=who, signed=False, doing="sign in"))

    def _renew(self, session: Session) -> None:
        headers = {"Authorization": f"Bearer {self._refresh.reveal()}"}
        self._token = Secret()
        try:
            self._keep(session.upload(REFRESH, headers=headers, signed=False, doing="renew the session"))
        except CredentialsDead:
            self._open(session)

    def _keep(self, answer: Answer) -> None:
        said: dict[str, Any] = answer.data if isinstance(answer.data, dict) else {}
        if not said.get("accessJwt") or not said.get("did"):
            raise CredentialsDead(
                f"{self._account}: could not {answer.doing}: the answer has no token.", account=self._account
            )
        self._token, self._refresh = Secret(said["accessJwt"]), Secret(str(said.get("refreshJwt") or ""))
        self.did, self.server = said["did"], reading.server_of(said) or self._base_url
