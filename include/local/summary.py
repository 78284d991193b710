"""What the demo ends with: what a marketer would want to know of the week, and where to look."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from include.domain import Account, Brand
from include.domain.accounts import network_title
from include.kpis.compare import Change, compare
from include.kpis.definitions import COMPUTED, KPIS, WAITING
from include.kpis.roll_up import WHOLE_BRAND
from include.local.pictures import Picture
from include.local.stage import Stage
from include.messages.numbers import change as moved
from include.messages.numbers import days_between, written
from include.messages.slack_text import shorten
from include.messages.week import Figure
from include.settings import ROOT
from include.warehouse.engine import connect
from platforms import every_platform


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything that is shown at the end, read from the warehouse and from the sandbox's own log."""

    live: list[tuple[str, str, str, str]]  # network, account, excerpt, link
    readings: tuple[int, int]
    requests: int
    monday: date
    weeks: dict[str, tuple[Brand, list[Change]]]
    pictures: list[Picture]
    budgets: list[str]  # what was told of them, and what was set
    spikes: list[str]  # what was told of comments

    def show(self, console: Console) -> None:
        self._show_live(console)
        for brand, changes in self.weeks.values():
            self._show_week(console, brand, changes)
        if self.budgets:
            console.print("\n[b]Ad budgets[/b]")
            for line in self.budgets:
                console.print(f"  {escape(line)}", highlight=False, soft_wrap=True)
        if self.spikes:
            console.print("\n[b]Comments[/b]")
            for line in self.spikes:
                console.print(f"  {escape(line)}", highlight=False, soft_wrap=True)
        console.print(f"\n[b]Waits for a source[/b] {escape(_waiting())}")
        rows, requests = self.readings
        console.print(
            f"\n[b]Read[/b] {rows:,} rows in {requests:,} requests; "
            f"{self.requests:,} requests in all, publishing and Slack included."
        )
        console.print("\n[b]Slack, as people saw it[/b]")
        for picture in self.pictures:
            console.print(f"  {_short(picture.html)}  and  {picture.png.name}", highlight=False, soft_wrap=True)

    def _show_live(self, console: Console) -> None:
        by_network: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for network, account, excerpt, link in self.live:
            by_network[network].append((account, excerpt, link))
        console.print(f"[b]Posts that went out while you watched[/b]  {len(self.live)}")
        for network, posts in sorted(by_network.items()):
            console.print(f"  {escape(network)}: {len(posts)}", highlight=False)
            for account, excerpt, link in posts:
                console.print(f"    {escape(account)}  “{escape(excerpt)}”", highlight=False, soft_wrap=True)
                console.print(f"      {link}", style="dim", highlight=False, soft_wrap=True)

    def _show_week(self, console: Console, brand: Brand, changes: list[Change]) -> None:
        week = f"week {self.monday.isocalendar().week} ({days_between(self.monday, self.monday + timedelta(days=6))})"
        console.print(f"\n[b]{escape(brand.title)}[/b], {week}, with the change on the week before")
        table = Table(box=None, padding=(0, 2, 0, 2))
        table.add_column("", style="dim")
        for name in _columns(brand).values():
            table.add_column(name, justify="left", header_style="dim", no_wrap=True)
        for kpi in COMPUTED:
            of_kpi = {change.account: change for change in changes if change.kpi == kpi.name and not change.slice}
            if any(change.value is not None for change in of_kpi.values()):
                table.add_row(kpi.title, *(_cell(of_kpi.get(key)) for key in _columns(brand)))
        console.print(table)
        for note in _notes(brand, changes):
            console.print(f"    {escape(note)}", style="dim", highlight=False)


def summarise(stage: Stage, pictures: list[Picture]) -> Summary:
    """Gather the summary while everything still stands."""
    monday = stage.told_week()
    with connect(stage.warehouse_url).connect() as connection:
        weeks = {brand.key: (brand, compare(connection, brand.key, monday)) for brand in stage.brands}
    return Summary(
        live=_live(stage),
        readings=stage.readings(),
        requests=int(stage.sandbox("requests")["total"]),
        monday=monday,
        weeks=weeks,
        pictures=pictures,
        budgets=_budgets(stage),
        spikes=stage.spikes(),
    )


def _budgets(stage: Stage) -> list[str]:
    """What the people of each brand were told, and which changes they agreed to."""
    told = stage.ask(
        "SELECT headline FROM desk.alert_episode WHERE alert_key LIKE 'budget_pacing:%' AND closed_at IS NULL"
        " ORDER BY opened_at"
    )
    changed = stage.ask(
        "SELECT entity_name, before, after, currency, decided_by, state FROM desk.pacing_action ORDER BY action_id"
    )
    lines = [headline for (headline,) in told]
    for name, before, after, currency, by, state in changed:
        unit = f" {currency} a day" if after[:1].isdigit() else ""
        lines.append(f"“{name}”: {before} → {after}{unit}, {state}, by {by or 'nobody'}")
    return lines


def _live(stage: Stage) -> list[tuple[str, str, str, str]]:
    rows = stage.ask(
        "SELECT u.account, p.text, u.url, p.format, jsonb_array_length(p.thread), p.first_comment <> ''"
        " FROM desk.publication u JOIN desk.post p USING (post_id)"
        " WHERE u.state = 'live' AND u.part = 0 ORDER BY u.live_at"
    )
    titles = {a.key: (_title(a), b.title) for b in stage.brands for a in b.accounts}
    return [(*titles[account], f"{shorten(text, 60)}{_beside(*more)}", url) for account, text, url, *more in rows]


def _title(account: Account) -> str:
    return f"{network_title(account.platform)}, by hand" if account.manual else every_platform()[account.platform].title


def _beside(kind: str, thread: int, comment: bool) -> str:
    """What went out with a post: ` · reel`, ` · thread of 3`, ` · first comment`."""
    more = [kind] if kind != "feed" else []
    more += [f"thread of {thread + 1}"] if thread else []
    return "".join(f" · {each}" for each in (*more, *(["first comment"] if comment else [])))


def _columns(brand: Brand) -> dict[str, str]:
    """What is shown side by side: each account under its network's name, and the brand as a whole."""
    measured = [a for a in brand.accounts if not a.manual and every_platform()[a.platform].answers]
    return {**{account.key: _title(account) for account in measured}, WHOLE_BRAND: "together"}


def _cell(change: Change | None) -> str:
    if change is None or change.value is None:
        return "[dim]—[/]"
    kpi = KPIS[change.kpi]
    style = Figure(kpi, ()).style
    against = moved(change.value, change.before, kpi.unit, style)
    mark = {"good": "green", "bad": "red"}.get(change.direction or "", "dim")
    return f"{written(change.value, kpi.unit, style)} [{mark}]{escape(against)}[/]"


def _notes(brand: Brand, changes: list[Change]) -> list[str]:
    """Why figures that a network does report are missing or not final, each reason once."""
    about: dict[tuple[str, str], list[str]] = defaultdict(list)
    for change in changes:
        platform = next((every_platform().get(a.platform) for a in brand.accounts if a.key == change.account), None)
        if platform and change.kpi in platform.answers and not change.slice:
            for reason in (change.note or "").split("; "):
                about[platform.title, reason].append(KPIS[change.kpi].title.lower())
    told = [(title, reason, kpis) for (title, reason), kpis in about.items() if reason]
    return [
        f"{title}: {reason} ({', '.join(kpis[:3])}{', …' if len(kpis) > 3 else ''})" for title, reason, kpis in told
    ]


def _waiting() -> str:
    sources: dict[str, list[str]] = defaultdict(list)
    for kpi in WAITING:
        sources[kpi.waits_for or ""].append(kpi.title.lower())
    return "; ".join(f"{source}: {', '.join(titles)}" for source, titles in sources.items())


def _short(path: object) -> str:
    text = str(path)
    return text.removeprefix(f"{ROOT}/")
