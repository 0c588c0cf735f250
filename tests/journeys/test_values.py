"""A person finds the gap in a feed's sequence, without leaving the window."""

from __future__ import annotations

import json
from pathlib import Path

from tests.journeys.keyboard import press
from tests.journeys.program import started
from tests.journeys.screen import BUTTON, Widget, until
from tests.journeys.test_rows import select_last
from tests.library.files import write_recording

_LOST = range(11, 14)


def test_the_gap_in_a_feeds_sequence_is_found(tmp_path: Path) -> None:
    said = [json.dumps({"seq": at, "price": 5}) for at in range(1, 30) if at not in _LOST]
    path = write_recording(tmp_path / "feed.beam", *said, address="ws://one.test/feed")
    with started(file=path) as program:
        window = program.window()
        select_last(window, "Received text, ", '{"seq": 29, "price": 5}')
        until(lambda: _value(window), "the tree of the message")
        press("F6")
        press("Down")
        until(lambda: (value := _value(window)) and value.has_cursor, "its sequence number")
        press("Menu")
        for _step in range(3):
            press("Down")
        press("Return")  # Pin This Value
        window.find(BUTTON, "1 gap, 3 missing").press()
        until(lambda: _rows(window) == ['{"seq": 14, "price": 5}'], "the message after the gap")


def _value(window: Widget) -> Widget | None:
    """The row of the sequence number in the tree."""
    return next((one for one in window.everything() if one.name.startswith("seq")), None)


def _rows(window: Widget) -> list[str]:
    """The messages in the timeline."""
    names = (one.name for one in window.everything() if one.role == "list item")
    return [name.rpartition(" bytes, ")[2] for name in names if name.startswith("Received text")]
