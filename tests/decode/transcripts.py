"""Transcripts of real peers, each with what a correct decoder says (`wire/README.md`)."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from spacebeam.decode.decoder import Context

WIRE = Path(__file__).with_name("wire")


@dataclass(frozen=True)
class Line:
    """One WebSocket message of a transcript."""

    number: int  # in the file; line 1 has the facts of the connection
    payload: bytes
    context: Context  # with the memory of the connection


@dataclass(frozen=True)
class Transcript:
    """A recorded connection: `Transcript("socketio")`."""

    name: str

    @cached_property
    def _lines(self) -> list[dict[str, Any]]:
        text = (WIRE / f"{self.name}.jsonl").read_text()
        return [json.loads(line) for line in text.splitlines()]

    @cached_property
    def expected(self) -> list[dict[str, Any]]:
        """What a correct decoder says, in the order of the lines."""
        messages: list[dict[str, Any]] = json.loads(
            (WIRE / f"{self.name}.expected.json").read_text()
        )["messages"]
        return messages

    def lines(self, begin: int = 2) -> Iterator[Line]:
        """Yield the messages in order, with one memory; from a line on as if opened there."""
        meta = self._lines[0]["meta"]
        memory: dict[str, object] = {}
        for number, line in enumerate(self._lines, 1):
            if number < max(begin, 2) or line["kind"] not in ("text", "binary"):
                continue
            is_text = line["kind"] == "text"
            yield Line(
                number,
                line["text"].encode() if is_text else base64.b64decode(line["base64"]),
                Context(
                    line["kind"],
                    line["direction"],
                    f"ws://localhost{meta['url path']}",
                    meta["subprotocol"] or "",
                    memory=memory,
                ),
            )
