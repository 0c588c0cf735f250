"""The examples of filters are valid, and find what the page says that they find."""

from __future__ import annotations

import re
from datetime import datetime
from typing import get_args

import pytest

from spacebeam.help.page import CodeBlock, HelpTable, plain
from spacebeam.help.topics import page
from spacebeam.protocol.batch import Direction, Kind, single
from spacebeam.recording.recording import Recording
from spacebeam.search.filter import Condition, JsonTest, Quality
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.pair_index import PairIndex
from spacebeam.search.parser import parse

_ROW = re.compile(r"(\d+)  (\d\d:\d\d:\d\d)  (sent|received) +(.*)")
_WITHOUT_RESULT = ""
_NONE = "none"


def conversation() -> Recording:
    """Return the entries of the page's conversation."""
    (code,) = (one for one in page("search").blocks if isinstance(one, CodeBlock) and one.language)
    recording = Recording()
    for number, line in enumerate(code.text.split("\n"), 1):
        row = _ROW.fullmatch(line)
        assert row is not None
        assert int(row[1]) == number
        at = datetime.combine(datetime.now().date(), datetime.strptime(row[2], "%H:%M:%S").time())
        kind, payload = _payload(row[4])
        recording.append(single(at.timestamp(), Direction[row[3].upper()], kind, payload))
    return recording


def _payload(written: str) -> tuple[Kind, bytes]:
    if written in ("ping", "pong"):
        return Kind[written.upper()], b""
    if written.startswith("binary "):
        return Kind.BINARY, bytes.fromhex(written.removeprefix("binary "))
    return Kind.TEXT, written.encode()


EXAMPLES = [
    (plain(row[0]), plain(row[2]))
    for table in page("search").blocks
    if isinstance(table, HelpTable) and table.has_filters
    for row in table.rows
]


@pytest.mark.parametrize(("text", "finds"), EXAMPLES)
def test_an_example_finds_what_the_page_says(text: str, finds: str) -> None:
    found = parse(text)
    assert found.errors == ()
    assert found.terms
    if finds != _WITHOUT_RESULT:
        recording = conversation()
        pairs = PairIndex(recording)
        pairs.advance()
        matcher = Matcher(found, pairs=pairs)
        numbers = [str(place + 1) for place in matcher.matches(recording.block(0))]
        assert (", ".join(numbers) or _NONE) == finds


def test_every_condition_of_the_language_has_an_example() -> None:
    conditions = [one for text, _finds in EXAMPLES for one in parse(text).conditions]
    kinds = {type(one).__name__ for one in conditions}
    assert kinds == {one.__name__ for one in get_args(Condition)}
    said = " ".join(run.text for run in page("search").runs)
    assert [one for one in Quality if f"is:{one}" not in said] == []
    assert [one for one in JsonTest if one and f"{one}" not in said] == []
