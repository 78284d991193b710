"""A method's arguments, given as query, form or JSON, and who gave them."""

import json
from typing import Any

from include.sandbox.asking import Ask
from include.sandbox.slack.failures import SlackError
from include.sandbox.slack.workspace import Workspace


class Arguments:
    """The arguments of one call, the token apart."""

    def __init__(self, ask: Ask) -> None:
        if ask.broken:
            raise SlackError("invalid_json")
        if ask.body is not None and not isinstance(ask.body, dict):
            raise SlackError("json_not_object")
        self._given = {k: v for k, v in ask.params.items() if k != "token"}

    def text(self, name: str, default: str = "") -> str:
        value = self._given.get(name)
        return default if value is None else str(value)

    def truth(self, name: str) -> bool:
        return str(self._given.get(name, "")).lower() in ("true", "1")

    def number(self, name: str, default: int, most: int) -> int:
        given = self.text(name, str(default))
        if not given.isdigit() or not 0 < int(given) <= most:
            raise SlackError("invalid_limit" if name == "limit" else "invalid_arguments")
        return int(given)

    def nested(self, name: str, error: str) -> Any:
        """A list or object, which a form carries as JSON in a string; None when it was not given."""
        value = self._given.get(name)
        if not isinstance(value, str) or not value:
            return value or None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(error) from None


def token_of(ask: Ask) -> str | None:
    return ask.bearer or (str(ask.params["token"]) if ask.params.get("token") else None)


def check_token(workspace: Workspace, ask: Ask) -> None:
    token = token_of(ask)
    if token is None:
        raise SlackError("not_authed")
    if token != workspace.token:
        raise SlackError("invalid_auth")
