"""Marks are values."""

from __future__ import annotations

import pytest

from spacebeam.recording.entry import Mark


def test_a_mark_cannot_be_changed_and_says_nothing_by_itself() -> None:
    mark = Mark()
    assert mark == Mark(is_starred=False, note="")
    with pytest.raises(AttributeError):
        mark.note = "x"  # type: ignore[misc]
