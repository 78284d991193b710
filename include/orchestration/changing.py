"""The work of `change_live_post`: a person's wish about a live post, carried out on its network."""

from typing import Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowFailException

from include.orchestration import doors

ACTIONS = ("delete", "edit")


def change_post() -> str:
    """Take the post down or reword it, as the run's parameters say; gives what was done, in a sentence.

    What cannot be done fails the task at once with the sentence: trying again would change nothing.
    """
    from include.domain import PlatformError
    from include.publishing.changes import CannotChange

    try:
        params = get_current_context()["params"]
        words = _changed(params)
    except (CannotChange, PlatformError) as error:
        raise AirflowFailException(str(error)) from error
    _tell_the_brand(params, words)
    return words


def _tell_the_brand(asked: Any, words: str) -> None:
    """Say in the brand's channel what was done to its post, by whom and why."""
    from include.domain import Alert, Severity
    from include.messages.notices import alert_message

    brand = _brand_of(asked["post_id"])
    if brand is not None:
        because, what_next = f"By {asked['by']}: {asked['reason']}", "Nothing, if it was meant; else plan it anew."
        note = Alert("note", asked["post_id"], words, because, what_next, Severity.INFO)
        doors.tell(f"change:{get_current_context()['run_id']}", brand.channel, alert_message(note))


def _brand_of(post_id: str) -> Any:
    account = post_id.rpartition(":")[2]
    return next((brand for brand in doors.brands() if account in {each.key for each in brand.accounts}), None)


def _changed(asked: Any) -> str:
    from include.publishing import plan
    from include.publishing.changes import CannotChange, Changes, Wish

    engine, wish = doors.warehouse(), Wish(asked["post_id"], asked["by"], asked["reason"])
    post = plan.posts(engine, [wish.post_id]).get(wish.post_id)
    if post is None:
        raise CannotChange(f"There is no post {wish.post_id}.")
    network = doors.platform_of(post.account)
    if asked["action"] == "delete":
        if not network.deletes:
            raise CannotChange(f"{network.title} lets nobody take posts down from here; do it at the network itself.")
        return Changes(engine).delete(wish, doors.hook(post.account))
    if not network.edits:
        raise CannotChange(f"{network.title} cannot reword a live post; delete it and plan another one.")
    _refuse_what_nobody_approved(post, wish.by)
    _refuse_what_is_not_taken(post, asked["text"] or "", network)
    return Changes(engine).edit(wish, asked["text"] or "", doors.hook(post.account))


def _refuse_what_nobody_approved(post: Any, by: str) -> None:
    """A brand that wants to see its texts first has one of its approvers behind a new one too."""
    from include.publishing.changes import CannotChange

    brand = _brand_of(post.post_id)
    if brand is not None and brand.needs_approval and by.strip() not in brand.approvers:
        names = " or ".join(brand.approvers)
        raise CannotChange(f"{brand.title} lets no text out unseen: have {names} reword it, under that name (by).")


def _refuse_what_is_not_taken(post: Any, text: str, network: Any) -> None:
    from dataclasses import replace

    from include.editorial.brand_rules import rule_problems
    from include.publishing.changes import CannotChange

    reworded = replace(post, text=text, content_hash="")
    if problems := network.problems(reworded):
        raise CannotChange(f"{network.title} would not take the new text. {' '.join(problems)}")
    brand = _brand_of(post.post_id)
    if brand is not None and (against := list(rule_problems(reworded, brand.rules))):
        raise CannotChange(f"The new text is against the rules of {brand.title}. {' '.join(against)}")
