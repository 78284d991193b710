"""One request, read whole: where it went, what it carried, in whichever way it was sent."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file out of a multipart body."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Ask:
    """A request. `path` is what follows the platform's prefix, `base` the sandbox's root URL, `query` the URL's
    parameters, `form` those of a form body, `body` a JSON body (None without one; `broken` when it was no JSON)."""

    method: str
    path: str
    base: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, SentFile] = field(default_factory=dict)
    body: Any = None
    broken: bool = False
    raw: bytes = b""
    repeated: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def every(self, name: str) -> list[str]:
        """All values of a URL's parameter that may come more than once."""
        return list(self.repeated.get(name, ()))

    @property
    def params(self) -> dict[str, Any]:
        """Everything that was given by name, the body's last."""
        return {**self.query, **self.form, **(self.body if isinstance(self.body, dict) else {})}

    @property
    def bearer(self) -> str | None:
        """The token of an `Authorization: Bearer` (or Graph's `OAuth`) header."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() in ("bearer", "oauth") and "=" not in token.rstrip("=") else None


async def read_ask(request: Request, path: str) -> Ask:
    """Read the request to its end; `path` is its path below the platform's prefix."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    raw = await request.body()
    form: dict[str, str] = {}
    files: dict[str, SentFile] = {}
    body, broken = None, False
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        async with request.form(max_part_size=64 * 1024 * 1024) as sent:
            for name, value in sent.multi_items():
                if isinstance(value, UploadFile):
                    files[name] = SentFile(value.filename or "", value.content_type or "", await value.read())
                else:
                    form[name] = value
    elif kind == "application/json" and raw:
        try:
            body = json.loads(raw)
        except ValueError:
            broken = True
    return Ask(
        method=request.method,
        path=path,
        base=f"{request.url.scheme}://{request.url.netloc}",
        headers=request.headers,
        query=dict(request.query_params),
        form=form,
        files=files,
        body=body,
        broken=broken,
        raw=raw,
        repeated={name: request.query_params.getlist(name) for name in request.query_params},
    )
