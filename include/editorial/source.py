"""Where the plan is read from: the desk's folder, or an address on the web.

`DESK_CALENDAR` may hold the https address of a Google Sheet, as the browser shows it (`.../edit#gid=0`), or of a file
that ends with .csv, .xlsx or .yml. A sheet is fetched as CSV, by its export address; it must be shared with "Anyone
with the link". One plan only: an address and a calendar in the folder are refused together. Media named in a plan from
the web still lie in the desk's folder.

The export address: snapsheets.readthedocs.io, "URL format" (2026-11-24).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import parse_qs, urlsplit

from include.desk.calendar_files import CALENDARS, calendars_in, find_calendar
from include.desk.files import refused
from include.desk.problems import DeskProblems, Problem, Unfit

Fetch = Callable[[str], bytes]

_SHEET = re.compile(r"/spreadsheets/(?:u/\d+/)?d/(?P<id>[A-Za-z0-9_-]+)(?P<rest>/.*)?")
_PUBLISHED = re.compile(r"/spreadsheets/(?:u/\d+/)?d/e/(?P<id>[A-Za-z0-9_-]+)/pub(?:html)?")
_KINDS = {"csv": ".csv", "tsv": ".csv", "xlsx": ".xlsx"}
_SUFFIXES = (".csv", ".xlsx", ".yml", ".yaml")
_PAGE = re.compile(rb"\s*<(!doctype|html)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """A plan to be read: what to call it and where its media lie; its content if it was fetched."""

    path: Path
    content: bytes | None = None


def plan_source(folder: Path, address: str = "", fetch: Fetch | None = None) -> Source:
    """The plan of the desk in `folder`, fetched from `address` with `fetch` if there is one.

    Raises DeskProblems with the remedy; what `fetch` raises is its own.
    """
    if not address:
        return Source(find_calendar(folder))
    name, url = _name_and_url(address)
    if beside := calendars_in(folder):
        why = f"is in {folder.resolve()}, and DESK_CALENDAR names another plan; keep one of them."
        raise refused(beside[0], why)
    if fetch is None:
        raise DeskProblems([Problem(name, 0, "", "", "nobody is there to fetch DESK_CALENDAR; save the file instead.")])
    content = fetch(url)
    if _PAGE.match(content[:200]):
        why = 'the address answered with a web page, not a table; share the sheet with "Anyone with the link".'
        raise DeskProblems([Problem(name, 0, "", "", why)])
    return Source(folder / name, content)


def _name_and_url(address: str) -> tuple[str, str]:
    try:
        url = table_address(address)
    except Unfit as unfit:  # the address is not shown: who has it may read the plan
        raise DeskProblems([Problem("DESK_CALENDAR", 0, "", "", str(unfit))]) from None
    parts = urlsplit(url)
    if parts.hostname != "docs.google.com":
        return PurePosixPath(parts.path).name, url
    query = parse_qs(parts.query)
    return f"google-sheet{_KINDS[(query.get('format') or query['output'])[0]]}", url


def table_address(address: str) -> str:
    """The address under which the table itself can be fetched; raises Unfit for one that leads elsewhere."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname:
        raise Unfit(f"needs an https address; for a file, put it into DESK_DIR as {CALENDARS[0]} and leave this empty.")
    if parts.hostname == "docs.google.com":
        return _sheet_address(address)
    if PurePosixPath(parts.path).suffix.lower() not in _SUFFIXES:
        raise Unfit(f"not an address of a table; it ends with one of {', '.join(_SUFFIXES)}, or is a Google Sheet's.")
    return address


def _sheet_address(address: str) -> str:
    parts = urlsplit(address)
    query, fragment = parse_qs(parts.query), parse_qs(parts.fragment)
    sheet = (fragment.get("gid") or query.get("gid") or [""])[0]
    chosen = f"&gid={sheet}" if sheet.isdecimal() else ""
    if published := _PUBLISHED.fullmatch(parts.path):
        kind = _kind(query.get("output", ["csv"])[0])
        return f"https://docs.google.com/spreadsheets/d/e/{published['id']}/pub?output={kind}{chosen}"
    match = _SHEET.fullmatch(parts.path)
    if match is None or match["id"] == "e":
        raise Unfit("not a Google Sheet; copy the address from the browser while the sheet is open.")
    kind = _kind(query.get("format", ["csv"])[0])
    return f"https://docs.google.com/spreadsheets/d/{match['id']}/export?format={kind}{chosen}"


def _kind(asked: str) -> str:
    kind = "csv" if asked == "html" else asked
    if kind not in _KINDS:
        raise Unfit(f"cannot be read as {asked}; write format=csv, or leave it out.")
    return kind
