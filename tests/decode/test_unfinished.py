"""Bytes that wait for the rest of their message."""

from __future__ import annotations

import pytest

from spacebeam.decode.decoder import DecodeError
from spacebeam.decode.unfinished import MAX_MESSAGES, Unfinished, has_enough


def test_adding_bytes_leaves_the_earlier_value_as_it_was() -> None:
    begin = Unfinished().added(b"one ")
    shown, read = begin.added(b"two"), begin.added(b"three")
    assert (bytes(shown.data), bytes(read.data)) == (b"one two", b"one three")
    assert begin.added(b"four").data == b"one four"
    assert (begin.size, shown.size, read.size) == (4, 7, 9)


def test_bytes_are_appended_where_they_are() -> None:
    first = Unfinished().added(b"a")
    assert first.added(b"b").data is first.data


def test_all_messages_are_wanted_up_to_a_limit() -> None:
    assert not has_enough(16, 17, 0)
    assert has_enough(17, 17, 0)
    with pytest.raises(DecodeError, match="100,000"):
        has_enough(MAX_MESSAGES, MAX_MESSAGES, 5)
