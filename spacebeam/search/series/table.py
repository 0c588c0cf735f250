"""Writes the values at paths as CSV (RFC 4180): a row for each message that has any of them."""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from spacebeam.decode.cells import guarded
from spacebeam.decode.decoder import Value
from spacebeam.decode.extended_json import written_extended
from spacebeam.recording.block import Block
from spacebeam.search.matching.masks import Mask
from spacebeam.search.series.reader import SeriesReader
from spacebeam.search.series.series import as_number

Part = tuple[Block, int, int, Mask | None]
"""A block, the places of some of its entries, and the mask of the wanted ones; None: all."""


def table(reader: SeriesReader, parts: Iterable[Part]) -> Iterator[str]:
    """Yield the head, then the rows of one part after another."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("number", "time", *(guarded(one.path) for one in reader.series)))
    for part in parts:
        yield text.getvalue()
        text.seek(0)
        text.truncate()
        writer.writerows(_rows(reader, part))
    yield text.getvalue()


def _rows(reader: SeriesReader, part: Part) -> Iterator[list[str]]:
    block = part[0]
    cells: list[str] = []
    row_place = -1
    for place, at, found in reader.found(*part):
        if place != row_place:
            if cells:
                yield cells
            row_place = place
            when = block.run_times[bisect_right(block.run_places, place) - 1]
            cells = [str(block.first + place + 1), _time(when), *([""] * len(reader.series))]
        cells[2 + at] = _cell(found)
    if cells:
        yield cells


def _time(when: float) -> str:
    try:
        written = datetime.fromtimestamp(when, UTC).isoformat(timespec="microseconds")
    except (ValueError, OverflowError, OSError):  # a damaged file may have any
        return str(when)
    return written.replace("+00:00", "Z")


def _cell(found: Value) -> str:
    text = found if isinstance(found, str) else written_extended(found)
    return text if as_number(found) is not None else guarded(text)
