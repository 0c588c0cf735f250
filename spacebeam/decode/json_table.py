"""A list of like values as a table: a row for each, a column for each key that they have.

Cells are values of the document's tree, found when they are shown. An object whose values are alike
is a table too; its keys are those of the rows.
"""

from __future__ import annotations

import csv
import io
import json
from array import array
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from enum import IntEnum
from heapq import merge
from itertools import islice
from operator import itemgetter

from spacebeam.decode.cells import guarded
from spacebeam.decode.json_tree import JsonTree, NodeKind

MAX_ROWS = 100_000
MAX_COLUMNS = 256
_MAX_SEARCHED = 1024  # members of a row in which a column is searched
_MAX_KNOWN = 20_000  # cells whose values are remembered
_JUDGED = 8  # values of a list that decide whether they are alike
_CONTAINERS = (NodeKind.OBJECT, NodeKind.ARRAY)
_VALUES_A_STEP = 64
_ROWS_A_STEP = 1000  # sorted at once
_MAX_SORTED = 200  # characters of a text that are compared
VALUE = ""  # the column of values that have no keys

_Order = tuple[int, "int | float | str"]


class _Rank(IntEnum):
    """The order of values of different types in a column."""

    NUMBER = 0
    TEXT = 1
    OTHER = 2


def is_table(tree: JsonTree, number: int) -> bool:
    """Return whether a value is a list of objects or lists, or an object of objects."""
    kind = tree.kind(number)
    if kind not in _CONTAINERS or tree.count(number) < 2:
        return False
    wanted = (NodeKind.OBJECT,) if kind is NodeKind.OBJECT else _CONTAINERS
    judged = list(islice(tree.children(number), _JUDGED))
    return all(tree.kind(one) in wanted for one in judged) and any(map(tree.count, judged))


class JsonTable:
    """The rows and columns of a value. `read` fills them in steps."""

    def __init__(self, tree: JsonTree, number: int) -> None:
        self.tree, self.number = tree, number
        self.has_keys = tree.kind(number) is NodeKind.OBJECT
        self.columns: list[str] = []  # keys as written, or indexes
        self.rows = array("I")  # the numbers of values, in the document's order
        self._known: dict[int, dict[str, int]] = {}  # the cells of rows that were looked at last
        self._known_count = 0  # cells in it
        self.is_complete = True  # false if there are more rows or columns than the greatest number

    def read(self) -> Iterator[None]:
        """Find rows and columns; yield after each step, which takes less than a millisecond."""
        tree, looked_at = self.tree, 0
        known: dict[str, None] = {}
        for row in tree.children(self.number):
            if len(self.rows) == MAX_ROWS:
                self.is_complete = False
                break
            self.rows.append(row)
            for column, _value in self.cells(row):
                looked_at += 1
                if looked_at % _VALUES_A_STEP == 0:
                    yield
                if column in known:
                    continue
                if len(known) == MAX_COLUMNS:
                    self.is_complete = False
                    break
                known[column] = None
            self.columns = list(known)

    def cells(self, row: int) -> Iterator[tuple[str, int]]:
        """Yield the column and the value of each cell of a row."""
        tree, kind = self.tree, self.tree.kind(row)
        if kind is NodeKind.OBJECT:
            return ((tree.written_key(one), one) for one in tree.children(row))
        if kind is NodeKind.ARRAY:
            return ((str(at), one) for at, one in enumerate(tree.children(row)))
        return iter(((VALUE, row),))

    def cell(self, row: int, column: str) -> int:
        """Return the number of the value in a cell, -1 if it is empty.

        Of members with the same key it is the last one, as in `json_values`.
        """
        cells = self._known.get(row)
        if cells is None:
            if self._known_count > _MAX_KNOWN:
                self._known, self._known_count = {}, 0
            cells = dict(islice(self.cells(row), _MAX_SEARCHED))
            self._known[row] = cells
            self._known_count += len(cells)
        return cells.get(column, -1)

    # Sorting

    def sorted_rows(
        self, column: str | None, *, is_descending: bool = False
    ) -> Generator[None, None, array[int]]:
        """Return the rows sorted by a column, None for the document's order; yield after each step.

        Numbers come before texts. Rows without a value are always the last.
        """
        if column is None:
            return self.rows[::-1] if is_descending else self.rows
        parts: list[list[tuple[_Order, int]]] = []
        empty: list[int] = []
        part: list[tuple[_Order, int]] = []
        for row in self.rows:
            value = self.cell(row, column)
            if value < 0:
                empty.append(row)
            else:
                part.append((self._order(value), row))
            if len(part) == _ROWS_A_STEP:
                part.sort(key=itemgetter(0), reverse=is_descending)
                parts.append(part)
                part = []
            yield
        part.sort(key=itemgetter(0), reverse=is_descending)
        found = array("I")
        for _order, row in merge(*parts, part, key=itemgetter(0), reverse=is_descending):
            found.append(row)
            if len(found) % _VALUES_A_STEP == 0:
                yield
        found.extend(empty)
        return found

    def _order(self, number: int) -> _Order:
        """Return what a value is compared by: exact numbers, texts in either case."""
        kind, text = self.tree.kind(number), self.tree.head(number, _MAX_SORTED)
        if kind is NodeKind.NUMBER:
            with suppress(ValueError):
                return _Rank.NUMBER, float(text) if text.strip("-0123456789") else int(text)
        return _Rank.TEXT if kind is NodeKind.STRING else _Rank.OTHER, text.casefold()


def column_name(column: str) -> str:
    """Return the name of a column: a key without its escapes, or an index; "" for `VALUE`."""
    with suppress(ValueError):
        return str(json.loads(column))
    return column


def written_csv(table: JsonTable, rows: Sequence[int]) -> str:
    """Return rows as CSV (RFC 4180), with the columns' names, and the rows' keys if they have some.

    It may run in any thread. Cells that a spreadsheet would run get an apostrophe before them.
    """
    tree, out = table.tree, io.StringIO()
    writer = csv.writer(out)
    names = [guarded(column_name(one) or "value") for one in table.columns]
    writer.writerow(["key", *names] if table.has_keys else names)
    for row in rows:
        cells = dict(table.cells(row))
        texts = [guarded(tree.text(cells[one])) if one in cells else "" for one in table.columns]
        writer.writerow([guarded(tree.key(row)), *texts] if table.has_keys else texts)
    return out.getvalue()


def written_json(table: JsonTable, rows: Sequence[int]) -> str:
    """Return rows as JSON, as they were written. It may run in any thread."""
    tree = table.tree
    texts = [tree.written(row).decode(errors="replace") for row in rows]
    if table.has_keys:
        pairs = (f"{tree.written_key(row)}: {text}" for row, text in zip(rows, texts, strict=True))
        return "{\n  " + ",\n  ".join(pairs) + "\n}\n"
    return "[\n  " + ",\n  ".join(texts) + "\n]\n"
