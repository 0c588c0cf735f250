"""Tests of words and regular expressions on events, which match by the sentence that is shown."""

from __future__ import annotations

from collections.abc import Callable

from spacebeam.protocol.batch import Data, Kind
from spacebeam.recording.block import Block
from spacebeam.search.filter import Pattern, Word
from spacebeam.search.matching.columns import Test
from spacebeam.search.matching.masks import Mask
from spacebeam.search.regex import compile_regex
from spacebeam.search.words import contains

EventText = Callable[[Data], str]  # returns the sentence of an event's payload


def with_event_text(
    test: Test, condition: Word | Pattern, event_text: EventText, ignores_case: bool
) -> Test:
    """Return `test` for messages, and for events one of their sentences."""
    matches = _text_test(condition, ignores_case)

    def test_all(block: Block, begin: int, end: int, among: Mask) -> Mask:
        found = test(block, begin, end, among)
        place = block.kinds.find(Kind.EVENT, begin, end)
        if place < 0:
            return found
        mask = bytearray(found)
        while place >= 0:
            payload = block.data[block.starts[place] : block.ends[place]]
            mask[place - begin] = matches(event_text(payload))
            place = block.kinds.find(Kind.EVENT, place + 1, end)
        return mask

    return test_all


def _text_test(condition: Word | Pattern, ignores_case: bool) -> Callable[[str], bool]:
    if isinstance(condition, Word):
        return contains(condition.word, ignores_case)
    regex = compile_regex(condition.pattern, condition.ignores_case)
    return lambda text: regex.search(text.encode(errors="replace")) is not None
