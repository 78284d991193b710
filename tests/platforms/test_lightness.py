"""What is read at every parse of a DAG must weigh nothing; what Airflow scans must not be run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(code: str, **environment: str) -> str:
    """The output of `code` in an interpreter of its own."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "plugins")])
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": paths, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip().splitlines()[-1]


def test_knowing_every_platform_imports_nothing_heavy() -> None:
    heavy = "requests", "pandas", "slack_sdk", "airflow", "sqlalchemy", "urllib3"
    code = f"""
import sys, platforms
found = sorted(platforms.every_platform())
print(found, [name for name in {heavy!r} if name in sys.modules], "platforms.x.wording" in sys.modules)
"""
    folders = sorted(file.parent.name for file in (ROOT / "plugins/platforms").glob("*/hook.py"))
    assert run(code) == f"{folders} [] False"


def test_checking_a_text_needs_no_http() -> None:
    code = """
import sys, platforms
from include.domain import Post
for name, platform in platforms.every_platform().items():
    assert platform.problems(Post("p", f"{name}_a", "a" * 100_000)), name
print("requests" in sys.modules, "airflow" in sys.modules)
"""
    assert run(code) == "False False"


CONNECTIONS = {
    "FACEBOOK_AURORA": '{"conn_type": "http", "host": "http://127.0.0.1:8123/facebook/",'
    ' "password": "token-of-aurora", "extra": {"page_id": "17"}}',
    "X_PIECES": "http://aurora:token-of-pieces@x.test:8443/https",
    "X_PLAIN": '{"conn_type": "http", "password": "token-of-plain"}',
    "X_SIGNED": '{"conn_type": "http", "extra": {"consumer_key": "a", "consumer_secret": "b",'
    ' "token": "t", "token_secret": "d"}}',
    "X_EMPTY": '{"conn_type": "http", "host": "https://api.x.com"}',
    "X_CLEAR": '{"conn_type": "http", "host": "http://api.test", "password": "token-in-clear"}',
}

INSIDE_AIRFLOW = """
import json, sys
from airflow import plugins_manager
from include.domain import CredentialsDead

plugins, errors = plugins_manager._get_plugins()
seen = sorted({"hook", "wording", "reading", "failures", "session", "slack", "access", "limits"} & set(sys.modules))
views = [view["name"] for plugin in plugins if plugin.name == "social_desk" for view in plugin.external_views]

import platforms
from platforms.transport.access import read_connection

def told(conn_id):
    try:
        access = read_connection(conn_id, "https://api.x.com")
    except CredentialsDead as error:
        return str(error)
    return [access.base_url, access.token.reveal(), sorted(access.extra)]

platforms.every_platform()["facebook"].connect("facebook_missing")
wanted = "facebook_aurora", "x_pieces", "x_plain", "x_signed", "x_empty", "x_clear", "facebook_missing"
connections = {conn_id: told(conn_id) for conn_id in wanted}
print(json.dumps({"seen": seen, "errors": errors, "views": views, "connections": connections}))
"""


@pytest.fixture(scope="module")
def inside_airflow(tmp_path_factory):
    """What an Airflow of its own sees: asked once, for importing it takes seconds."""
    environment = {
        "AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow")),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "DESK_RUNBOOK_URL": "https://aurora.test/runbook",
        **{f"AIRFLOW_CONN_{name}": value for name, value in CONNECTIONS.items()},
    }
    return json.loads(run(INSIDE_AIRFLOW, **environment))


def test_airflow_finds_the_plugin_and_runs_nothing_else(inside_airflow) -> None:
    """Without `.airflowignore`, Airflow would run plugins/platforms/x/hook.py as a module named `hook`."""
    assert inside_airflow["views"] == ["Desk runbook"]
    assert inside_airflow["seen"] == []
    assert inside_airflow["errors"] == {}


@pytest.mark.parametrize(
    ("conn_id", "base_url", "token"),
    [
        pytest.param("facebook_aurora", "http://127.0.0.1:8123/facebook", "token-of-aurora", id="loopback with a path"),
        pytest.param("x_pieces", "https://x.test:8443", "token-of-pieces", id="written as a URI"),
        pytest.param("x_plain", "https://api.x.com", "token-of-plain", id="no host"),
        pytest.param("x_signed", "https://api.x.com", "", id="OAuth 1.0a"),
    ],
)
def test_a_connection_points_a_hook_anywhere(inside_airflow, conn_id, base_url, token) -> None:
    assert inside_airflow["connections"][conn_id][:2] == [base_url, token]


def test_the_login_of_a_connection_is_handed_on(inside_airflow) -> None:
    assert inside_airflow["connections"]["x_pieces"][2] == ["login"]
    assert "login" not in inside_airflow["connections"]["x_plain"][2]


@pytest.mark.parametrize(
    ("conn_id", "words"),
    [
        ("facebook_missing", ["There is no connection facebook_missing", "AIRFLOW_CONN_FACEBOOK_MISSING"]),
        ("x_empty", ["x_empty has no password", "AIRFLOW_CONN_X_EMPTY"]),
        ("x_clear", ["http://api.test, and the token would travel in clear", "allow_http"]),
    ],
)
def test_a_connection_that_cannot_serve_says_what_to_do(inside_airflow, conn_id, words) -> None:
    assert [word for word in words if word not in inside_airflow["connections"][conn_id]] == []
