"""Where the desk keeps its calendar: one file in its folder, of whichever kind people prefer."""

from pathlib import Path

from include.desk.files import refused
from include.desk.problems import DeskProblems, Problem

CALENDARS = ("calendar.csv", "calendar.xlsx", "calendar.yml", "calendar.yaml")


def calendars_in(folder: Path) -> list[Path]:
    """The calendars that lie in `folder`, whatever the case of their names."""
    there = {file.name.lower(): file for file in folder.iterdir()} if folder.is_dir() else {}
    return [there[name] for name in CALENDARS if name in there]


def find_calendar(folder: Path) -> Path:
    """The one calendar of the desk in `folder`; raises DeskProblems for more than one, or none."""
    found = calendars_in(folder)
    if len(found) > 1:
        names = " and ".join(file.name for file in found)
        why = f"{names} are both in {folder.resolve()}; keep the one that counts and rename the other."
        raise DeskProblems([Problem("the calendar", 0, "", "", why)])
    if found:
        return found[0]
    kinds = ", ".join(CALENDARS[:2]) + f" and {CALENDARS[2]}"
    raise refused(
        folder / CALENDARS[0],
        f"there is no calendar in {folder.resolve()}; {kinds} are read. Set DESK_DIR to the folder that holds it and"
        " brands.yml, or DESK_CALENDAR to its address (.env.example shows how).",
    )
