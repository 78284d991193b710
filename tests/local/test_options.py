"""What a local run takes from its caller, and what it must not."""

from pathlib import Path

import pytest

from include.domain import Account, Brand
from include.local.options import Options, inherited, real_connections
from include.local.processes import Family
from include.local.set_up import own_copy
from include.local.world import World


def test_the_environment_wins_over_the_file_and_an_empty_connection_stays(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text(
        '# a comment\nDESK_OPS_CHANNEL=#file\nAIRFLOW_CONN_X_A=\'{"password": "t"}\'\nAIRFLOW_CONN_X_B=\n'
    )
    found = inherited({"DESK_OPS_CHANNEL": "#mine", "AIRFLOW__CORE__EXECUTOR": "Other"}, dotenv)
    assert found["DESK_OPS_CHANNEL"] == "#mine"
    assert found["AIRFLOW_CONN_X_A"] == '{"password": "t"}'
    assert found["AIRFLOW_CONN_X_B"] == ""
    assert "AIRFLOW__CORE__EXECUTOR" not in found


def test_a_proxy_is_kept_away_from_this_machine(tmp_path: Path) -> None:
    found = inherited({"HTTP_PROXY": "http://proxy:3128", "NO_PROXY": "intranet"}, tmp_path / "none")
    assert found["NO_PROXY"].split(",") == ["intranet", "127.0.0.1", "localhost"]


def test_a_demo_names_the_real_accounts_that_it_will_not_use() -> None:
    environ = {
        "AIRFLOW_CONN_X_AURORA": '{"host": "https://api.x.com", "password": "secret"}',
        "AIRFLOW_CONN_X_LOCAL": '{"host": "http://127.0.0.1:9/x", "password": "secret"}',
        "AIRFLOW_CONN_X_NONE": "",
    }
    assert real_connections(environ) == ["AIRFLOW_CONN_X_AURORA"]


@pytest.mark.parametrize("port", ["80", "70000", "nine"])
def test_a_port_that_cannot_be_is_refused_in_words(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        Options.read(["demo", "--airflow-port", port])
    assert "give a number from 1024 to 65535" in capsys.readouterr().err


def desk(folder: Path, title: str) -> Path:
    folder.mkdir()
    (folder / "brands.yml").write_text(
        f'sea:\n  title: {title}\n  timezone: Europe/Oslo\n  language: nb\n  channel: "#sea"\n  accounts: {{x: sea}}\n'
    )
    (folder / "calendar.csv").write_text("brand,when,accounts,text\nsea,start+1h,all,Hei\n")
    return folder


def test_an_edited_copy_stays_until_another_desk_is_asked_for(tmp_path: Path) -> None:
    family = Family(tmp_path / "run")
    family.run_dir.mkdir()
    one, two = desk(tmp_path / "one", "Sea"), desk(tmp_path / "two", "Shore")
    copy = own_copy(Options.read(["up", "--desk", str(one)]), family)
    (copy / "calendar.csv").write_text("edited")
    assert own_copy(Options.read(["up", "--desk", str(one)]), family).joinpath("calendar.csv").read_text() == "edited"
    copy = own_copy(Options.read(["up", "--desk", str(two)]), family)
    assert "Shore" in (copy / "brands.yml").read_text()
    (before,) = family.run_dir.glob("desk.before-*")
    assert (before / "calendar.csv").read_text() == "edited", "nothing that people wrote is lost"


def test_a_world_has_a_token_of_its_own_for_every_account_and_none_of_last_time() -> None:
    accounts = (Account("x", "sea", "sea"), Account("facebook", "sea", "sea"))
    brand = Brand("sea", "Sea", "Europe/Oslo", "nb", "#sea", accounts)
    first, second = (World.of([brand], ops_channel="#ops") for _ in range(2))
    assert len({*first.tokens.values(), *second.tokens.values()}) == 4
    connections = first.connections("http://127.0.0.1:8800")
    assert set(connections) == {"AIRFLOW_CONN_X_SEA", "AIRFLOW_CONN_FACEBOOK_SEA", "AIRFLOW_CONN_SLACK_DESK"}
    assert '"host": "http://127.0.0.1:8800/x"' in connections["AIRFLOW_CONN_X_SEA"]
