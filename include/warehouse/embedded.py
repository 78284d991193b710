"""A PostgreSQL of one's own, for the first run and the tests: no installation, no TCP port, no password.

    python -m include.warehouse.embedded start|stop|status DIR

The server outlives whoever started it. `DIR/server.json` says where it keeps its data and its socket: below `DIR`,
or in a directory of its own under the system's temporary directory where PostgreSQL's user cannot reach `DIR` or the
socket's path would be too long for the kernel.
"""

import fcntl
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT, SIGQUIT
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from include.warehouse.installation import Runner, ServerFailed, programs

DATABASE = "desk"
PATIENCE = 5.0  # seconds that a start may fail before it is given up
LONGEST_SOCKET_DIRECTORY = 80  # the kernel takes 107 bytes for the whole path, macOS 103

_SETTINGS = """\
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 200
timezone = 'UTC'
log_timezone = 'UTC'
fsync = {durable}
synchronous_commit = {durable}
full_page_writes = {durable}
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: `directory` as the caller named it, `home` where it keeps its data and its log."""

    directory: Path
    home: Path
    sockets: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def url(self) -> str:
        """The warehouse's URL, for DESK_WAREHOUSE_URL."""
        return self.url_of(DATABASE)

    def url_of(self, database: str, *, driver: str = "psycopg") -> str:
        """A SQLAlchemy URL of one database; Airflow's metadata wants the driver `psycopg2`."""
        return f"postgresql+{driver}://postgres@/{database}?host={quote(str(self.sockets), safe='/')}"

    def create_database(self, name: str) -> str:
        """Make a database unless it is there; its URL."""
        with psycopg.connect(host=str(self.sockets), user="postgres", dbname="postgres", autocommit=True) as connection:
            if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchall():
                with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url_of(name)

    def process(self) -> psutil.Process | None:
        """The postmaster of this very data directory, if it lives. A process that inherited its number is not it."""
        try:
            process = psutil.Process(int((self.data / "postmaster.pid").read_text().split()[0]))
            ours = str(self.data) in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE
        except (OSError, IndexError, ValueError, psutil.Error):
            return None
        return process if ours else None


def start(directory: str | Path, *, durable: bool = True) -> Server:
    """Start the server of `directory`, or find it running. Returns when it answers.

    `durable=False` is for tests: it does not wait for the disk, and a crash of the machine may lose its data.
    Raises ServerFailed with the end of its log.
    """
    directory = Path(directory).resolve()
    directory.mkdir(parents=True, exist_ok=True)
    with _alone(directory):
        runner = Runner.of_this_process()
        server = known(directory) or _laid_out(directory, runner)
        if server.process() is None:
            _launch(server, runner, durable=durable)
            server.create_database(DATABASE)
        return server


def stop(directory: str | Path) -> None:
    """End the server of `directory`, whoever started it; nothing to do where none runs. Returns when it is gone."""
    directory = Path(directory).resolve()
    if not (directory / "server.json").exists():
        return
    with _alone(directory):
        server = known(directory)
        process = server.process() if server else None
        # A fast shutdown rolls back what is open; an immediate one is a crash that the next start recovers from.
        if server and process and not (_ended(server, process, SIGINT, 30) or _ended(server, process, SIGQUIT, 10)):
            raise ServerFailed(f"The server of {directory} (process {process.pid}) did not stop; see {server.log}.")


def remove(directory: str | Path) -> None:
    """Stop the server of `directory` and delete all that it kept, wherever that was."""
    stop(directory)
    directory = Path(directory).resolve()
    server = known(directory)
    for place in {server.home, server.sockets} if server else ():
        shutil.rmtree(place)
    for name in ("server.json", "server.lock"):
        (directory / name).unlink(missing_ok=True)


def status(directory: str | Path) -> Server | None:
    """The server of `directory` if it runs."""
    server = known(Path(directory).resolve())
    return server if server and server.process() else None


def _ended(server: Server, process: psutil.Process, signal: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    with suppress(psutil.NoSuchProcess):
        process.send_signal(signal)
    while server.process() is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    with (directory / "server.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def known(directory: Path) -> Server | None:
    """The server that `directory` has had before, unless its data were cleaned away."""
    try:
        state = json.loads((directory / "server.json").read_text())
    except FileNotFoundError:
        return None
    server = Server(directory, Path(state["home"]), Path(state["sockets"]))
    return server if server.home.exists() and server.sockets.exists() else None


def _laid_out(directory: Path, runner: Runner) -> Server:
    home = directory / "postgres" if runner.reaches(directory) else Path(tempfile.mkdtemp(prefix="desk-"))
    sockets = home
    if len(os.fsencode(home)) > LONGEST_SOCKET_DIRECTORY:
        sockets = Path(tempfile.mkdtemp(prefix="desk-"))
    for place in {home, sockets}:
        runner.own(place)
    (directory / "server.json").write_text(json.dumps({"home": str(home), "sockets": str(sockets)}, indent=2))
    return Server(directory, home, sockets)


def _launch(server: Server, runner: Runner, *, durable: bool) -> None:
    binaries = programs(runner, server.data, server.home)
    if not server.data.exists():
        _initialise(server, runner, binaries, durable=durable)
    settings = _SETTINGS.format(sockets=server.sockets, durable="on" if durable else "off")
    conf = server.data / "desk.conf"
    conf.write_text(settings)
    conf.chmod(0o644)  # whatever our umask is, the server's user reads it; the directory around it is closed
    command: list[str | Path] = [binaries / "pg_ctl", "start", "-w", "-t", "60", "-D", server.data, "-l", server.log]
    deadline = time.monotonic() + PATIENCE
    while runner.run(command, cwd=server.home).returncode != 0:
        if time.monotonic() > deadline:
            words = f"The server of {server.directory} did not start; see {server.log}. {_end_of_log(server)}"
            raise ServerFailed(words)
        # After a crash its last processes may hold the shared memory a while, or its number be another's by now.
        time.sleep(0.5)
        if server.process() is None:
            (server.data / "postmaster.pid").unlink(missing_ok=True)


def _initialise(server: Server, runner: Runner, binaries: Path, *, durable: bool) -> None:
    # Made beside its place and moved there when whole: initdb writes PG_VERSION first and may be killed after it.
    partial = server.data.with_name("data.partial")
    shutil.rmtree(partial, ignore_errors=True)
    command: list[str | Path] = [binaries / "initdb", "-D", partial, "-U", "postgres", "--auth=trust"]
    command += ["--encoding=UTF8", "--locale=C", "--no-instructions"]
    command += [] if durable else ["--no-sync"]
    done = runner.run(command, cwd=server.home)
    if done.returncode != 0:
        raise ServerFailed(f"No database could be made in {server.data}: {done.stdout.strip()}")
    with (partial / "postgresql.conf").open("a") as conf:
        conf.write("\ninclude 'desk.conf'\n")
    partial.rename(server.data)


def _end_of_log(server: Server) -> str:
    with suppress(OSError):
        return "Its last words: " + " / ".join(server.log.read_text(errors="replace").splitlines()[-5:])
    return "It left no log."


def main(words: list[str]) -> int:
    """`start`, `stop` or `status` of the server of a directory."""
    match words:
        case ["start", directory]:
            print(start(directory).url)
        case ["stop", directory]:
            stop(directory)
        case ["status", directory]:
            server = status(directory)
            print(server.url if server else f"No server runs in {directory}.")
            return 0 if server else 1
        case _:
            print("Usage: python -m include.warehouse.embedded start|stop|status DIR", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
