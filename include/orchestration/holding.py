"""The work of `hold_brand`: a hold placed or lifted by hand, and told."""

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowFailException

from include.orchestration.asks import Look
from include.orchestration.asks_hold import brand_of, hold_asks, late_asks
from include.orchestration.one_by_one import OneByOne


def decide() -> str:
    """Do what the run's parameters say; gives it in words. Slack is told here, or by the next `read_reactions`."""
    from include.publishing import holds

    params = get_current_context()["params"]
    subject, by, why = (str(params[name]).strip() for name in ("subject", "by", "why"))
    look = Look.begin()
    if brand_of(look, subject) is None:
        known = ", ".join([*(brand.key for brand in look.brands), *look.by_account])
        raise AirflowFailException(f"No such brand or account: {subject!r}. There are {known}.")
    if not by or (params["what"] == "hold" and not why):
        raise AirflowFailException("Say who decides (by), and why (why) to hold; both are kept and told.")
    try:
        if params["what"] == "hold":
            held = holds.place(look.engine, subject, by=by, why=why, now=look.now, is_known=True)
            words = f"{subject} is on hold by {held.held_by}: {held.why}"
        else:
            posts = str(params["posts"]).replace(",", " ").split()
            lifted = holds.lift(look.engine, subject, by=by, now=look.now, posts=posts)
            words = " ".join((f"{subject} is on hold no more.", *lifted.refused))
    except holds.NoHold as wrong:
        raise AirflowFailException(str(wrong)) from wrong
    _say(subject)
    return words


def _say(subject: str) -> None:
    look = Look.begin()
    with OneByOne() as tellings:
        for ask in (*hold_asks(look), *late_asks(look)):
            with tellings.next():
                look.say(ask)
