"""Entries are values."""

from __future__ import annotations

import pytest

from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.entry import Entry


def test_an_entry_cannot_be_changed() -> None:
    entry = Entry(0, 1.0, Kind.TEXT, Direction.SENT, 5, b"hello")
    assert entry == Entry(0, 1.0, Kind.TEXT, Direction.SENT, 5, b"hello", None)
    with pytest.raises(AttributeError):
        entry.number = 1  # type: ignore[misc]
