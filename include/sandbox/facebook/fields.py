"""Graph's field expansion: `id,comments.summary(true).limit(0),insights.metric(a,b){name,values}`.

Grammar from developers.facebook.com/docs/graph-api/guides/field-expansion.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from include.sandbox.facebook.failures import GraphError, nonexisting_field


@dataclass(frozen=True, slots=True)
class Field:
    """One wanted field: its arguments by name (`limit` -> "0") and the fields wanted below it."""

    name: str
    arguments: dict[str, str]
    below: "tuple[Field, ...]" = ()

    @property
    def shown_as(self) -> str:
        """The key of its answer: the name, or what `.as(...)` asked for."""
        return self.arguments.get("as", self.name)


def parse_fields(text: str) -> tuple[Field, ...]:
    """The fields of a `fields` parameter. Raises GraphError 2500 as Graph does for a syntax error."""
    reader = _Reader(text)
    fields = reader.fields()
    if reader.rest():
        raise _syntax(text, reader.at)
    return fields


def said_again(fields: Sequence[Field]) -> str:
    """A list of fields as it was asked for."""
    return ",".join(
        field.name
        + "".join(f".{name}({value})" for name, value in field.arguments.items())
        + (f"{{{said_again(field.below)}}}" if field.below else "")
        for field in fields
    )


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def rest(self) -> str:
        return self.text[self.at :]

    def fields(self) -> tuple[Field, ...]:
        found = [self.field()]
        while self.take(","):
            found.append(self.field())
        return tuple(found)

    def field(self) -> Field:
        name, arguments = self.word(), {}
        while self.take("."):
            modifier = self.word()
            arguments[modifier] = self.argument()
        below: tuple[Field, ...] = ()
        if self.take("{"):
            below = self.fields()
            self.need("}")
        return Field(name, arguments, below)

    def word(self) -> str:
        start = self.at = self.at + len(self.rest()) - len(self.rest().lstrip())
        while self.at < len(self.text) and (self.text[self.at].isalnum() or self.text[self.at] == "_"):
            self.at += 1
        if start == self.at:
            raise _syntax(self.text, self.at)
        return self.text[start : self.at]

    def argument(self) -> str:
        self.need("(")
        end = self.text.find(")", self.at)
        if end < 0:
            raise _syntax(self.text, len(self.text))
        value, self.at = self.text[self.at : end], end + 1
        return value.strip()

    def take(self, mark: str) -> bool:
        if self.rest().startswith(mark):
            self.at += 1
            return True
        return False

    def need(self, mark: str) -> None:
        if not self.take(mark):
            raise _syntax(self.text, self.at)


def _syntax(text: str, at: int) -> GraphError:
    found = f'unexpected "{text[at]}"' if at < len(text) else "unexpected end of string"
    return GraphError(f'Syntax error "Expected name or operator, {found}" at character {at}: {text}', 2500)


def counted(field: Field, total: int, more: dict[str, Any]) -> dict[str, Any]:
    """An edge whose members the sandbox does not show: an empty list and, when asked, how many there are."""
    asked = field.arguments.get("summary")
    summary = {} if asked in (None, "false", "0") else {"summary": {**more, "total_count": total}}
    if asked == "total_count":
        summary = {"summary": {"total_count": total}}
    return {"data": [], **summary}


UNKNOWN = object()


def chosen(node: str, fields: tuple[Field, ...], value_of: Callable[[Field], Any]) -> dict[str, Any]:
    """The fields that were asked for, empty ones left out and `id` always there, as Graph does."""
    answer: dict[str, Any] = {}
    for field in (*fields, Field("id", {})):
        value = value_of(field)
        if value is UNKNOWN:
            raise nonexisting_field(field.name, node)
        if value is not None:
            answer[field.shown_as] = value
    return answer
