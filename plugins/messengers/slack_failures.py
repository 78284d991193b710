"""What Slack's refusals mean, by the word in `error`. https://docs.slack.dev/reference/methods/chat.postMessage"""

from collections.abc import Mapping
from socket import gaierror
from typing import Any
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError

from include.domain.errors import CredentialsDead, MessageGone, OutcomeUnknown, PlatformError, Refused, TryLater


class FileNotReady(TryLater):
    """Slack still looks at a picture that a block shows."""


_RENEW = "The token is no longer valid. Install the app anew and give the connection its new bot token."
_INVITE = "The app is not in that channel; invite the app with /invite."
_BUSY = "Slack is out of order for a moment."

_WORDS: Mapping[str, tuple[type[PlatformError], str]] = {
    "invalid_auth": (CredentialsDead, _RENEW),
    "not_authed": (CredentialsDead, _RENEW),
    "account_inactive": (CredentialsDead, _RENEW),
    "token_revoked": (CredentialsDead, _RENEW),
    "token_expired": (CredentialsDead, _RENEW),
    "missing_scope": (CredentialsDead, "The app lacks a scope; add it, install the app anew and renew the token."),
    "channel_not_found": (Refused, "The app sees no such channel; correct its name, or invite the app with /invite."),
    "not_in_channel": (Refused, _INVITE),
    "is_archived": (Refused, "The channel is archived; name another one."),
    "restricted_action": (Refused, "The workspace does not let apps write there; ask its admin."),
    "message_not_found": (MessageGone, "The message is no longer there."),
    "thread_not_found": (Refused, "The thread is no longer there."),
    "cant_update_message": (Refused, "The message is not the app's own."),
    "edit_window_closed": (Refused, "The workspace no longer lets this message be changed."),
    "msg_too_long": (Refused, "The text is too long for Slack."),
    "no_text": (Refused, "The message is empty."),
    "invalid_blocks": (Refused, "Slack does not take the message's layout."),
    "invalid_blocks_format": (Refused, "Slack does not take the message's layout."),
    "ratelimited": (TryLater, "There were too many calls; it will be tried again by itself."),
    "rate_limited": (TryLater, "There were too many calls; it will be tried again by itself."),
    "internal_error": (OutcomeUnknown, _BUSY),
    "fatal_error": (OutcomeUnknown, _BUSY),
    "service_unavailable": (OutcomeUnknown, _BUSY),
    "request_timeout": (OutcomeUnknown, _BUSY),
}


def explain(error: SlackApiError, doing: str, account: str) -> PlatformError:
    """Slack's own no."""
    data = error.response.data if hasattr(error.response, "data") else error.response
    data = data if isinstance(data, Mapping) else {}
    status = getattr(error.response, "status_code", None) or data.get("status")
    word = str(data.get("error") or "")
    if word == "invalid_blocks" and "slack file" in _details(data):
        said = f"{account}: could not {doing}. Slack is still looking at a picture; it can be done again."
        return FileNotReady(said, wait_s=60, account=account, status=status)
    kind, sentence = _WORDS.get(word) or _by_status(status)
    words = "; ".join(part for part in (word, _details(data), str(data.get("needed") or "")) if part)
    said = f"{account}: could not {doing}. {sentence} (Slack: {words or status}.)"
    if issubclass(kind, TryLater):
        return kind(said, wait_s=_retry_after(error.response), account=account, status=status)
    return kind(said, account=account, status=status)


def broken(error: Exception, doing: str, account: str) -> PlatformError:
    """No answer, or none that can be read."""
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, ConnectionRefusedError | gaierror):
        said = f"{account}: could not {doing}. Slack could not be reached; nothing was sent."
        return TryLater(said, wait_s=60, account=account)
    return OutcomeUnknown(f"{account}: could not {doing}. Slack's answer never came.", account=account)


def is_broken(error: Exception) -> bool:
    """Whether it is a matter of the wire (ValueError: an answer that is no JSON)."""
    return isinstance(error, OSError | SlackClientError | ValueError | EOFError)


def _by_status(status: int | None) -> tuple[type[PlatformError], str]:
    if status == 429:
        return _WORDS["ratelimited"]
    if status is not None and status >= 500:
        return OutcomeUnknown, _BUSY
    return Refused, "Look at what it said and correct the message or the app's settings."


def _details(data: Mapping[str, Any]) -> str:
    messages = (data.get("response_metadata") or {}).get("messages") or ()
    return "; ".join(str(part) for part in (*(data.get("errors") or ()), *messages))[:300]


def _retry_after(response: Any) -> float:
    headers = {str(name).lower(): value for name, value in (getattr(response, "headers", None) or {}).items()}
    value = str(headers.get("retry-after", ""))
    return float(value) if value.isdigit() else 60.0
