"""Parses typed fragment sizes and describes the resulting fragments."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.protocol.frame_encoder import FrameEncoder
from spacebeam.protocol.frames import Opcode, Role, parse_header
from spacebeam.ui.expert.fragment_sizes import (
    MAX_FRAGMENTS,
    Fragmentation,
    FragmentSizesError,
    cut,
    parse,
    words,
)


@pytest.mark.parametrize(
    ("typed", "sizes"),
    [("", ()), ("3", (3,)), ("3, 10, 5", (3, 10, 5)), (" 3;10 5,", (3, 10, 5)), ("007", (7,))],
)
def test_sizes_are_parsed(typed: str, sizes: tuple[int, ...]) -> None:
    assert parse(typed) == sizes


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("3, x", "“x” is not a number"),
        ("-1", "“-1” is not a number"),
        ("²", "is not a number"),
        ("9" * 30, "is not a number"),
        ("0", "at least one byte"),
        ("1 " * (MAX_FRAGMENTS + 1), "10,000 fragments are possible"),
    ],
)
def test_an_invalid_size_is_explained(typed: str, fault: str) -> None:
    with pytest.raises(FragmentSizesError, match=fault):
        parse(typed)


@given(length=st.integers(0, 300), sizes=st.lists(st.integers(1, 90), max_size=8))
def test_the_announced_fragments_are_the_ones_that_are_sent(length: int, sizes: list[int]) -> None:
    frames = FrameEncoder(Role.SERVER).fragments(Opcode.TEXT, bytes(length), sizes)
    headers = [parse_header(frame) for frame in frames]
    assert [header.length for header in headers if header] == cut(length, sizes)


@pytest.mark.parametrize(
    ("fragments", "said"),
    [
        ([5], "One fragment: the message is not cut"),
        ([3, 10, 5], "3 fragments of 3, 10 and 5 bytes"),
        ([1] * 20, "20 fragments of 1, 1, 1, 1, 1, 1, … and 1 bytes"),
    ],
)
def test_fragments_are_described(fragments: list[int], said: str) -> None:
    assert words(fragments) == said


def test_pings_between_fragments_are_numbered() -> None:
    assert Fragmentation((3, 4), True).pings() == [b"between 1", b"between 2"]
    assert Fragmentation((3, 4)).pings() == []
