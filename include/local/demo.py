"""The demo: a week of the desk in two minutes, told step by step, with a summary that a marketer could read."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from include.local.airflow import FINISHED, Airflow, last_error, until
from include.local.pictures import draw_slack
from include.local.progress import Step, Steps
from include.local.stage import Stage, StageError
from include.local.summary import Summary, summarise

# A person reads before answering. Airflow needs the moment too: an answer that arrives before the scheduler has seen
# the question's task park itself is taken for a mix-up, and the question is asked again.
READING_S = 3.0


def play(stage: Stage, steps: Steps) -> Summary:
    """Run the week through Airflow as an operator would. Raises StageError with the sentence of what did not work."""
    stage.airflow.unpause("request_approval")  # an event that finds its DAG paused is lost
    with steps.step("Editorial calendar") as step:
        planned = _run(stage, "import_calendar", step)["plan"]
        step.count(f"{planned['posts']} posts planned, {planned['to_fix']} rows to fix")
    for dag_id in ("publish_posts", "reconcile_posts", "read_reactions"):
        stage.airflow.unpause(dag_id)
    with steps.step("Approval") as step:
        _approve(stage, step)
    with steps.step("Eight weeks of numbers") as step:
        step.title = f"Numbers of {stage.options.weeks} weeks"
        _read_history(stage, step)
    with steps.step("KPIs") as step:
        rolled = _run(stage, "roll_up_kpis", step, {"weeks": stage.options.weeks + 1})["roll_up"]
        step.count(f"{rolled['rows']:,} figures over {stage.options.weeks} weeks")
    with steps.step("Posts at their hour") as step:
        _wait_for_posts(stage, step)
    if any(account.manual for brand in stage.brands for account in brand.accounts):
        with steps.step("Posts by hand") as step:
            _post_by_hand(stage, step)
    with steps.step("After-care") as step:
        _run(stage, "reconcile_posts", step)
        found = _run(stage, "check_desk", step)["look"]
        step.count(f"{sum(found.values())} alerts open")
    if (stage.desk_dir / "budgets.csv").is_file():
        with steps.step("Ad budgets") as step:
            _look_at_budgets(stage, step)
    with steps.step("Comments") as step:
        _hear_comments(stage, step)
    with steps.step("Monday's digest") as step:
        said = _run(stage, "send_digest", step, {"week": str(stage.told_week())})["tell_brands"]
        step.count(", ".join(f"{brand} {what}" for brand, what in said.items()))
    with steps.step("Pictures of Slack") as step:
        pictures = draw_slack(stage)
        step.count(f"{len(pictures)} pages, as HTML and PNG")
    return summarise(stage, pictures)


def _run(stage: Stage, dag_id: str, step: Step, conf: dict[str, Any] | None = None) -> dict[str, Any]:
    """Trigger a DAG, wait for its end; gives what each of its unmapped tasks returned."""
    stage.airflow.unpause(dag_id)
    run_id = stage.airflow.trigger(dag_id, conf)
    _finish(stage, dag_id, run_id, step)
    tasks = [each for each in stage.airflow.tasks(dag_id, run_id) if each["map_index"] < 0]
    return {each["task_id"]: stage.airflow.result(dag_id, run_id, each["task_id"]) for each in tasks}


def _finish(stage: Stage, dag_id: str, run_id: str, step: Step, *, seconds: float = 300) -> None:
    def is_finished() -> bool:
        if fallen := stage.family.fallen():
            raise StageError(f"{fallen[0]} ended in the middle of {dag_id}; see {stage.family.log(fallen[0])}.")
        return stage.airflow.state(dag_id, run_id) in FINISHED

    if not until(is_finished, seconds=seconds, every_s=0.4):
        raise StageError(f"{dag_id} did not end within {seconds:.0f} s; look at {stage.airflow.url}/dags/{dag_id}.")
    if stage.airflow.state(dag_id, run_id) == "failed":
        failed = [t["task_id"] for t in stage.airflow.tasks(dag_id, run_id) if t["state"] == "failed"]
        logs = stage.family.run_dir / "airflow" / "logs" / f"dag_id={dag_id}" / f"run_id={run_id}"
        why = last_error(logs) or "no task said why."
        raise StageError(f"{dag_id} failed at {', '.join(failed) or 'its start'}: {why} Its log is below {logs}.")


def _approve(stage: Stage, step: Step) -> None:
    """Play the approvers: with a reaction in Slack where brands.yml knows their member id, else in Airflow's form."""
    if not (wanted := stage.awaiting()):
        step.count("no brand of this desk asks for it")
        return
    in_slack = {brand.key: next(iter(brand.slack_ids)) for brand in stage.brands if brand.slack_ids}
    people = {*in_slack.values()} if in_slack else set()
    if in_slack:
        _approve_in_slack(stage, in_slack, step)
    if stage.awaiting():
        people |= _approve_in_airflow(stage, step)
    if left := stage.awaiting():
        raise StageError(f"{left} of {wanted} texts have no answer; look at request_approval in Airflow.")
    step.count(f"{wanted} of {wanted} texts approved by {', '.join(sorted(people))}{' in Slack' * bool(in_slack)}")


def _approve_in_slack(stage: Stage, approvers: dict[str, str], step: Step) -> None:
    """A check mark under every question; the desk reads them back."""
    asked = stage.awaiting(approvers)
    if not until(lambda: len(stage.questions_in_slack("approval")) >= asked, seconds=120, every_s=0.5):
        raise StageError("The questions about texts did not come to Slack; look at request_approval in Airflow.")
    for key, channel, ts in stage.questions_in_slack("approval"):
        brand = next(brand for brand in approvers if stage.brand_of(key) == brand)
        stage.react(channel, ts, "white_check_mark", approvers[brand])
    step.count(f"{asked} answers in Slack; reading them")
    _run(stage, "read_reactions", step)


def _approve_in_airflow(stage: Stage, step: Step) -> set[str]:
    """Answer every question in Airflow's form, in the name of the one who is asked."""
    wanted = stage.awaiting()
    people: dict[str, Airflow] = {}
    first_seen: dict[str, float] = {}

    def have_answers() -> bool:
        questions = stage.airflow.questions("request_approval")
        for question in questions:
            first_seen.setdefault(question["task_instance"]["id"], time.monotonic())
        newest = max(first_seen.values(), default=time.monotonic())
        if len(first_seen) >= wanted and time.monotonic() - newest > READING_S:
            for question in questions:
                name = question["assigned_users"][0]["name"]
                if name not in people:
                    people[name] = stage.airflow.as_user(name)
                people[name].answer(question, "Approve")
        left = stage.awaiting()
        step.count(f"{wanted - left} of {wanted} texts approved by {', '.join(people) or 'nobody yet'}")
        return left == 0

    until(have_answers, seconds=180, every_s=0.5)
    return set(people)


def _read_history(stage: Stage, step: Step) -> None:
    monday = stage.told_week()
    first = monday - timedelta(weeks=stage.options.weeks - 1)
    # The networks' lists end with today; the week that is told ended before.
    last = datetime.now(UTC).date()
    stage.airflow.unpause("backfill_metrics")
    run_id = stage.airflow.trigger("backfill_metrics", {"first": str(first), "last": str(last)})
    _finish(stage, "backfill_metrics", run_id, step)
    rows, requests = stage.readings()
    step.count(f"{rows:,} rows in {requests} requests, {first:%-d %b} to {last:%-d %b}")


def _wait_for_posts(stage: Stage, step: Step) -> None:
    """Until all that falls due while the demo runs is live, on the scheduler's own ticks."""
    horizon = datetime.now(UTC) + timedelta(seconds=90)

    def are_settled() -> bool:
        live, waiting = stage.publications(due_before=horizon)
        step.count(f"{live} live, {waiting} to go")
        return waiting == 0

    if not until(are_settled, seconds=180, every_s=0.5):
        raise StageError("Posts that fell due are not live; look at publish_posts in Airflow and at docs/runbook.md.")


def _post_by_hand(stage: Stage, step: Step) -> None:
    """Play the person who is handed a post for a network without a plugin: paste it there, reply with its link."""
    _run(stage, "read_reactions", step)  # which also says what is asked
    handed = stage.questions_in_slack("byhand")
    for number, (key, channel, ts) in enumerate(handed):
        person = next(iter(next(brand.slack_ids for brand in stage.brands if brand.key == stage.brand_of(key))), "")
        stage.reply(channel, ts, f"https://www.tiktok.com/@bottega_aurora/video/{7400000000000000000 + number}", person)
        stage.react(channel, ts, "white_check_mark", person)
    if handed:
        _run(stage, "read_reactions", step)
    ((live,),) = stage.ask("SELECT count(*) FROM desk.publication WHERE state = 'live' AND url LIKE '%tiktok.com%'")
    step.count(f"{len(handed)} handed over in Slack, {live} live by their link")


def _look_at_budgets(stage: Stage, step: Step) -> None:
    """Look at the ad budgets, approve in Slack what is proposed, and see that it was set."""
    states = _run(stage, "check_budget_pacing", step)["look"]
    asked = stage.questions_in_slack("adchange")
    for key, channel, ts in asked:
        person = next(iter(next(brand.slack_ids for brand in stage.brands if f":{brand.key}/" in key)), "")
        if person:
            stage.react(channel, ts, "white_check_mark", person)
    if asked:
        _run(stage, "read_reactions", step)  # which sets what is approved; the next hour's run checks it
    ((done,),) = stage.ask("SELECT count(*) FROM desk.pacing_action WHERE state = 'applied'")
    budgets = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in states.items())
    step.count(f"{budgets}; {done} changes approved in Slack and set")


def _hear_comments(stage: Stage, step: Step) -> None:
    """Hear what people wrote in four weeks and now: scored in their languages, a wave of complaints told."""
    _run(stage, "watch_comments", step)
    ((read, scored, negative),) = stage.ask(
        "SELECT count(*), count(*) FILTER (WHERE scored), count(*) FILTER (WHERE label = 'negative') FROM desk.comment"
    )
    told = stage.spikes()
    spikes = f"{len(told)} spike{'s' * (len(told) != 1)} told" if told else "no spike"
    step.count(f"{read:,} read, {scored:,} scored, {negative:,} negative, {spikes}")
