"""`python -m include.local demo|up|down|clean`: see `make`."""

import signal
import sys
import time
from types import FrameType

from rich.console import Console
from rich.markup import escape
from sqlalchemy.exc import SQLAlchemyError

from include.desk.problems import DeskProblems
from include.local import demo
from include.local.airflow import AirflowError
from include.local.options import Options
from include.local.processes import Family
from include.local.progress import Steps
from include.local.run import DeskBusyError, asked_to_end, end_everything, held, postgres_dir, why_ended
from include.local.set_up import TIME_TO_ANSWER, set_up
from include.local.stage import Stage, StageError
from include.warehouse import embedded
from include.warehouse.installation import ServerFailed

SETTLES_S = 2.0
EXPECTED = (AirflowError, DeskBusyError, DeskProblems, OSError, ServerFailed, SQLAlchemyError, StageError)


class EndedError(BaseException):
    """Somebody asked us to end (SIGTERM, SIGHUP)."""


def main(arguments: list[str]) -> int:
    options = Options.read(arguments)
    console = Console()
    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, _end)
    if options.command in ("down", "clean"):
        if options.run_dir.is_dir():
            asked_to_end(options.run_dir).touch()
        end_everything(options.run_dir)
        if options.command == "clean":
            embedded.remove(postgres_dir(options.run_dir))
        console.print(f"Nothing of {options.run_dir} runs any more.", highlight=False, soft_wrap=True)
        return 0
    try:
        return _demo(options, console) if options.command == "demo" else _up(options, console)
    except EXPECTED as error:
        console.print(f"[red]✗[/red] {escape(str(error))}", highlight=False, soft_wrap=True)
        return 1
    except (KeyboardInterrupt, EndedError):
        console.print("Ended; nothing is left running.")
        return 130


def _demo(options: Options, console: Console) -> int:
    began = time.monotonic()
    steps = Steps(console)
    with held(options.run_dir, fresh=True) as family, steps.showing():
        stage = set_up(options, family, steps)
        summary = demo.play(stage, steps)
    console.print()
    summary.show(console)
    console.print(f"\n{time.monotonic() - began:.0f} s in all; nothing is left running.", style="dim")
    return 0


def _up(options: Options, console: Console) -> int:
    steps = Steps(console)
    with held(options.run_dir, fresh=False) as family:
        with steps.showing():
            stage = set_up(options, family, steps)
            # request_approval first: an event that finds its DAG paused is lost.
            for dag_id in sorted(stage.airflow.dag_ids(), key=lambda name: name != "request_approval"):
                stage.airflow.unpause(dag_id)
            stage.airflow.trigger("import_calendar")
        _addresses(stage, console)
        _watch(family)
    return 1


def _addresses(stage: Stage, console: Console) -> None:
    console.print(
        f"""
Airflow    {stage.airflow.url}   {"; ".join(_people(stage))}
Slack      {stage.sandbox_url}/view/slack
Networks   {stage.sandbox_url}/view/platforms
Calendar   {stage.desk_dir / "calendar.csv"}   (edit it, then trigger import_calendar)
Warehouse  {stage.warehouse_url}
Logs       {stage.family.logs}

The example's first posts go out {TIME_TO_ANSWER.seconds // 60} minutes after its first start, by then they want a yes
where brands.yml says so: log in to Airflow as one who may approve, and look under Required Actions.

Ctrl-C ends all of it. History: trigger backfill_metrics with first and last, then roll_up_kpis and send_digest.
""",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


def _people(stage: Stage) -> list[str]:
    """Who may log in: the operator, and the approvers, who alone may answer for their brands."""
    approvers = sorted({person for brand in stage.brands for person in brand.approvers})
    return [f"{name} / {stage.airflow.password(name)}" for name in (stage.airflow.user, *approvers)]


def _watch(family: Family) -> None:
    while not why_ended(family):
        time.sleep(1)
    time.sleep(SETTLES_S)  # what fell first may have been pulled down by what is seen to fall now
    raise StageError(why_ended(family))


def _end(number: int, frame: FrameType | None) -> None:
    raise EndedError


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
