"""Cells of CSV that a peer's texts are written into.

A spreadsheet runs a cell that begins with one of `=+-@` as a formula. So such a cell gets an
apostrophe before it, and so does one that begins with an apostrophe: to read the text, remove one.
"""

from __future__ import annotations

# Some spreadsheets remove a line break or tab first, and read fullwidth signs as the others.
_GUARDED = (*"=+-@\t\r\n'", *"\uff1d\uff0b\uff0d\uff20")


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet reads as a formula."""
    return f"'{cell}" if cell.startswith(_GUARDED) else cell
