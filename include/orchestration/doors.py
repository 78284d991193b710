"""The ways from a task into the world: the warehouse, Slack, a platform's account, the desk's files.

Each function opens one when a task asks for it. Nothing here runs while a DAG file is parsed, and what is heavy is
imported inside.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from airflow.sdk.exceptions import AirflowFailException

from include.domain import Account, Alert, Brand, Listener, Message, MessageRef, Messenger, PlatformError, Severity
from include.domain.accounts import network_title
from include.settings import Settings
from platforms import Platform, every_platform

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from include.desk.flights import Budget
    from include.desk.spend import FileSpend
    from include.desk.targets import Target
    from include.domain.moderation import Answers, Rule
    from include.editorial.source import Source

_MOST_PLAN_BYTES = 20_000_000
_ADDRESS = re.compile(r"https?://([^/\s?#]+)\S*?(?=[:.]?(?:\s|$))")


def settings() -> Settings:
    return Settings.from_environment()


def warehouse() -> "Engine":
    """An engine on the warehouse, without a pool: a task is a process of its own."""
    from include.warehouse.engine import connect

    return connect(settings().warehouse_url)


def messenger() -> Messenger:
    from messengers.slack import SlackMessenger

    return SlackMessenger(settings().slack_connection)


def listener() -> Listener:
    from messengers.slack import SlackMessenger

    return SlackMessenger(settings().slack_connection)


def brands() -> list[Brand]:
    """The brands of `brands.yml`; every mistake in the file is told at once, as `needed` says."""
    from include.desk.brands import read_brands

    with needed():
        return read_brands(settings().desk_dir / "brands.yml", platforms=set(every_platform()))


def measured(brand: Brand) -> Brand:
    """The brand with those accounts alone whose network answers a KPI: of the others no number is missing."""
    known = {name for name, platform in every_platform().items() if platform.answers}
    accounts = tuple(a for a in brand.accounts if a.platform in known and not a.manual)
    return replace(brand, accounts=accounts)


def heard(brand: Brand) -> dict[str, list[str]]:
    """The brand's accounts whose comments can be listened to, under its key."""
    listening = {name for name, platform in every_platform().items() if platform.listens}
    return {brand.key: [a.key for a in brand.accounts if a.platform in listening and not a.manual]}


def publishing(brand: Brand) -> Brand:
    """The brand with those accounts alone that posts can be planned for: an ad account takes none."""
    takers = {name for name, platform in every_platform().items() if platform.publishes}
    return replace(brand, accounts=tuple(a for a in brand.accounts if a.platform in takers or a.manual))


def targets() -> "list[Target]":
    """The targets of `targets.csv`. Raises DeskProblems, for whoever asks can do without them."""
    from include.desk.targets import read_targets
    from include.kpis.definitions import KPIS

    return read_targets(settings().desk_dir / "targets.csv", brands(), set(KPIS))


def moderation(of: Sequence[Brand]) -> "tuple[list[Rule], Answers]":
    """The rules of `moderation.yml` and the answers of `answers.yml`, none where there is no such file. Raises
    DeskProblems."""
    from include.desk.answers import read_answers
    from include.desk.moderation import read_moderation

    folder = settings().desk_dir
    answers = read_answers(folder / "answers.yml", of)
    names = {name for _, name, _ in answers.texts}
    return read_moderation(folder / "moderation.yml", of, set(titles()), names), answers


def budgets(of: Iterable[Brand] | None = None, today: date | None = None) -> "tuple[Budget, ...] | None":
    """The budgets of `budgets.csv`; None where there is no such file. Raises DeskProblems."""
    from include.desk.budgets import read_budgets

    path = settings().desk_dir / "budgets.csv"
    return read_budgets(path, brands() if of is None else of, today).budgets if path.is_file() else None


def spend_file() -> "FileSpend | None":
    """What ads cost on platforms without an API here, from `spend.csv`; None where there is no such file."""
    from include.desk.spend import FileSpend

    path = settings().desk_dir / "spend.csv"
    return FileSpend(path) if path.is_file() else None


def plan() -> "Source":
    """Where the editorial plan is: in the desk's folder, or fetched from DESK_CALENDAR. Raises DeskProblems."""
    from include.editorial.source import plan_source

    return plan_source(settings().desk_dir, settings().calendar, _fetched)


def _fetched(url: str) -> bytes:
    from include.domain.posts import Media
    from platforms.transport.download import opened

    try:
        with opened(Media(url), most_bytes=_MOST_PLAN_BYTES, account="DESK_CALENDAR") as file:
            return file.read()
    except PlatformError as error:  # who has the whole address may read the plan: the host alone is told
        error.args = (_ADDRESS.sub(r"\1", str(error)), *error.args[1:])
        raise error from None


@contextmanager
def needed() -> Iterator[None]:
    """Around the reading of a file that a task cannot do without: a mistake in it fails the task at once, since only
    a person mends a file and trying again does not."""
    from include.desk.problems import DeskProblems

    try:
        yield
    except DeskProblems as problems:
        raise AirflowFailException(str(problems)) from problems


def chosen_brands(names: str | Iterable[str] = "all") -> list[Brand]:
    """Brands by key; raises ValueError naming those that are not on the desk."""
    everyone = brands()
    wanted = _words(names)
    if wanted == ["all"]:
        return everyone
    unknown = sorted(set(wanted) - {brand.key for brand in everyone})
    if unknown:
        raise ValueError(f"No such brand: {', '.join(unknown)}. brands.yml has {', '.join(b.key for b in everyone)}.")
    return [brand for brand in everyone if brand.key in wanted]


def accounts(names: str | Iterable[str] = "all", *, platform: str | None = None) -> list[Account]:
    """Accounts by key, of one platform or of all; raises ValueError naming those that are not on the desk.

    Manual ones are not among them: nothing asks their networks anything.
    """
    everyone = [account for brand in brands() for account in brand.accounts if not account.manual]
    wanted = _words(names)
    unknown = sorted(set(wanted) - {account.key for account in everyone} - {"all"})
    if unknown:
        raise ValueError(f"No such account: {', '.join(unknown)}. The desk has {', '.join(a.key for a in everyone)}.")
    return [
        account
        for account in everyone
        if (wanted == ["all"] or account.key in wanted) and platform in (None, account.platform)
    ]


def platform_of(account: str) -> Platform:
    """The network of an account's key: the platform whose name begins it, the longest one if several do.

    That of a manual account that no plugin reaches is a stand-in, which has a title and can do nothing.
    """
    fitting = [p for name, p in every_platform().items() if account.startswith(f"{name}_")]
    if not fitting:
        manual = manual_accounts()
        if account in manual:
            return _by_hand(manual[account].platform)
        raise ValueError(f"{account} belongs to no platform; known are {', '.join(sorted(every_platform()))}.")
    return max(fitting, key=lambda each: len(each.name))


def _by_hand(platform: str) -> Platform:
    return Platform(name=platform, title=network_title(platform), hook="", wording="", docs=())


def manual_accounts() -> dict[str, Account]:
    """The accounts that people post to by hand, by key."""
    return {each.key: each for brand in brands() for each in brand.accounts if each.manual}


def titles() -> dict[str, str]:
    """What people call each network, by name; those of manual accounts too."""
    by_hand = {account.platform: network_title(account.platform) for account in manual_accounts().values()}
    return by_hand | {name: platform.title for name, platform in every_platform().items()}


def hook(account: str) -> Any:
    """The account's platform, through the Airflow connection of the account's name."""
    return platform_of(account).connect(account)


def _words(names: str | Iterable[str]) -> list[str]:
    words = names.replace(",", " ").split() if isinstance(names, str) else list(names)
    return words or ["all"]


def tell(key: str, channel: str, message: Message, *, thread: MessageRef | None = None) -> str:
    """Say it in Slack, once per key, in the channel or in a thread; gives `new`, `updated` or `unchanged`."""
    from include.alerts.telling import tell as tell_once

    return tell_once(warehouse(), messenger(), key=key, channel=channel, message=message, thread=thread).said


def tell_ops(key: str, headline: str, next_step: str, *, kind: str = "note", because: str = "") -> str:
    """Say something to the people on call."""
    from include.messages.notices import alert_message

    alert = Alert(kind, key, headline, because, next_step, Severity.INFO)
    return tell(f"ops:{key}", settings().ops_channel, alert_message(alert, runbook_url=settings().runbook_url))
