"""An Instagram account, and a folder of media that it may fetch."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from include.sandbox.running import RunningSandbox

NODE = "17841400000000001"
NEW = {"history": False}
"""An account on which nobody posted by hand."""
VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(5000)


def jpeg(width: int, height: int) -> bytes:
    frame = b"\xff\xc0\x00\x0b\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big") + b"\x01\x01\x11\x00"
    return b"\xff\xd8" + frame + b"\xff\xd9" + bytes(32)


@pytest.fixture
def media_dir(tmp_path: Path, png: bytes) -> Path:
    folder = tmp_path / "media"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "a.jpg").write_bytes(jpeg(1080, 1080))
    (folder / "tall.jpg").write_bytes(jpeg(1080, 1920))
    (folder / "a.png").write_bytes(png)
    (folder / "large.jpg").write_bytes(jpeg(1080, 1080) + bytes(8 * 1024 * 1024))
    (folder / "a.mp4").write_bytes(VIDEO)
    (tmp_path / "secret.txt").write_text("not for anybody")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    return folder


@pytest.fixture
def here(media_dir: Path, set_up: Callable[..., RunningSandbox]) -> RunningSandbox:
    aurora = {"platform": "instagram", "name": "aurora", "native_id": NODE, "token": "IGaurora", "settings": NEW}
    other = {"platform": "instagram", "name": "mekong", "token": "IGmekong", "settings": {"quota_total": 1}}
    return set_up({"accounts": [aurora, other], "media_dir": str(media_dir)})


@pytest.fixture
def ig(here: RunningSandbox, http: requests.Session) -> Callable[..., requests.Response]:
    """Ask as Aurora: ig("POST", "/media", image_url=...) of the account, ig("GET", "17...", fields=...) of a node."""

    def ask(method: str, path: str, token: str = "IGaurora", **params: Any) -> requests.Response:
        where = f"{here.url}/instagram/v25.0/{NODE + path if path.startswith('/') else path}"
        sent = {"access_token": token, **params}
        if method == "POST":
            return http.post(where, data=sent, timeout=5)
        return http.request(method, where, params=sent, timeout=5)

    return ask
