"""Lists of like values as tables."""

from __future__ import annotations

import csv
import io
import json

import pytest

from spacebeam.decode.json_table import (
    MAX_COLUMNS,
    JsonTable,
    column_name,
    is_table,
    written_csv,
    written_json,
)
from spacebeam.decode.json_tree import JsonTree

_TRADES = b"""[{"id": 9, "price": 10.50, "side": "buy"}, {"id": 10, "price": 9.5, "note": null},
 {"side": "Ask", "price": 1e1, "id": 9}]"""


def tree_of(document: bytes) -> JsonTree:
    tree = JsonTree(document)
    for _step in tree.read():
        pass
    return tree


def table_of(document: bytes, number: int = 0) -> JsonTable:
    table = JsonTable(tree_of(document), number)
    for _step in table.read():
        pass
    return table


def texts(table: JsonTable) -> list[list[str]]:
    cells = [[table.cell(row, column) for column in table.columns] for row in table.rows]
    return [[table.tree.text(one) if one >= 0 else "" for one in row] for row in cells]


def sorted_texts(table: JsonTable, key: str, *, is_descending: bool = False) -> list[str]:
    column = next(one for one in table.columns if column_name(one) == key)
    steps = table.sorted_rows(column, is_descending=is_descending)
    while True:
        try:
            next(steps)
        except StopIteration as done:
            cells = [table.cell(row, column) for row in done.value]
            return [table.tree.text(one) if one >= 0 else "" for one in cells]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (b'[{"a":1},{"b":2}]', True),
        (b"[[1,2],[3,4]]", True),
        (b'{"x":{"a":1},"y":{"a":2}}', True),
        (b'[{"a":1}]', False),
        (b"[1,2,3]", False),
        (b'[{"a":1},2]', False),
        (b"[[],[]]", False),
        (b'{"a":{"b":1},"c":[1]}', False),
        (b'"text"', False),
    ],
)
def test_lists_of_like_values_are_tables(document: bytes, expected: bool) -> None:
    assert is_table(tree_of(document), 0) is expected


def test_columns_are_the_keys_of_all_rows_in_their_order() -> None:
    table = table_of(_TRADES)
    assert [column_name(one) for one in table.columns] == ["id", "price", "side", "note"]
    assert texts(table) == [
        ["9", "10.50", "buy", ""],
        ["10", "9.5", "", "null"],
        ["9", "1e1", "Ask", ""],
    ]
    assert table.is_complete


def test_lists_have_their_indexes_and_objects_their_keys() -> None:
    assert texts(table_of(b"[[1,2],[3]]")) == [["1", "2"], ["3", ""]]
    table = table_of(b'{"BTC":{"bid":1},"ETH":{"bid":2}}')
    assert table.has_keys
    assert [table.tree.key(row) for row in table.rows] == ["BTC", "ETH"]


def test_rows_are_sorted_by_numbers_then_texts_and_empty_cells_are_last() -> None:
    table = table_of(_TRADES)
    assert sorted_texts(table, "price") == ["9.5", "1e1", "10.50"]
    assert sorted_texts(table, "side") == ["Ask", "buy", ""]
    assert sorted_texts(table, "side", is_descending=True) == ["buy", "Ask", ""]
    assert sorted_texts(table, "id", is_descending=True) == ["10", "9", "9"]
    assert sorted_texts(table_of(b"[[18446744073709551617],[18446744073709551616]]"), "0") == [
        "18446744073709551616",
        "18446744073709551617",
    ]


def test_many_rows_are_sorted_in_steps() -> None:
    document = json.dumps([{"n": one * 7919 % 5003} for one in range(5003)]).encode()
    found = sorted_texts(table_of(document), "n")
    assert found == [str(one) for one in range(5003)]
    assert sorted_texts(table_of(document), "n", is_descending=True) == found[::-1]


def test_columns_are_bounded() -> None:
    document = json.dumps([{f"k{one}": one for one in range(MAX_COLUMNS + 1)}, {"a": 1}]).encode()
    table = table_of(document)
    assert len(table.columns) == MAX_COLUMNS
    assert not table.is_complete


def test_rows_are_written_as_csv_and_json() -> None:
    table = table_of(b'[{"a":"x,\\u0041","b":1.50},{"a":"=1+1","c":[2, 3]}]')
    rows = list(csv.reader(io.StringIO(written_csv(table, table.rows))))
    assert rows == [["a", "b", "c"], ["x,A", "1.50", ""], ["'=1+1", "", "[2, 3]"]]
    assert json.loads(written_json(table, table.rows[1:])) == [{"a": "=1+1", "c": [2, 3]}]
    keyed = table_of(b'{"x":{"a":1},"y":{"a":2}}')
    assert written_csv(keyed, keyed.rows).split() == ["key,a", "x,1", "y,2"]
    assert json.loads(written_json(keyed, keyed.rows)) == {"x": {"a": 1}, "y": {"a": 2}}
