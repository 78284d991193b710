"""Who may import whom (docs/architecture.md, "Rooms"). A failing test names the file, the import and the remedy."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# folder -> (what it must stay clear of, what to do instead)
RULES = {
    "include/domain": (
        {"airflow", "platforms", "messengers", "requests", "sqlalchemy", "pandas", "include.!domain"},
        "the domain knows the standard library and itself; move what needs more to its own room",
    ),
    "include": (
        {"airflow", "platforms", "messengers"},
        "take a capability of include/domain as an argument; include/orchestration passes the platform in",
    ),
    "plugins/platforms": (
        {"include.!domain"},
        "a platform knows include/domain only; the desk's rules belong to include/",
    ),
    "plugins/messengers": ({"include.!domain"}, "a messenger knows include/domain only"),
    "dags": (
        {"sqlalchemy", "requests", "pandas", "slack_sdk", "dags", "include.!orchestration", "messengers"},
        "a DAG file is a timetable: give the work a name in include/orchestration",
    ),
    "include/sandbox": (
        {"platforms", "messengers", "include.!sandbox"},
        "the sandbox shares no code with the clients that it tests",
    ),
}
# The business, room by room: which other rooms of include/ each may know. docs/architecture.md shows the same table.
KNOWS = {
    "desk": {"domain"},
    "editorial": {"domain", "desk"},
    "publishing": {"domain", "warehouse", "settings"},
    "ingestion": {"domain", "warehouse"},
    "comments": {"domain"},
    "kpis": {"domain", "warehouse", "settings"},
    "messages": {"domain", "kpis"},
    "pacing": {"desk", "domain"},
    "spending": {"desk", "domain", "messages", "pacing", "warehouse"},
    "alerts": {"domain", "messages", "warehouse"},
    "listening": {"comments", "desk", "domain", "messages", "settings", "warehouse"},
    "warehouse": {"settings"},
}
FREE = {"include/orchestration": "include", "include/local": "include"}
# Commands that must work while Airflow is dead: each wires its own room's work, as a task's function in
# include/orchestration does, and holds nothing else. They may import what orchestration may, but never airflow.
ENTRANCES = {"include/publishing/watchdog.py"}


def _imports(file: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module


def _is_forbidden(module: str, rule: str) -> bool:
    package, _, allowed = rule.partition(".!")
    inside = module == package or module.startswith(package + ".")
    if not allowed:
        return inside
    return inside and not (module == f"{package}.{allowed}" or module.startswith(f"{package}.{allowed}."))


@pytest.mark.parametrize("folder", RULES)
def test_a_room_imports_only_what_it_may(folder: str) -> None:
    forbidden, remedy = RULES[folder]
    freed = [ROOT / free for free, of in FREE.items() if of == folder]
    found = [
        f"{file.relative_to(ROOT)}:{line} imports {module}"
        for file in sorted((ROOT / folder).rglob("*.py"))
        if not any(file.is_relative_to(free) for free in freed) and str(file.relative_to(ROOT)) not in ENTRANCES
        for line, module in _imports(file)
        if any(_is_forbidden(module, rule) for rule in forbidden)
    ]
    assert not found, f"{'; '.join(found)}. {folder}: {remedy}."


@pytest.mark.parametrize("room", KNOWS)
def test_a_room_of_the_business_knows_only_its_neighbours(room: str) -> None:
    known = {f"include.{name}" for name in (room, *KNOWS[room])}
    found = [
        f"{file.relative_to(ROOT)}:{line} imports {module}"
        for file in sorted((ROOT / "include" / room).rglob("*.py"))
        if str(file.relative_to(ROOT)) not in ENTRANCES
        for line, module in _imports(file)
        if module.startswith("include.") and ".".join(module.split(".")[:2]) not in known
    ]
    assert not found, f"{'; '.join(found)}. Pass it in as an argument, or widen KNOWS and docs/architecture.md."


@pytest.mark.parametrize("entrance", sorted(ENTRANCES))
def test_an_entrance_needs_no_airflow_and_stays_small(entrance: str) -> None:
    file = ROOT / entrance
    assert not [module for _, module in _imports(file) if module.split(".")[0] == "airflow"], f"{entrance}: no Airflow."
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 150, f"{entrance}: what it does belongs to its room."


def test_the_architecture_page_shows_the_same_rooms() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    for room, others in KNOWS.items():
        row = f"| `{room}` | {', '.join(f'`{name}`' for name in sorted(others))} |"
        assert row in page, f"docs/architecture.md lacks the row {row}"


def test_platforms_stay_clear_of_each_other() -> None:
    folders = [p for p in (ROOT / "plugins/platforms").iterdir() if (p / "__init__.py").exists()]
    names = {p.name for p in folders} - {"transport"}
    found = [
        f"{file.relative_to(ROOT)}:{line} imports {module}"
        for folder in folders
        for file in folder.rglob("*.py")
        for line, module in _imports(file)
        if module.startswith("platforms.") and module.split(".")[1] in names - {folder.name}
    ]
    assert not found, f"{'; '.join(found)}. What two platforms share belongs to platforms/transport."


def test_platforms_have_the_same_files() -> None:
    wanted = {"__init__.py", "hook.py", "wording.py", "reading.py", "failures.py", "constraints.json"}
    for folder in (ROOT / "plugins/platforms").iterdir():
        if folder.name == "transport" or not (folder / "__init__.py").exists():
            continue
        missing = wanted - {file.name for file in folder.iterdir()}
        assert not missing, (
            f"plugins/platforms/{folder.name} lacks {', '.join(sorted(missing))} (docs/add-a-platform.md)."
        )


def test_nothing_but_the_plugin_is_seen_by_airflows_plugin_scanner() -> None:
    ignored = (ROOT / "plugins/.airflowignore").read_text(encoding="utf-8").split()
    packages = {p.name for p in (ROOT / "plugins").iterdir() if p.is_dir() and p.name != "__pycache__"}
    seen = packages - {line.rstrip("/") for line in ignored}
    assert not seen, f"Add {', '.join(sorted(seen))}/ to plugins/.airflowignore: Airflow would run each file of it."
    assert [p.name for p in (ROOT / "plugins").glob("*.py")] == ["social_desk_plugin.py"]
