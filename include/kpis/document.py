"""Writes `docs/metrics.md` from the KPI definitions and the tables' own comments.

`python -m include.kpis.document > docs/metrics.md`, or with `--check` to compare and write nothing.
"""

import sys
from collections.abc import Iterator

from include.kpis.definitions import COMPUTED, WAITING, Kpi, Over
from include.settings import ROOT
from include.warehouse.tables import metadata

PAGE = ROOT / "docs" / "metrics.md"
COMMAND = "python -m include.kpis.document"

INTRODUCTION = f"""\
# What the numbers mean

Written by `{COMMAND} > docs/metrics.md` from `include/kpis/definitions.py`; change it there.

- **Week**: an ISO week, named by its Monday. For posts it begins at midnight of that Monday in the brand's time zone.
- **Day**: for figures of an account, the platform's own calendar day as it reports it, never shifted.
- **As of**: a post's counters are lifetime totals at its latest reading. A week's posts go on collecting engagement
  after the week, so the roll-up computes the weeks before again and marks them final once the platform's figures are.
- **Withheld is not zero**: a value that the platform does not give is empty, and its note says why.
- **Ratios are computed from sums** over the same posts or accounts, never averaged. A percentage is kept as a fraction.
"""


def page() -> str:
    """The whole page, ending in one newline."""
    parts = [INTRODUCTION, "## What is computed\n", _overview(COMPUTED)]
    parts += [_section(kpi) for kpi in COMPUTED]
    parts += ["## What waits for a source\n", _waiting()]
    parts += ["## The tables\n", *_tables()]
    return "\n".join(parts).rstrip() + "\n"


def _overview(kpis: tuple[Kpi, ...]) -> str:
    additivity = " | ".join(f"adds over {over}" for over in Over)
    head = f"| KPI | unit | {additivity} | up is |\n|{'---|' * (len(Over) + 3)}"
    rows = [f"| [{kpi.title}](#{_anchor(kpi)}) | {kpi.unit} | {_additivity(kpi)} | {_good(kpi)} |" for kpi in kpis]
    return "\n".join([head, *rows]) + "\n"


def _additivity(kpi: Kpi) -> str:
    return " | ".join("yes" if over in kpi.adds_over else "no" for over in Over)


def _good(kpi: Kpi) -> str:
    return {True: "good", False: "bad", None: "neither"}[kpi.up_is_good]


def _anchor(kpi: Kpi) -> str:
    return kpi.title.lower().replace(" ", "-")


def _section(kpi: Kpi) -> str:
    lines = [f"### {kpi.title}\n", f"{kpi.sentence}\n", f"- name: `{kpi.name}`", f"- numerator: {kpi.numerator}"]
    if kpi.denominator:
        lines.append(f"- denominator: {kpi.denominator}")
    if kpi.sliced_by:
        lines.append(f"- one row for each {kpi.sliced_by}")
    lines.append(f"- for a brand with several accounts: {kpi.across}")
    lines.append(f"- empty when: {kpi.null_rule}")
    lines.append(f"- read from: {', '.join(kpi.streams)}")
    lines += [f"- on {platform}: {names}" for platform, names in sorted(kpi.native.items())]
    return "\n".join(lines) + "\n"


def _waiting() -> str:
    head = "| KPI | what it says | numerator | denominator | waits for |\n|---|---|---|---|---|"
    rows = [
        f"| {kpi.title} | {kpi.sentence} | {kpi.numerator} | {kpi.denominator or ''} | {kpi.waits_for} |"
        for kpi in WAITING
    ]
    return "\n".join([head, *rows]) + "\n"


def _tables() -> Iterator[str]:
    yield "| table | a row is | key |\n|---|---|---|"
    for table in metadata.sorted_tables:
        key = ", ".join(column.name for column in table.primary_key.columns)
        yield f"| `{table.name}` | {table.comment} | {key} |"


def main(arguments: list[str]) -> int:
    written = page()
    if arguments != ["--check"]:
        sys.stdout.write(written)
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == written:
        return 0
    sys.stderr.write(f"docs/metrics.md is not what the definitions say; run: {COMMAND} > docs/metrics.md\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
