"""The examples of filters are valid, and find what the page says that they find."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from spacebeam.help.page import CodeBlock, HelpTable, plain
from spacebeam.help.topics import page
from spacebeam.protocol.batch import Direction, Kind, single
from spacebeam.recording.block import Block
from spacebeam.search.filter import JsonTest, Quality
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse

_ROW = re.compile(r"(\d+)  (\d\d:\d\d:\d\d)  (sent|received) +(.*)")
_WITHOUT_RESULT = ""
_NONE = "none"


def conversation() -> Block:
    """Return the entries of the page's conversation."""
    (code,) = (one for one in page("search").blocks if isinstance(one, CodeBlock) and one.language)
    block: Block | None = None
    for number, line in enumerate(code.text.split("\n"), 1):
        row = _ROW.fullmatch(line)
        assert row is not None
        assert int(row[1]) == number
        at = datetime.combine(datetime.now().date(), datetime.strptime(row[2], "%H:%M:%S").time())
        kind, payload = _payload(row[4])
        batch = single(at.timestamp(), Direction[row[3].upper()], kind, payload)
        if block is None:
            block = Block(0, batch)
        else:
            block.gather(batch)
    assert block is not None
    return block


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
        block = conversation()
        numbers = [str(place + 1) for place in Matcher(found).matches(block)]
        assert (", ".join(numbers) or _NONE) == finds


def test_every_condition_of_the_language_has_an_example() -> None:
    conditions = [one for text, _finds in EXAMPLES for one in parse(text).conditions]
    kinds = {type(one).__name__ for one in conditions}
    assert kinds == {"Word", "Pattern", "HasQuality", "Size", "TimeRange", "Json", "Gap", "Case"}
    said = " ".join(run.text for run in page("search").runs)
    assert [one for one in Quality if f"is:{one}" not in said] == []
    assert [one for one in JsonTest if one and f"{one}" not in said] == []
