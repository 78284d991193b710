"""A messenger that prints instead of sending."""

import sys
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

from include.domain.messages import Message, MessageRef


class DryRun:
    """A Messenger for trying out. What it is given does not count as told (`tell`)."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout

    def post(self, channel: str, message: Message, *, thread: str | None = None) -> MessageRef:
        self._print(f"to {channel}{', in a thread' if thread is not None else ''}", message)
        return MessageRef(channel, "not-sent")

    def update(self, ref: MessageRef, message: Message) -> None:
        self._print(f"in place of {ref.ts} in {ref.channel}", message)

    def _print(self, where: str, message: Message) -> None:
        lines = [f"--- {where}", message.text, *(f"    {line}" for line in _lines(message.blocks))]
        lines += [f"    [{file.filename}, {len(file.content):,} bytes: {file.alt}]" for file in message.attachments]
        print("\n".join(lines), file=self._out)


def _lines(block: Any) -> Iterator[str]:
    """The texts of blocks, however they are nested."""
    if isinstance(block, Mapping):
        if isinstance(block.get("text"), str):
            yield from block["text"].splitlines()
        else:
            yield from _lines(list(block.values()))
    elif isinstance(block, (list, tuple)):
        for part in block:
            yield from _lines(part)
