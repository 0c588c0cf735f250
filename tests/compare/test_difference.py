"""What differs between two values, as a tree."""

from __future__ import annotations

import json
from typing import Any

import pytest

from spacebeam.compare.difference import (
    MAX_DIFFERENCES,
    Differences,
    Mark,
    Rules,
    differences,
)
from spacebeam.decode.decoder import Value
from spacebeam.decode.json_values import read_json

_SIGNS = {Mark.ADDED: "+", Mark.REMOVED: "-", Mark.CHANGED: "~"}


def told(before: Value, after: Value, *left_out: str, keys: tuple[str, ...] = ()) -> list[str]:
    found = differences(before, after, Rules(left_out, keys))
    lines = [
        f"{_SIGNS[one.mark]} {one.place} {one.before_text}>{one.after_text}"
        for one in found.changes()
    ]
    assert len(lines) == found.count
    assert (found.root is None) <= (not lines)
    return lines


ORDER: dict[str, Any] = {
    "type": "order",
    "id": 7,
    "price": 12.5,
    "items": [{"sku": "a", "count": 1}, {"sku": "b", "count": 2}],
}


def test_nothing_differs_between_equal_values() -> None:
    found = differences(ORDER, json.loads(json.dumps(dict(reversed(ORDER.items())))))
    assert found == Differences(None)


def test_the_field_of_an_order_that_changed_is_told() -> None:
    later = {**ORDER, "price": 13.0, "items": [{"sku": "b", "count": 3}, {"sku": "a", "count": 1}]}
    assert told(ORDER, later) == ["~ price 12.5>13.0", '~ items[sku="b"].count 2>3']


def test_members_are_added_and_removed() -> None:
    assert told({"a": 1, "b": {"c": 2}}, {"b": {"d": None}}) == [
        "- a 1>",
        "- b.c 2>",
        "+ b.d >null",
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([1, 2, 3], [0, 1, 2, 3], ["+ [0] >0"]),
        ([1, 2, 3], [1, 3], ["- [1] 2>"]),
        ([1, 2], [1, 9], ["~ [1] 2>9"]),
        ([{"n": 1}, {"n": 2}], [{"n": 1}, {"n": 5}], ["~ [1].n 2>5"]),
        ([{"id": 1, "n": 1}], [{"id": 2, "n": 1}], ["~ [0].id 1>2"]),
        (
            [{"id": 1, "n": 1}, {"id": 2, "n": 1}],
            [{"id": 3, "n": 1}, {"id": 1, "n": 2}],
            ['+ [id=3] >{"id":3,"n":1}', "~ [id=1].n 1>2", '- [id=2] {"id":2,"n":1}>'],
        ),
        ([{"id": 1}, {"id": 1}], [{"id": 1}, {"id": 2}], ["~ [1].id 1>2"]),
        ([{"userId": 1, "n": 1}, {"userId": 2}], [{"userId": 2}, {"userId": 1, "n": 1}], []),
        ([["10.5", "1"], ["10.4", "2"]], [["10.4", "3"], ["10.5", "1"]], ['~ ["10.4"][1] "2">"3"']),
    ],
)
def test_elements_of_lists(before: Value, after: Value, expected: list[str]) -> None:
    assert told(before, after) == expected


def test_elements_are_matched_by_the_given_key() -> None:
    before: Value = [{"at": "x", "id": 1}, {"at": "y", "id": 2}]
    after: Value = [{"at": "y", "id": 1}, {"at": "x", "id": 2}]
    assert told(before, after) == ['~ [id=1].at "x">"y"', '~ [id=2].at "y">"x"']
    assert told(before, after, keys=("at",)) == ['~ [at="y"].id 2>1', '~ [at="x"].id 1>2']


def test_paths_are_left_out() -> None:
    before: Value = {"time": 1, "items": [{"id": 1, "seq": 1, "n": 1}, {"id": 2, "seq": 2, "n": 2}]}
    after: Value = {"time": 2, "items": [{"id": 2, "seq": 8, "n": 3}, {"id": 1, "seq": 9, "n": 1}]}
    assert told(before, after, "time", "items[*].seq") == ["~ items[id=2].n 2>3"]
    found = differences(before, after, Rules(("time", "items[*].seq", "items[*].n")))
    assert (found.count, found.left_out) == (0, 4)
    assert found.root is not None


def test_the_path_leads_to_the_new_value_and_the_pattern_to_all_such() -> None:
    before: Value = {"a b": [{"id": 1, "x": 1}, {"id": 2, "x": 2}]}
    after: Value = {"a b": [{"id": 2, "x": 3}, {"id": 1, "x": 1}]}
    (change,) = differences(before, after).changes()
    assert (change.path, change.pattern) == ('"a b"[0].x', '"a b"[*].x')
    assert told(before, after, change.pattern) == []


def test_one_is_neither_true_nor_one_point_zero() -> None:
    assert told({"a": 1, "b": 1, "c": "1"}, {"a": True, "b": 1.0, "c": 1}) == [
        "~ a 1>true",
        "~ b 1>1.0",
        '~ c "1">1',
    ]


def test_long_texts_are_shown_where_they_differ() -> None:
    (line,) = told({"a": "x" * 5000 + "old"}, {"a": "x" * 5000 + "new"})
    assert line.startswith("~ a …")
    assert "old" in line
    assert "new" in line
    assert len(line) < 500


def test_what_is_shown_is_safe_and_short() -> None:
    (line,) = told({"\n": "\x1b[31m"}, {"\n": {"a": "x" * 10_000}})
    assert line.isprintable()
    assert len(line) < 500


def test_deep_values_are_compared_as_a_whole() -> None:
    deep = read_json(b"[" * 50_000 + b"1" + b"]" * 50_000)
    other = read_json(b"[" * 50_000 + b"2" + b"]" * 50_000)
    assert told(deep, read_json(b"[" * 50_000 + b"1" + b"]" * 50_000)) == []
    assert len(told(deep, other)) == 1


def test_the_number_of_differences_is_bounded() -> None:
    before: Value = {str(number): number for number in range(3 * MAX_DIFFERENCES)}
    after: Value = {str(number): -1 for number in range(3 * MAX_DIFFERENCES)}
    found = differences(before, after)
    assert (found.count, found.is_complete) == (MAX_DIFFERENCES, False)
