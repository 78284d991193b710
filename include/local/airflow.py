"""Airflow on this machine: its settings, its four components, and its REST API as an operator uses it."""

import json
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from include.local.processes import Family
from include.settings import ROOT

COMPONENTS = {
    "api-server": ("api-server",),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
PARALLELISM = 16
FINISHED = ("success", "failed")


class AirflowError(RuntimeError):
    """Airflow did not do its part; the sentence names the log."""


def environment(home: Path, *, port: int, database_url: str, users: Mapping[str, str]) -> dict[str, str]:
    """Airflow's settings for one machine. `users` gives the role (`admin`, `op`, `user`, `viewer`) by name.

    Secrets are drawn anew for every run and live in the environment of our processes; only the key that Airflow's own
    database is written with is kept beside it, so that a connection added in its UI can be read the next time.
    """
    settings = {
        "CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__PARALLELISM": str(PARALLELISM),
        "CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",
        "CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "CORE__FERNET_KEY": _kept(home / "fernet.key", _fernet_key),
        "CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{name}:{role}" for name, role in users.items()),
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
        "DATABASE__SQL_ALCHEMY_CONN": database_url,
        "API__HOST": "127.0.0.1",
        "API__PORT": str(port),
        "API__WORKERS": "1",
        "API__BASE_URL": f"http://127.0.0.1:{port}",
        "API__SECRET_KEY": secrets.token_hex(32),
        "API_AUTH__JWT_SECRET": secrets.token_hex(64),
        "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
        "SCHEDULER__ENABLE_HEALTH_CHECK": "False",
        "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "60",
        "DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        # The api-server answers slowly while it warms up; a task that gives up on it then is lost (design: retries).
        "WORKERS__EXECUTION_API_TIMEOUT": "30",
        "WORKERS__EXECUTION_API_RETRIES": "8",
        "LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "USAGE_DATA_COLLECTION__ENABLED": "False",
    }
    return {
        "AIRFLOW_HOME": str(home),
        "PYTHONPATH": str(ROOT),
        # setproctitle writes over the environment that marks our processes unless it is told not to.
        "SPT_NOENV": "1",
        "PYTHONWARNINGS": "ignore",
        "MPLCONFIGDIR": str(home / "matplotlib"),  # else it writes to the home directory
        **{f"AIRFLOW__{name}": value for name, value in settings.items()},
    }


def _kept(file: Path, draw: Callable[[], str]) -> str:
    """A secret that outlives the run, in a file that only its owner reads."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(draw())
    return file.read_text()


def _fernet_key() -> str:
    from cryptography.fernet import Fernet  # noqa: PLC0415 - only a start needs it

    return Fernet.generate_key().decode()


def command(*words: str) -> list[str]:
    """`airflow …` of this interpreter's own environment."""
    return [sys.executable, "-m", "airflow", *words]


def start(family: Family, env: Mapping[str, str]) -> None:
    for name, words in COMPONENTS.items():
        family.start(name, command(*words), env, cwd=ROOT)


def direct() -> requests.Session:
    """A session to this machine, past whatever proxy the environment names."""
    session = requests.Session()
    session.trust_env = False
    return session


@dataclass(slots=True)
class Airflow:
    """A running Airflow, through its REST API (`/api/v2`), as the user `user`."""

    url: str
    user: str
    password: Callable[[str], str]
    session: requests.Session = field(default_factory=direct)

    def is_healthy(self) -> bool:
        try:
            health = self.session.get(f"{self.url}/api/v2/monitor/health", timeout=5).json()
        except (requests.RequestException, ValueError):
            return False
        wanted = ("metadatabase", "scheduler", "triggerer", "dag_processor")
        return all(health.get(name, {}).get("status") == "healthy" for name in wanted)

    def log_in(self) -> None:
        answer = self.session.post(
            f"{self.url}/auth/token",
            json={"username": self.user, "password": self.password(self.user)},
            timeout=30,
        )
        if answer.status_code >= 400:
            raise AirflowError(f"Airflow refused the log-in of {self.user} (HTTP {answer.status_code}).")
        self.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def as_user(self, user: str) -> "Airflow":
        """The same Airflow, seen by somebody else."""
        other = Airflow(self.url, user, self.password)
        other.log_in()
        return other

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None, **params: Any) -> Any:
        answer = self.session.request(method, f"{self.url}/api/v2/{path}", json=body, params=params or None, timeout=30)
        if answer.status_code >= 400:
            raise AirflowError(f"Airflow answered {answer.status_code} to {method} {path}: {answer.text[:500]}")
        return answer.json() if answer.content else None

    def dag_ids(self) -> set[str]:
        return {dag["dag_id"] for dag in self.call("GET", "dags", limit=100)["dags"]}

    def dag_files(self) -> set[str]:
        """The names of the files whose DAGs Airflow knows."""
        return {Path(dag["fileloc"]).name for dag in self.call("GET", "dags", limit=100)["dags"]}

    def import_errors(self) -> list[str]:
        found = self.call("GET", "importErrors", limit=100)["import_errors"]
        return [f"{each['filename']}: {each['stack_trace'].strip().splitlines()[-1]}" for each in found]

    def unpause(self, dag_id: str) -> None:
        self.call("PATCH", f"dags/{dag_id}", {"is_paused": False}, update_mask="is_paused")

    def make_pools(self, pools: Mapping[str, tuple[int, str]]) -> None:
        """Create or update pools: name -> (slots, description)."""
        for name, (slots, description) in pools.items():
            body = {"name": name, "slots": slots, "description": description, "include_deferred": False}
            known = self.session.get(f"{self.url}/api/v2/pools/{name}", timeout=30).status_code == 200
            self.call("PATCH", f"pools/{name}", body) if known else self.call("POST", "pools", body)

    def trigger(self, dag_id: str, conf: Mapping[str, Any] | None = None) -> str:
        """Start `dag_id` by hand; gives the run's id."""
        run = self.call("POST", f"dags/{dag_id}/dagRuns", {"logical_date": None, "conf": dict(conf or {})})
        return str(run["dag_run_id"])

    def runs(self, dag_id: str) -> list[dict[str, Any]]:
        return list(self.call("GET", f"dags/{dag_id}/dagRuns", limit=100)["dag_runs"])

    def state(self, dag_id: str, run_id: str) -> str:
        return str(self.call("GET", f"dags/{dag_id}/dagRuns/{run_id}")["state"])

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        return list(self.call("GET", f"dags/{dag_id}/dagRuns/{run_id}/taskInstances", limit=1000)["task_instances"])

    def result(self, dag_id: str, run_id: str, task_id: str) -> Any:
        """What a task returned (its XCom, JSON); None where it returned nothing."""
        path = f"dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/xcomEntries"
        kept = self.call("GET", path)["xcom_entries"]
        if not any(entry["key"] == "return_value" for entry in kept):
            return None
        return self.call("GET", f"{path}/return_value")["value"]

    def questions(self, dag_id: str) -> list[dict[str, Any]]:
        """What waits for a person in `dag_id`: Airflow's human-in-the-loop details."""
        path = f"dags/{dag_id}/dagRuns/~/hitlDetails"
        found: list[dict[str, Any]] = []
        while True:
            page = self.call("GET", path, response_received=False, limit=100, offset=len(found))
            found += page["hitl_details"]
            if not page["hitl_details"] or len(found) >= page["total_entries"]:
                return found

    def answer(self, question: Mapping[str, Any], option: str) -> None:
        task = question["task_instance"]
        path = f"dags/{task['dag_id']}/dagRuns/{task['dag_run_id']}/taskInstances/{task['task_id']}"
        self.call("PATCH", f"{path}/{task['map_index']}/hitlDetails", {"chosen_options": [option], "params_input": {}})


def last_error(logs: Path) -> str:
    """The last exception that a task's logs below `logs` tell of, in one line; empty where there is none."""
    found = ""
    for file in sorted(logs.rglob("*.log"), key=lambda file: file.stat().st_mtime):
        for line in file.read_text(errors="replace").splitlines():
            if '"error_detail"' in line:
                detail = json.loads(line)["error_detail"][-1]
                found = f"{detail['exc_type']}: {' '.join(detail['exc_value'].split())[:500]}"
    return found


def until(what: Callable[[], bool], *, seconds: float, every_s: float = 0.3) -> bool:
    """Ask until it is so or the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(every_s)
    return what()
