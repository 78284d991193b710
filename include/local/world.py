"""The sandbox's world made from a desk: its accounts with fresh tokens, and the Airflow connections that fit them."""

import json
import secrets
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from include.domain import Account, Brand

SLACK_CONNECTION = "slack_desk"
AD_ACCOUNTS = frozenset({"meta_ads"})
"""Platforms whose connection names the account by its id there."""


@dataclass(frozen=True, slots=True)
class World:
    """Tokens by account key, and the desk that they are for. Tokens hold for one run and one sandbox."""

    brands: tuple[Brand, ...]
    ops_channel: str
    tokens: Mapping[str, str]
    slack_token: str
    ad_accounts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, brands: Iterable[Brand], *, ops_channel: str) -> "World":
        desk = tuple(brands)
        keys = [account.key for brand in desk for account in brand.accounts if not account.manual]
        tokens = {key: f"sandbox-{secrets.token_urlsafe(24)}" for key in keys}
        paid = [account.key for brand in desk for account in brand.accounts if account.platform in AD_ACCOUNTS]
        ids = {key: str(10**14 + zlib.crc32(key.encode())) for key in paid}  # the same in every run
        return cls(desk, ops_channel, tokens, f"xoxb-sandbox-{secrets.token_urlsafe(18)}", ids)

    def as_json(self, media_dir: Path | None = None) -> str:
        """What the sandbox reads (`python -m include.sandbox --world FILE`). It serves `media_dir` below `/media/`."""
        accounts = [
            {
                "platform": account.platform,
                "name": account.name,
                "title": brand.title,
                "brand": brand.key,
                "token": self.tokens[account.key],
                "language": brand.language,
                "timezone": brand.timezone,
                "native_id": self.ad_accounts.get(account.key, ""),
            }
            for brand, account in self._accounts()
        ]
        of_brands = {channel for brand in self.brands for channel in (brand.channel, brand.sales_channel) if channel}
        channels = sorted(of_brands | {self.ops_channel})
        slack = {"token": self.slack_token, "team": "Social Desk", "channels": channels, "users": self._people()}
        world = {"accounts": accounts, "slack": slack, "media_dir": str(media_dir or "")}
        return json.dumps(world, indent=2, ensure_ascii=False)

    def _accounts(self) -> Iterator[tuple[Brand, Account]]:
        """The accounts that a platform has; those that people post to by hand are nowhere in the sandbox."""
        return ((brand, account) for brand in self.brands for account in brand.accounts if not account.manual)

    def _people(self) -> list[Any]:
        """Who is in the Slack workspace: with their member id where brands.yml knows it."""
        ids = {name: brand.slack_ids.get(name) for brand in self.brands for name in brand.approvers}
        return [{"id": member, "name": name} if member else name for name, member in sorted(ids.items())]

    def connections(self, sandbox_url: str) -> dict[str, str]:
        """`AIRFLOW_CONN_…` for every account and for Slack, all pointing at the sandbox."""
        found = {
            _variable(account.key): _connection(
                "http",
                f"{sandbox_url}/{account.platform}",
                self.tokens[account.key],
                login=account.name,
                extra={"ad_account_id": self.ad_accounts[account.key]} if account.key in self.ad_accounts else {},
            )
            for _, account in self._accounts()
        }
        found[_variable(SLACK_CONNECTION)] = _connection("slack", f"{sandbox_url}/slack/api/", self.slack_token)
        return found


def _variable(connection: str) -> str:
    return f"AIRFLOW_CONN_{connection.upper()}"


def _connection(kind: str, host: str, token: str, *, login: str = "", extra: Mapping[str, str] | None = None) -> str:
    return json.dumps({"conn_type": kind, "host": host, "login": login, "password": token, "extra": extra or {}})
