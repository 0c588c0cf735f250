"""What counts as JSON."""

from __future__ import annotations

import pytest

from spacebeam.decode.json import is_json


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", True),
        (' \r\n\t[1, "a"]\n', True),
        ("", False),
        ("1", False),
        ('"text"', False),
        ("null", False),
        ("{a: 1}", False),
        ("[1,]", False),
        ("[1] [2]", False),
        ("[" * 100_000, False),
        ("[" * 100_000 + "]" * 100_000, False),
    ],
)
def test_only_a_whole_object_or_array_counts_as_json(text: str, expected: bool) -> None:
    assert is_json(text) is expected
