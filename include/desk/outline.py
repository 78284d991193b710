"""A YAML file as an outline whose every entry knows its line, so that a mistake can be shown where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from include.desk.files import read_file
from include.desk.problems import Findings


@dataclass(frozen=True, slots=True)
class Entry:
    """One value: a `text` as it was written (`no` stays `no`), or `parts` by name, or `items` of a list.

    `line` is where it begins: the line of its name if it has one.
    """

    line: int
    text: str = ""
    parts: "dict[str, Entry]" = field(default_factory=dict)
    items: "tuple[Entry, ...]" = ()

    @property
    def shown(self) -> str:
        """What a reader would recognise of it."""
        return self.text or ", ".join([*self.parts, *(item.shown for item in self.items)])


def read_outline(path: Path, findings: Findings, content: bytes | None = None) -> Entry:
    """The outline of a YAML file. A name given twice is noted in `findings`.

    Raises DeskProblems if the file is missing or is not YAML, with the line where reading stopped.
    """
    text = read_file(path, content).text
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        found = text.splitlines()[line - 1] if 0 < line <= len(text.splitlines()) else ""
        findings.add(line, "", found, f"not YAML: {error.problem or 'it cannot be read'}. Look at indents and quotes.")
    except yaml.YAMLError as error:
        findings.add(0, "", "", f"not YAML: {str(error).splitlines()[0]}.")
    findings.refuse_if_any()
    return _entry(node, findings) if node is not None else Entry(1)


def _entry(node: yaml.Node, findings: Findings) -> Entry:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return Entry(line, parts=dict(_parts(node, findings)))
    if isinstance(node, yaml.SequenceNode):
        return Entry(line, items=tuple(_entry(item, findings) for item in node.value))
    return Entry(line, text="" if node.tag.endswith(":null") else str(node.value).strip())


def _parts(node: yaml.MappingNode, findings: Findings) -> Iterator[tuple[str, Entry]]:
    first_lines: dict[str, int] = {}
    for name_node, value_node in node.value:
        name, line = str(name_node.value), name_node.start_mark.line + 1
        if name in first_lines:
            findings.add(line, "", name, f"stands twice, first in line {first_lines[name]}; keep one.")
            continue
        first_lines[name] = line
        yield name, replace(_entry(value_node, findings), line=line)
