"""The embedded server: started twice it is one, it survives a crash, and it leaves when told."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from include.settings import ROOT
from include.warehouse import embedded, installation
from include.warehouse.embedded import Server


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A directory whose server each test starts, and leaves as it likes."""
    directory = tmp_path_factory.mktemp("embedded")
    yield directory
    embedded.remove(directory)


def answers(server: Server) -> bool:
    with psycopg.connect(host=str(server.sockets), user="postgres", dbname="desk") as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def modes(path: Path) -> list[int]:
    return [parent.stat().st_mode for parent in path.parents]


def test_it_lives_from_start_to_stop_for_every_process(place: Path) -> None:
    before = modes(place)
    server = embedded.start(place, durable=False)
    assert answers(server)
    assert modes(place) == before, "a directory above the server's own was changed"
    assert embedded.start(place) == embedded.status(place) == server
    process = server.process()
    assert process is not None

    command = [sys.executable, "-m", "include.warehouse.embedded", "stop", str(place)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=60)
    assert embedded.status(place) is None
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    embedded.stop(place)


def test_it_starts_again_after_a_crash(place: Path) -> None:
    server = embedded.start(place, durable=False)
    process = server.process()
    assert process is not None
    process.kill()
    while server.process():
        time.sleep(0.01)
    assert (server.data / "postmaster.pid").exists()
    assert answers(embedded.start(place, durable=False))


def test_a_number_that_is_another_process_now_is_not_taken_for_the_server(place: Path, server: Server) -> None:
    ours = embedded.start(place, durable=False)
    embedded.stop(place)
    another = server.process()
    assert another is not None
    (ours.data / "postmaster.pid").write_text(f"{another.pid}\n{ours.data}\n")
    assert ours.process() is None
    assert answers(embedded.start(place, durable=False))
    assert another.is_running()


def test_neither_a_long_path_nor_closed_doors_are_an_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "_runs", lambda *_: False)
    closed = tmp_path / ("a" * 60) / ("b" * 60)
    closed.mkdir(parents=True)
    closed.parent.chmod(0o700)
    server = embedded.start(closed, durable=False)
    try:
        assert answers(server)
        assert len(str(server.sockets)) <= embedded.LONGEST_SOCKET_DIRECTORY
        assert closed.parent.stat().st_mode & 0o777 == 0o700
    finally:
        embedded.remove(closed)
    assert not server.home.exists()


def test_a_strict_umask_keeps_no_setting_from_the_servers_user(place: Path) -> None:
    server = embedded.start(place, durable=False)
    embedded.stop(place)
    (server.data / "desk.conf").unlink()
    command = [sys.executable, "-m", "include.warehouse.embedded", "start", str(place)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=60, umask=0o077)
    assert answers(server)


def test_a_server_that_cannot_start_says_where_its_log_is(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "PATIENCE", 0)
    server = embedded.start(place, durable=False)
    embedded.stop(place)
    settings = server.data / "postgresql.conf"
    kept = settings.read_text()
    settings.write_text("nonsense = 1\n")
    with pytest.raises(installation.ServerFailed, match=r"postgres\.log.*nonsense"):
        embedded.start(place, durable=False)
    settings.write_text(kept)


def test_a_port_is_never_opened(server: Server) -> None:
    process = server.process()
    assert process is not None
    assert process.net_connections(kind="inet") == []
