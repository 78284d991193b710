"""The work of `moderate_comments`: leads gathered, comments held against the rules, what was decided done and told."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from include.domain import Account, Alert, Brand, Moderator, PlatformError, Refused, Remover, TryLater
from include.orchestration import doors
from include.orchestration.asks import Look
from include.orchestration.one_by_one import OneByOne
from platforms import Platform, every_platform

if TYPE_CHECKING:
    from sqlalchemy import Engine

AT_ONCE = 8
UNREAD_AFTER = timedelta(hours=2)
HOUR = 9
"""When, on the brand's clock, what waits for an answer is listed."""

log = logging.getLogger(__name__)


def platforms_with_leads() -> list[Platform]:
    return [platform for platform in every_platform().values() if platform.gathers_leads]


def gather_leads(platform: str) -> dict[str, int]:
    """Read the lead forms of every account of one platform, several at once; gives how many were read, and new leads.

    One account's failure stops it alone; it is read again from where it stood. Nothing of a lead is in what this gives
    or logs.
    """
    engine, now = doors.warehouse(), datetime.now(UTC)
    accounts = doors.accounts(platform=platform)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        new = list(pool.map(lambda account: _gather(engine, account, now), accounts))
    read = [count for count in new if count is not None]
    return {"accounts": len(read), "leads": sum(read), "failed": len(new) - len(read)}


def _gather(engine: "Engine", account: Account, now: datetime) -> int | None:
    from include.listening import leads

    with engine.connect() as connection:
        since = leads.since(connection, account.key, now=now)
    if since is None:
        return None
    try:
        new = leads.keep(engine, account.brand, doors.hook(account.key).leads(since), now=now)
    except TryLater as later:
        until = now + timedelta(seconds=later.wait_s)
        leads.note_read(engine, account.key, now=now, reason=str(later), not_before=until)
        return None
    except Exception as error:
        known = isinstance(error, PlatformError | leads.NotKept)
        # What an unforeseen error says may hold what somebody left in a form.
        why = str(error) if known else f"{account.key}: reading its lead forms failed with {type(error).__name__}."
        log.warning("%s", why)
        leads.note_read(engine, account.key, now=now, reason=why)
        return None
    leads.note_read(engine, account.key, now=now, through=now)
    return new


def tell_of_unread_leads(look: Look) -> None:
    """Silence must not look like calm: forms that cannot be read are told to the people on call, until they can."""
    from include.alerts.episodes import raise_alerts
    from include.listening import leads

    gathers = {platform.name for platform in platforms_with_leads()}
    accounts = [a.key for brand in look.brands for a in brand.accounts if a.platform in gathers and not a.manual]
    found = leads.unread(look.engine, accounts, before=look.now - UNREAD_AFTER) if accounts else {}
    alerts = [
        Alert(
            kind="unread_leads",
            subject=account,
            headline=f"The lead forms of {account} cannot be read: people who asked for something wait",
            because=why,
            next_step="Mend what it says; reading goes on from where it stood.",
        )
        for account, why in found.items()
    ]
    settings = doors.settings()
    channel, runbook = settings.ops_channel, settings.runbook_url
    raise_alerts(look.engine, look.messenger, channel, ("unread_leads",), alerts, runbook_url=runbook)


def judge() -> dict[str, int]:
    """Hold new comments against the rules; gives counts. With a broken file nothing is judged until it is mended."""
    from include.desk.problems import DeskProblems
    from include.listening.proposing import Judge, judge_new
    from include.publishing import holds

    engine, brands, now = doors.warehouse(), doors.brands(), datetime.now(UTC)
    try:
        rules, answers = doors.moderation(brands)
    except DeskProblems as problems:
        log.error("%s", problems)
        _tell_of_file(str(problems))
        return {"judged": 0}
    able = {account.key: doors.platform_of(account.key).moderates for brand in brands for account in brand.accounts}
    on_hold = frozenset(holds.on_hold(engine))
    found = judge_new(engine, Judge(brands, rules, answers, able, on_hold), now=now)
    _tell_of_file("")
    for name in sorted(found.slow):
        _tell_of_slow(name, now)
    counts = {"proposed": found.proposed, "leads": found.leads, "questions": found.questions}
    return {"judged": found.judged, **counts}


def _tell_of_file(words: str) -> None:
    """Tell the people on call that the rules cannot be used, until they can; `words` are empty where they can."""
    from include.alerts.episodes import raise_alerts

    alert = Alert(
        kind="moderation_file",
        subject="desk",
        headline="The rules of moderation cannot be read, so no comment is judged",
        because=words,
        next_step="Correct the file in the desk's folder; the next run takes it, and what was written meanwhile.",
    )
    engine, settings = doors.warehouse(), doors.settings()
    messenger, channel, found = doors.messenger(), settings.ops_channel, [alert] if words else []
    raise_alerts(engine, messenger, channel, ("moderation_file",), found, runbook_url=settings.runbook_url)


def _tell_of_slow(rule: str, now: datetime) -> None:
    headline = f"The rule {rule} takes too long on some comments, and did not catch them"
    next_step = "Make its regex in moderation.yml simpler (no nested + or *), and try it with --dry-run."
    because = "Its regex ran out of its 50 ms. The other rules were held against these comments as always."
    doors.tell_ops(f"slow_rule:{rule}:{now.date()}", headline, next_step, kind="slow_rule", because=because)


def carry_out(message_key: str = "") -> dict[str, int]:
    """Do what was decided, of one proposal or of all; gives how many rows came to which end."""
    from include.listening.applying import Applying
    from include.publishing import holds

    def find_delay(account: str) -> timedelta:
        return doors.platform_of(account).find_delay

    engine = doors.warehouse()
    on_hold = frozenset(holds.on_hold(engine))
    return Applying(engine, moderator_of, remover_of, find_delay, on_hold=on_hold).run(message_key)


def moderator_of(account: str) -> Moderator:
    """The account's platform. Raises Refused where nothing of it can be moderated any more."""
    hook = doors.hook(account)
    if not isinstance(hook, Moderator):
        raise Refused(f"{account}: its network can no longer be moderated from here.", account=account)
    return hook


def remover_of(account: str) -> Remover | None:
    """The same where it can take an answer down."""
    hook = doors.hook(account)
    return hook if doors.platform_of(account).deletes and isinstance(hook, Remover) else None


def tell() -> dict[str, int]:
    """Say what is asked and what was done, tell leads, erase old ones, list what waits; gives how many were said."""
    from include.listening import leads
    from include.orchestration.answering import say
    from include.orchestration.asks_leads import lead_asks
    from include.orchestration.asks_moderation import moderation_asks

    look = Look.begin()
    erased = leads.erase(look.engine, before=look.now - timedelta(days=doors.settings().lead_days), now=look.now)
    with OneByOne() as tellings:
        asks = [*lead_asks(look), *moderation_asks(look)]
        say(look, asks, tellings)
        with tellings.next():
            tell_of_unread_leads(look)
        listed = 0
        for brand in look.brands:
            with tellings.next():
                listed += list_unanswered(look, brand)
    return {"asks": len(asks), "erased": erased, "listed": listed}


def list_unanswered(look: Look, brand: Brand) -> bool:
    """List what waits for an answer, once a day from nine on the brand's clock; nothing where nothing waits."""
    from include.alerts.telling import where_told
    from include.listening.unanswered import LOOKS_BACK, daily_list, waiting

    local = look.now.astimezone(ZoneInfo(brand.timezone))
    key = f"unanswered:{brand.key}:{local.date()}"
    if local.hour < HOUR or where_told(look.engine, key):
        return False
    titles = {account.key: doors.platform_of(account.key).title for account in brand.accounts}
    found = waiting(look.engine, titles, since=look.now - LOOKS_BACK)
    if found:
        doors.tell(key, brand.channel, daily_list(brand, found, titles=titles, now=look.now))
    return bool(found)
