"""From a service account's key to an access token that is good for an hour.

https://developers.google.com/identity/protocols/oauth2/service-account#httprest, read on 2026-11-24.
"""

import time
from urllib.parse import urlsplit

import jwt
from requests import PreparedRequest
from requests.auth import AuthBase

from include.domain.errors import CredentialsDead
from platforms.google_analytics.failures import explain
from platforms.transport.access import Access
from platforms.transport.redaction import Secret
from platforms.transport.session import Session

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPE = "https://www.googleapis.com/auth/analytics.readonly"
GOOGLE = "https://oauth2.googleapis.com/token"
LASTS_S = 3600
RENEW_BEFORE_S = 120


class ServiceAccount(AuthBase):
    """Signs each request with a token that the key was exchanged for, when it is first needed."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._token, self._until = Secret(), 0.0

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        if time.time() > self._until - RENEW_BEFORE_S:
            self._renew()
        request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        return request

    def _renew(self) -> None:
        address = str(self._access.extra.get("token_uri") or GOOGLE)
        form = {"grant_type": GRANT, "assertion": self._assertion(address, int(time.time()))}
        to_google = Session(
            Access.to(self._access.account, _host(address), extra=self._access.extra),
            explain=explain,
            limits=lambda headers, now: None,
            signs_in=True,
        )
        answer = to_google.upload(address, doing="sign in to Google", signed=False, data=form)
        token = str(answer.data.get("access_token") or "") if isinstance(answer.data, dict) else ""
        if not token:
            said = f"{self._access.account}: could not sign in to Google. Its answer held no token."
            raise CredentialsDead(said, account=self._access.account)
        self._token, self._until = Secret(token), time.time() + float(answer.data.get("expires_in") or LASTS_S)

    def _assertion(self, audience: str, now: int) -> str:
        extra = self._access.extra
        claims = {"iss": extra.get("client_email"), "scope": SCOPE, "aud": audience, "iat": now, "exp": now + LASTS_S}
        try:
            return jwt.encode(claims, str(extra["private_key"]), algorithm="RS256")
        except (ValueError, TypeError, jwt.PyJWTError) as wrong:
            said = (
                f"{self._access.account}: private_key in the connection's extra is no RSA key ({type(wrong).__name__})."
                " Paste the content of the service account's key file there, line breaks as \\n."
            )
        raise CredentialsDead(said, account=self._access.account)


def _host(address: str) -> str:
    url = urlsplit(address)
    return f"{url.scheme}://{url.netloc}"
