"""The folder that a world declares as `media_dir`, served below `/media/`: where a network fetches a brand's media."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from include.sandbox.state import Sandbox


def route(sandbox: Sandbox) -> Route:
    async def media(request: Request) -> Response:
        file = file_of(sandbox, request.path_params["path"])
        return FileResponse(file) if file else Response(status_code=404)

    return Route("/media/{path:path}", media)


def file_at(sandbox: Sandbox, address: str, base: str) -> Path | None:
    """The file that `address` names, if it is below this very sandbox's `/media/` (`base` is the sandbox's root)."""
    url, own = urlsplit(address), urlsplit(base)
    if url[:2] != own[:2] or not url.path.startswith("/media/"):
        return None
    return file_of(sandbox, unquote(url.path.removeprefix("/media/")))


def file_of(sandbox: Sandbox, path: str) -> Path | None:
    """A file of the folder; None for what is not there, or lies outside of it."""
    if not sandbox.declaration.media_dir:
        return None
    folder = Path(sandbox.declaration.media_dir).resolve()
    file = (folder / path).resolve()
    return file if file.is_relative_to(folder) and file.is_file() else None
