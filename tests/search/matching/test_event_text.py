"""Words and regular expressions match events by their sentences."""

from __future__ import annotations

import pytest

from spacebeam.protocol.batch import Data, Direction, Kind, event_batch, single
from spacebeam.recording.block import Block
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse


def block() -> Block:
    made = Block(0, event_batch(0.0, b'{"type":"connected"}'))
    made.gather(single(1.0, Direction.RECEIVED, Kind.TEXT, b"Connected to nothing"))
    made.gather(event_batch(2.0, b'{"type":"closed"}'))
    return made


def sentence(payload: Data) -> str:
    return "Connected to h" if b"connected" in payload else "Closed by the server"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('"Connected to"', [0, 1]),
        ('"type"', []),
        ("-Connected", [2]),
        ("CONNECTED", [0, 1]),
        ("case:yes CONNECTED", []),
        ("/Connected to h$/", [0]),
        ("/closed/i", [2]),
    ],
)
def test_an_event_matches_by_its_sentence(text: str, places: list[int]) -> None:
    assert list(Matcher(parse(text), event_text=sentence).matches(block())) == places


def test_without_sentences_an_event_matches_by_its_payload() -> None:
    assert list(Matcher(parse("case:yes connected")).matches(block())) == [0]


def test_an_empty_filter_matches_all() -> None:
    assert list(Matcher(parse(""), event_text=sentence).matches(block())) == [0, 1, 2]
