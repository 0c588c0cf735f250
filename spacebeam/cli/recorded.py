"""Recorded entries as the terminal prints them, a block at a time."""

from __future__ import annotations

import os
import sys
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from spacebeam.cli.messages import complain
from spacebeam.cli.status import Status
from spacebeam.protocol.batch import Batch, Direction, Kind
from spacebeam.recording.block import Block
from spacebeam.recording.entry import Mark
from spacebeam.recording.errors import RecordingError

Places = Sequence[int]  # of entries in a block, in order
Render = Callable[[Block, Places], bytes]


class Printer:
    """Prints entries on standard output."""

    def __init__(self, marks: Mapping[int, Mark], *, as_json: bool) -> None:
        self._stream = None if sys.stdout is None else sys.stdout.fileno()
        render = _json_of(marks) if as_json else plain
        is_terminal = self._stream is not None and os.isatty(self._stream)
        self._render = _safe(render) if is_terminal else render

    def print(self, found: Iterable[tuple[Block, Places]]) -> Status:
        """Print these; returns how it went. Whoever reads may leave early, and that is no error."""
        try:
            for block, places in found:
                self._write(self._render(block, places))
        except RecordingError as error:
            complain(str(error))
            return Status.FAILED
        except BrokenPipeError:
            return Status.DONE
        except OSError as error:
            complain(f"Standard output cannot be written: {error.strerror}.")
            return Status.CUT_SHORT
        return Status.DONE

    def _write(self, data: bytes) -> None:
        if self._stream is None:
            return
        left = memoryview(data)
        while left:
            left = left[os.write(self._stream, left) :]


def plain(block: Block, places: Places) -> bytes:
    """A line each: text as it is, binary in hex, and what is no message in words."""
    data, starts, ends = bytes(block.data), block.starts, block.ends
    if block.kinds.count(Kind.TEXT) < len(block):
        return b"".join([line + b"\n" for line in _lines(block, places)])
    if len(places) == len(block):
        lines = [data[start:end] for start, end in zip(starts, ends, strict=True)]
    else:
        lines = [data[starts[place] : ends[place]] for place in places]
    return b"\n".join([*lines, b""])


def _lines(block: Block, places: Places) -> Iterator[bytes]:
    for place in places:
        kind = block.kinds[place]
        payload = bytes(block.data[block.starts[place] : block.ends[place]])
        if kind == Kind.TEXT:
            yield payload
        elif kind == Kind.BINARY:
            yield payload.hex().encode()
        else:
            yield _in_words(block, place).encode(errors="replace")


def _in_words(block: Block, place: int) -> str:
    from spacebeam.cli.entry_words import in_words

    entry = block.entry(place)
    return in_words(entry.kind, entry.direction, bytes(entry.payload))


def _json_of(marks: Mapping[int, Mark]) -> Render:
    from spacebeam.exchange.json_lines import to_numbered_lines

    def render(block: Block, places: Places) -> bytes:
        lines = []
        for time, direction, run in _runs(block, places):
            if len(run) == len(block):
                kinds, starts, ends = bytes(block.kinds), block.starts, block.ends
            else:
                kinds = bytes([block.kinds[place] for place in run])
                starts = array("I", [block.starts[place] for place in run])
                ends = array("I", [block.ends[place] for place in run])
            batch = Batch(time, direction, block.data, kinds, starts, ends)
            numbers = [block.first + place for place in run]
            lines.append(to_numbered_lines(batch, numbers, marks))
        return "".join(lines).encode()

    return render


def _runs(block: Block, places: Places) -> Iterator[tuple[float, Direction, Places]]:
    """The places with one time and one direction."""
    at = 0
    for _begin, end, time, direction in block.runs():
        if at < len(places) and places[at] < end:
            behind = bisect_left(places, end, at)
            yield time, direction, places[at:behind]
            at = behind


def _safe(render: Render) -> Render:
    """The same for a terminal: control characters are seen, not obeyed."""
    from spacebeam.decode import visible

    return lambda block, places: visible.lines(
        render(block, places).decode(errors="replace")
    ).encode()
