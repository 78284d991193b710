"""The sandbox's world made from a desk: its accounts with fresh tokens, and the Airflow connections that fit them."""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from include.domain import Brand

SLACK_CONNECTION = "slack_desk"


@dataclass(frozen=True, slots=True)
class World:
    """Tokens by account key, and the desk that they are for. Tokens hold for one run and one sandbox."""

    brands: tuple[Brand, ...]
    ops_channel: str
    tokens: Mapping[str, str]
    slack_token: str

    @classmethod
    def of(cls, brands: Iterable[Brand], *, ops_channel: str) -> "World":
        desk = tuple(brands)
        keys = [account.key for brand in desk for account in brand.accounts]
        tokens = {key: f"sandbox-{secrets.token_urlsafe(24)}" for key in keys}
        return cls(desk, ops_channel, tokens, f"xoxb-sandbox-{secrets.token_urlsafe(18)}")

    def as_json(self) -> str:
        """What the sandbox reads (`python -m include.sandbox --world FILE`)."""
        accounts = [
            {
                "platform": account.platform,
                "name": account.name,
                "title": brand.title,
                "brand": brand.key,
                "token": self.tokens[account.key],
                "language": brand.language,
                "timezone": brand.timezone,
            }
            for brand in self.brands
            for account in brand.accounts
        ]
        people = sorted({person for brand in self.brands for person in brand.approvers})
        channels = sorted({brand.channel for brand in self.brands} | {self.ops_channel})
        slack = {"token": self.slack_token, "team": "Social Desk", "channels": channels, "users": people}
        return json.dumps({"accounts": accounts, "slack": slack}, indent=2, ensure_ascii=False)

    def connections(self, sandbox_url: str) -> dict[str, str]:
        """`AIRFLOW_CONN_…` for every account and for Slack, all pointing at the sandbox."""
        found = {
            _variable(account.key): _connection("http", f"{sandbox_url}/{account.platform}", self.tokens[account.key])
            for brand in self.brands
            for account in brand.accounts
        }
        found[_variable(SLACK_CONNECTION)] = _connection("slack", f"{sandbox_url}/slack/api/", self.slack_token)
        return found


def _variable(connection: str) -> str:
    return f"AIRFLOW_CONN_{connection.upper()}"


def _connection(kind: str, host: str, token: str, **extra: Any) -> str:
    return json.dumps({"conn_type": kind, "host": host, "password": token, "extra": extra})
