"""A video is read as it is sent: memory does not grow with its size."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from include.sandbox.running import running

ROOT = Path(__file__).resolve().parents[2]
SMALL, LARGE = 1_000_000, 64_000_000

UPLOAD = """
import resource, sys
from include.domain.posts import Media, Post
from platforms import every_platform
from platforms.transport.access import Access

platform, url, token, organization, small, large = sys.argv[1:]
access = Access.to(f"{platform}_aurora", url, token, {"organization_id": organization, "user_id": organization})
hook_of = type(every_platform()[platform].connect(f"{platform}_aurora"))
hook = hook_of(f"{platform}_aurora", access=access)

def peak(file):
    hook.prepare(Post("p1", f"{platform}_aurora", "A film", media=(Media(file),)))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

before = peak(small)
print(peak(large) - before)
"""


@pytest.mark.parametrize("platform", ["facebook", "instagram", "linkedin", "x"])
def test_memory_stays_flat_with_the_size_of_a_video(platform: str, tmp_path: Path) -> None:
    for name, size in (("small.mp4", SMALL), ("large.mp4", LARGE)):
        with (tmp_path / name).open("wb") as file:
            file.write(b"\x00\x00\x00\x18ftypisom")
            file.truncate(size)
    files = [str(tmp_path / name) for name in ("small.mp4", "large.mp4")]
    with running({"accounts": [{"platform": platform, "name": "aurora"}]}) as box:
        [account] = box.sandbox.accounts(platform)
        asked = [platform, f"{box.url}/{platform}", account.token, account.native_id, *files]
        paths = os.pathsep.join([str(ROOT), str(ROOT / "plugins")])
        ran = subprocess.run(
            [sys.executable, "-c", UPLOAD, *asked],
            env={**os.environ, "PYTHONPATH": paths},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert ran.returncode == 0, ran.stderr
    grown_kib = int(ran.stdout)
    assert grown_kib < 30_000, f"Sending 64 MB took {grown_kib} KiB more than sending 1 MB."
