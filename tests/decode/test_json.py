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


def test_what_was_read_to_judge_a_payload_is_handed_out_once() -> None:
    decoder, payload = JsonDecoder(), b'{"a": [1]}'
    assert decoder.confidence(payload, Context()) == 0.9
    first, second = (
        decoder.decode(payload, Context()).value,
        decoder.decode(payload, Context()).value,
    )
    assert first == second == {"a": [1]}
    assert first is not second
    other = b'{"b": 2}'
    decoder.confidence(payload, Context())
    assert decoder.decode(other, Context()).value == {"b": 2}
    assert decoder.decode(payload, Context()).value == {"a": [1]}
