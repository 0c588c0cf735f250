"""The columns of a table as text: what is in their cells, and how wide they are.

A row is one line of a monospaced font. A widget for each cell, as Gtk.ColumnView has them, would
take a millisecond: a list of 200 rows with 25 columns five seconds.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from spacebeam.decode.json_table import JsonTable, column_name
from spacebeam.decode.json_tree import NodeKind
from spacebeam.decode.visible import one_line
from spacebeam.ui.inspector.json_row import columns_of, row_text
from spacebeam.wording.i18n import _

MAX_SHOWN = 64  # columns
GAP = "  "
_JUDGED = 64  # rows that decide how wide a column is
_MAX_WIDTH = 32  # characters
_ARROW = 2  # characters beside a column's name
_ROW_HEAD = "#"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column; the first, with the rows' indexes or keys, has the key None."""

    key: str | None
    name: str
    width: int  # in characters
    is_number: bool

    def cell(self, table: JsonTable, row: int) -> str:
        """Return the text of a cell with spaces, so that it is as wide as the column."""
        text = _fitting(cell_text(table, row, self.key), self.width)
        spaces = " " * (self.width - columns_of(text))
        return spaces + text if self.is_number else text + spaces


def cell_text(table: JsonTable, row: int, key: str | None) -> str:
    """Return what a cell shows: a text without quotation marks, its escapes as written."""
    if key is None:
        return table.tree.node(row).label
    number = table.cell(row, key)
    if number < 0:
        return ""
    node = table.tree.node(number)
    text = row_text(node)
    is_whole = node.kind is NodeKind.STRING and len(text) > 1 and text.endswith('"')
    return text[1:-1] if is_whole else text


def shown_columns(table: JsonTable) -> Generator[None, None, list[TableColumn]]:
    """Return the columns of a table that is read; yield after each step."""
    keys: list[str | None] = [None, *table.columns[:MAX_SHOWN]]
    widths = [columns_of(_name(table, key)) + _ARROW for key in keys]
    kinds: list[set[NodeKind]] = [set() for _key in keys]
    for row in table.rows[:_JUDGED]:
        for place, key in enumerate(keys):
            number = row if key is None else table.cell(row, key)
            if number >= 0:
                kinds[place].add(table.tree.kind(number))
                widths[place] = max(widths[place], columns_of(cell_text(table, row, key)))
        yield
    return [
        TableColumn(
            key,
            _name(table, key),
            min(width, _MAX_WIDTH),
            found == {NodeKind.NUMBER} if key is not None else not table.has_keys,
        )
        for key, width, found in zip(keys, widths, kinds, strict=True)
    ]


def line(table: JsonTable, columns: Sequence[TableColumn], row: int) -> str:
    """Return the cells of a row."""
    return GAP.join(column.cell(table, row) for column in columns)


def _name(table: JsonTable, key: str | None) -> str:
    if key is None:
        return _("key") if table.has_keys else _ROW_HEAD
    return _fitting(one_line(column_name(key)[:_MAX_WIDTH]) or _("value"), _MAX_WIDTH - _ARROW)


def _fitting(text: str, width: int) -> str:
    """Return a text that takes at most `width` characters of a monospaced font."""
    if columns_of(text) <= width:
        return text
    text = text[: width - 1]
    while columns_of(text) >= width:
        text = text[:-1]
    return f"{text}…"
