"""How Mastodon refuses: a status and `{"error": words}`."""

from include.sandbox.faults import Fault

WORDS = {
    400: "Bad request",
    401: "The access token is invalid",
    403: "This action is not allowed",
    404: "Record not found",
    422: "Validation failed: it was refused",
    429: "Too many requests",
    503: "There was a temporary problem serving your request, please try again",
}


class MastodonError(Exception):
    """A refused call; `wait_s` moves a throttle's reset."""

    def __init__(self, status: int, words: str = "") -> None:
        super().__init__(words)
        self.status, self.words, self.wait_s = status, words or WORDS.get(status, "Something went wrong"), 0.0


def invalid(words: str) -> MastodonError:
    return MastodonError(422, words)


def told(fault: Fault) -> MastodonError:
    """A fault of kind `status` in Mastodon's words."""
    error = MastodonError(fault.status, fault.code)
    error.wait_s = fault.retry_after if fault.status == 429 else 0
    return error
