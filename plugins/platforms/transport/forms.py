"""A form with one file in it, sent piece by piece: `requests` alone would read the whole file into memory."""

from collections.abc import Mapping
from typing import Any, BinaryIO

from requests_toolbelt.multipart.encoder import MultipartEncoder


def form(fields: Mapping[str, str], name: str, file: BinaryIO, *, filename: str, mime: str) -> dict[str, Any]:
    """What `Session.upload` takes for a `multipart/form-data` body: `upload(path, doing=..., **form(...))`.

    The file goes from its beginning, whatever was read of it before.
    """
    file.seek(0)
    body = MultipartEncoder({**fields, name: (filename, file, mime)})
    return {"data": body, "headers": {"Content-Type": body.content_type}}
