"""The payloads that are JSON."""

from __future__ import annotations

import pytest

from spacebeam.decode.decoder import Context
from spacebeam.decode.json import JsonDecoder


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("{}", 0.9),
        (' \r\n\t[1, "a"]\n', 0.9),
        ("", 0),
        ("1", 0),
        ('"text"', 0),
        ("null", 0),
        ("{a: 1}", 0),
        ("[1,]", 0),
        ("[1] [2]", 0),
        ("[" * 100_000, 0.45),
        ("[" * 100_000 + "]" * 100_000, 0.45),
    ],
)
def test_only_an_object_or_array_counts_as_json_and_a_long_one_is_guessed(
    text: str, confidence: float
) -> None:
    assert JsonDecoder().confidence(text.encode(), Context()) == confidence
