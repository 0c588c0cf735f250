"""A mistake in a text is a sentence with its place."""

from __future__ import annotations

import pytest

from spacebeam.decode.json_check import Flaw, JsonCheck, Mistake
from spacebeam.wording.mistakes import json_words, place_words


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"a": 1,\n "b": 2', "Line 2, column 8: a comma or } is missing."),
        ("[1, ]", "Line 1, column 3: the comma before ] is one too many."),
        ('["\\q"]', "Line 1, column 3: \\q is no escape; a backslash is written \\\\."),
        ('["\x01"]', "Line 1, column 3: a control character in a string is written \\u0001."),
    ],
)
def test_a_mistake_is_said_with_line_and_column(text: str, sentence: str) -> None:
    check = JsonCheck(text)
    for _step in check.read():
        pass
    assert check.flaw is not None
    assert place_words(text, check.flaw.offset, json_words(check.flaw)) == sentence


@pytest.mark.parametrize("mistake", Mistake)
def test_every_mistake_has_words(mistake: Mistake) -> None:
    assert json_words(Flaw(mistake, 0, "x"))


def test_what_is_quoted_is_short_and_visible() -> None:
    words = json_words(Flaw(Mistake.BAD_WORD, 0, "\u202ex" * 1000))
    assert len(words) < 200
    assert "\u202e" not in words
