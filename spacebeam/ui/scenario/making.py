"""The text of a scenario that is made of entries, for the window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from spacebeam.exchange.exporters.exporter import ExportSource
from spacebeam.exchange.losses import Losses
from spacebeam.protocol.batch import Kind
from spacebeam.recording.block import Block
from spacebeam.recording.recording import Recording
from spacebeam.scenario.writing import MAX_MESSAGES, export
from spacebeam.wording.entries import escaped_words
from spacebeam.wording.exchange import not_carried_words

__all__ = ["MAX_MESSAGES", "scenario_text"]
_MESSAGES = (Kind.TEXT, Kind.BINARY)


class MadeScenario(NamedTuple):
    """A text, and a sentence of what is not in it; both may be empty."""

    text: str
    losses: str


def scenario_text(
    recording: Recording, entries: Sequence[tuple[Block, Sequence[int]]], title: str
) -> MadeScenario:
    """Return the scenario; its text is empty if there are no messages."""
    if not any(block.kinds[place] in _MESSAGES for block, places in entries for place in places):
        return MadeScenario("", "")
    source = ExportSource(
        escaped_words,
        len(recording),
        str(recording.facts.get("address", "")),
        title,
        tuple(recording.handshakes),
    )
    losses = Losses()
    text = b"".join(one.data for one in export(source, entries, losses)).decode()
    return MadeScenario(
        text, not_carried_words({loss.value: count for loss, count in losses.items()})
    )
