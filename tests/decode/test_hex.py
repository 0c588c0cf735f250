"""Hex dumps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.decoder import Style
from spacebeam.decode.hex import (
    WIDTH,
    HexRendering,
    bytes_before,
    digits_column,
    hexdump,
    text_column,
    width_for,
)


def test_a_row_has_its_offset_its_bytes_and_its_ascii() -> None:
    assert "\n".join(hexdump(b"Hello, world!\x00\x7f\xff+17")) == (
        "00000000  48 65 6c 6c 6f 2c 20 77  6f 72 6c 64 21 00 7f ff  Hello, world!...\n"
        "00000010  2b 31 37                                          +17"
    )
    assert list(hexdump(b"")) == []


@given(st.binary(max_size=200))
def test_every_byte_is_in_the_dump(payload: bytes) -> None:
    rows = list(hexdump(payload))
    assert b"".join(bytes.fromhex(row[10:58]) for row in rows) == payload
    assert [int(row[:8], 16) for row in rows] == list(range(0, len(payload), WIDTH))
    assert sum(len(row[60:]) for row in rows) == len(payload)


def test_the_beginning_of_a_long_payload_takes_little_memory() -> None:
    rows = hexdump(bytes(50_000_000))
    assert next(rows).startswith("00000000  00")


@pytest.mark.parametrize("size", [1, 8, 9, 16])
def test_the_ascii_column_is_aligned(size: int) -> None:
    (line,) = hexdump(b"x" * size)
    assert line[text_column(WIDTH) :] == "x" * size


@given(st.binary(max_size=200), st.sampled_from([4, 8, 16]))
def test_the_dump_is_rendered_line_by_line(payload: bytes, width: int) -> None:
    rendering = HexRendering(payload, width)
    spans = list(rendering)
    assert "".join(span.text for span in spans) == "\n".join(hexdump(payload, width))
    assert [span.style for span in spans[::2]] == [Style.OFFSET] * (len(spans) // 2)
    assert sum(len(span.text) for span in spans if span.style is Style.PLAIN) == len(payload)
    assert rendering.offset == len(payload)


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        (76, "00000000  61 62 63 64 65 66 67 68  69 6a 6b 6c 6d 6e 6f 70  abcdefghijklmnop"),
        (75, "00000000  61 62 63 64 65 66 67 68  abcdefgh"),
        (43, "00000000  61 62 63 64 65 66 67 68  abcdefgh"),
        (42, "00000000  61 62 63 64  abcd"),
        (1, "00000000  61 62 63 64  abcd"),
    ],
)
def test_a_narrow_dump_has_fewer_bytes_on_a_line(columns: int, line: str) -> None:
    assert next(hexdump(b"abcdefghijklmnopqrstuvwxyz", width_for(columns))) == line


@pytest.mark.parametrize("width", [4, 8, 16])
def test_a_byte_is_known_by_its_column_in_both_halves(width: int) -> None:
    payload = bytes(range(0x41, 0x41 + width))
    line = next(hexdump(payload, width))
    for place, byte in enumerate(payload):
        column = digits_column(place)
        assert line[column : column + 2] == f"{byte:02x}"
        assert bytes_before(column, width) == place
        assert bytes_before(column + 1, width) == place + 1
        column = text_column(width) + place
        assert line[column] == chr(byte)
        assert bytes_before(column + 1, width) == place + 1
    assert bytes_before(0, width) == 0
