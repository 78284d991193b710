"""An account's connection: where its API answers, and with which token.

The connection alone decides whom a hook talks to: the platform, the sandbox, or any server that speaks the same API.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from include.domain.errors import CredentialsDead
from platforms.transport.redaction import Secret

_SECRET_WORDS = ("secret", "token", "password", "key")


@dataclass(frozen=True, slots=True)
class Access:
    """Who asks (`account`: its key, which is the connection's id), whom (`base_url`, no slash at its end), and how."""

    account: str
    base_url: str
    token: Secret = field(default_factory=Secret)
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Everything that must never be seen: the token, and what `extra` holds under a telling name."""
        telling = (str(v) for k, v in self.extra.items() if v and any(word in k.lower() for word in _SECRET_WORDS))
        return (self.token, *(Secret(value) for value in telling))

    @classmethod
    def to(cls, account: str, host: str, token: str = "", extra: Mapping[str, Any] | None = None) -> "Access":
        """Access to `host`, refused where the token would travel in clear."""
        extra = dict(extra or {})
        base_url = host.rstrip("/")
        url = urlsplit(base_url)
        if url.scheme not in ("http", "https") or not url.hostname:
            said = f"{account}: the connection's host is no web address. {_remedy(account)}"
            raise CredentialsDead(said, account=account)
        if url.scheme == "http" and not _is_loopback(url.hostname) and str(extra.get("allow_http")).lower() != "true":
            raise CredentialsDead(
                f"{account}: the connection names http://{url.hostname}, and the token would travel in clear. Use"
                " https://, or set allow_http to true in the connection's extra if that network is yours.",
                account=account,
            )
        token = token.strip()
        if not token.isascii() or not token.isprintable() or " " in token:
            said = f"{account}: the token holds a character that no token has. {_remedy(account)}"
            raise CredentialsDead(said, account=account)
        return cls(account, base_url, Secret(token), extra)


def read_connection(conn_id: str, default_host: str) -> Access:
    """The Airflow connection `conn_id`: host (with scheme, port and path prefix), password, extra, which gains `login`.

    Raises CredentialsDead where it is missing, or holds neither a password nor, in its extra, an OAuth 1.0a set or the
    key of a service account.
    """
    # Imported here: hooks are used by tools and tests too, which need no Airflow (it takes seconds to import).
    from airflow.sdk import BaseHook  # noqa: PLC0415
    from airflow.sdk.exceptions import AirflowNotFoundException  # noqa: PLC0415

    try:
        connection = BaseHook.get_connection(conn_id)
    except AirflowNotFoundException:
        connection = None
    if connection is None:
        raise CredentialsDead(f"There is no connection {conn_id}. {_remedy(conn_id)}", account=conn_id)
    extra = {**({"login": connection.login} if connection.login else {}), **connection.extra_dejson}
    if not connection.password and not extra.get("consumer_secret") and not extra.get("private_key"):
        raise CredentialsDead(f"The connection {conn_id} has no password (token). {_remedy(conn_id)}", account=conn_id)
    host = _address(connection.host or default_host, connection.schema, connection.port)
    return Access.to(conn_id, host, connection.password or "", extra)


def _address(host: str, schema: str | None, port: int | None) -> str:
    """The base URL of a connection, which may have been written as a URI and so be in pieces."""
    if "://" not in host:
        host = f"{schema if schema in ('http', 'https') else 'https'}://{host}"
    if port and urlsplit(host).port is None:
        url = urlsplit(host)
        host = url._replace(netloc=f"{url.netloc}:{port}").geturl()
    return host


def _remedy(conn_id: str) -> str:
    return (
        f"Set the environment variable AIRFLOW_CONN_{conn_id.upper()}, or add the connection {conn_id} in Airflow"
        " under Admin, Connections."
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
