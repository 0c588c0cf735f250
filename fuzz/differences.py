"""Fuzzing of comparisons: bounded, safe to show, and nothing differs between equal values."""

from __future__ import annotations

from fuzz.target import Target
from spacebeam.compare.difference import MAX_DIFFERENCES, Rules, differences
from spacebeam.compare.lines import line_differences
from spacebeam.decode.decoder import DecodeError
from spacebeam.decode.json_values import read_json
from spacebeam.decode.visible import lines, one_line


def check_differences(data: bytes) -> None:
    """Compare halves of a text, as JSON if they are; leave out each path that differs."""
    head, _, tail = data.partition(b"\n")
    one, other = (lines(half.decode(errors="replace")) for half in (head, tail))
    assert bool(line_differences(one, other).lines) is (one != other)
    try:
        before, after = read_json(head), read_json(tail)
    except DecodeError:
        return
    assert differences(before, before).count == 0
    found = differences(before, after)
    assert found.count <= MAX_DIFFERENCES
    for change in found.changes():
        shown = change.place + change.label + change.before_text + change.after_text
        assert one_line(shown) == shown
        assert shown.encode()
        if change.pattern:
            without = differences(before, after, Rules((change.pattern,)))
            assert without.count < found.count


DIFFERENCES = {
    "differences": Target(
        check_differences,
        (
            b'{"a": [{"id": 1}, {"id": 2}]}\n{"a": [{"id": 2, "b": "\\u001b"}], "a b": 1}',
            b"[1, 2, 3, [4]]\n[0, 1, 3, [4, 5]]",
            b"one\ntwo\r\x1b",
        ),
    ),
}
