"""What is written keeps up with what is there. Each failure names the page and the remedy."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from include.alerts.checks import KINDS
from include.local.documents import stale
from include.messages.notices import runbook_heading

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
RUNBOOK = ROOT / "docs" / "runbook.md"
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> Iterator[tuple[str, str]]:
    """The page's links to other files or headings of ours: (path, anchor)."""
    for target in re.findall(r"\]\(([^)\s]+)\)", CODE.sub("", page.read_text(encoding="utf-8"))):
        if "://" not in target and not target.startswith("mailto:"):
            path, _, anchor = target.partition("#")
            yield path, anchor


def test_generated_pages_are_what_the_source_says() -> None:
    assert stale() == [], "Run `make docs`."


def kinds_in_the_code() -> set[str]:
    """Every kind that an `Alert(...)` or the signature of a function that makes one spells out."""
    found = set()
    for file in (ROOT / "include").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Alert":
                given = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "kind")]
            elif isinstance(node, ast.FunctionDef):
                pairs = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
                given = [default for argument, default in pairs if argument.arg == "kind" and default]
            else:
                continue
            found |= {each.value for each in given if isinstance(each, ast.Constant)}
    return found


@pytest.mark.parametrize("kind", sorted({*KINDS, *kinds_in_the_code()}))
def test_every_alert_leads_to_its_heading_in_the_runbook(kind: str) -> None:
    assert runbook_heading(kind) in anchors(RUNBOOK), f"docs/runbook.md: write `## {kind.replace('_', ' ')}`."


def test_alerts_outside_check_desk_are_found_too() -> None:
    assert {"task_failed", "note"} <= kinds_in_the_code()


def test_every_dag_has_its_heading_in_the_runbook() -> None:
    missing = {file.stem for file in (ROOT / "dags").glob("*.py")} - anchors(RUNBOOK)
    assert not missing, f"docs/runbook.md has no heading for {', '.join(sorted(missing))}."


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"(?:`|^ {4,}|^)make ([a-z][a-z-]*)", text, re.MULTILINE)
    unknown = sorted(set(named) - targets)
    assert not unknown, f"{page.name} names make {', make '.join(unknown)}, which the Makefile has not."


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for path, anchor in links(page):
        target = (page.parent / path).resolve() if path else page
        known = target.suffix != ".md" or not anchor or (target.is_file() and anchor in anchors(target))
        if not target.exists() or not known:
            broken.append(f"{path}#{anchor}" if anchor else path)
    assert not broken, f"{page.name} links to {', '.join(broken)}: no such file or heading."


def test_every_environment_variable_that_is_read_is_in_the_example() -> None:
    read = set(re.findall(r'"(DESK_[A-Z_]+)"', (ROOT / "include" / "settings.py").read_text(encoding="utf-8")))
    assert read, "settings.py reads nothing any more; teach this test how it does."
    told = set(
        re.findall(r"^(?:# ?)?(DESK_[A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert read <= told, f"Add {', '.join(sorted(read - told))} to .env.example."


def test_every_module_that_a_page_tells_to_run_can_be_run() -> None:
    for page in PAGES:
        for module in set(re.findall(r"python -m ((?:include|benchmarks)[a-z_.]*)", page.read_text(encoding="utf-8"))):
            file = ROOT / Path(*module.split("."))
            runs = [file.with_suffix(".py"), file / "__main__.py"]
            assert any(each.exists() for each in runs), f"{page.name} tells to run {module}, which does not exist."
