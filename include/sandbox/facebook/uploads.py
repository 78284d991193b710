"""Meta's upload server (rupload): a file in one stream to the address that an upload was given, offset by offset.

`offset` and `file_size` in the headers, the token as `OAuth`: the resumable-uploads and reels-publishing pages, read on
2026-11-24. Its refusals (`debug_info`) have another shape than Graph's; they come from answers quoted in public issues.
"""

from typing import Any

from include.sandbox.asking import Ask
from include.sandbox.facebook.failures import GraphError

BEGINNING = 65_536
"""So much of a video is kept; nothing here looks at more of it."""


class UploadError(GraphError):
    """A refusal in the upload server's own shape."""

    def __init__(self, type: str, message: str, *, status: int = 400, retriable: bool = False) -> None:  # noqa: A002
        super().__init__(message, 0, status=status)
        self._debug = {"retriable": retriable, "type": type, "message": message}

    def body(self) -> dict[str, Any]:
        return {"debug_info": self._debug}


def received(ask: Ask) -> tuple[bytes, int]:
    """The file's beginning and its size. Raises UploadError where it did not come whole, or under no `OAuth` token."""
    if not ask.headers.get("authorization", "").lower().startswith("oauth "):
        raise UploadError("NotAuthorizedError", "User not authorized to perform this request")
    offset, size = ask.headers.get("offset", ""), ask.headers.get("file_size", "")
    if not offset.isdigit():
        raise UploadError(
            "ParameterValidationError", "HeaderValuePredicate: Header Offset not convertable to unsigned long"
        )
    if not size.isdigit() or int(offset) + len(ask.raw) != int(size):
        raise UploadError("PartialRequestError", "Partial request (did not match length of file)")
    return ask.raw[:BEGINNING], int(size)
