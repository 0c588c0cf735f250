"""Entries as the terminal prints them, live and from a recording.

A live connection's messages go to a pipe unchanged; on a terminal, control characters are visible.
The entries of a recording are escaped, an entry a line, unless their bytes are asked for.
"""

from __future__ import annotations

import os
import sys
from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from spacebeam.cli.entry_words import MARKS
from spacebeam.cli.forms import BinaryForm
from spacebeam.cli.message_form import MessageForm
from spacebeam.cli.messages import print_error
from spacebeam.cli.status import Status
from spacebeam.cli.terminal import colored_json, is_terminal
from spacebeam.decode import visible
from spacebeam.exchange import json_lines
from spacebeam.protocol.batch import Batch, Direction, Kind
from spacebeam.recording.block import Block
from spacebeam.recording.entry import Mark
from spacebeam.recording.errors import RecordingError
from spacebeam.search.filter import Filter
from spacebeam.search.matching import masks
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse
from spacebeam.wording.entries import escaped_words
from spacebeam.wording.events import event_words
from spacebeam.wording.recordings import recording_error_words

_MESSAGES = (Kind.TEXT, Kind.BINARY)

Render = Callable[[Batch], bytes]
Places = Sequence[int]  # indexes of entries in a block or batch, ascending
RenderBlock = Callable[[Block, Places], bytes]


def plain(form: MessageForm, end: bytes = b"\n") -> Render:
    """Return a function that formats received messages.

    `end` follows each, except with BinaryForm.RAW, which adds nothing.
    """

    def render(batch: Batch) -> bytes:
        if batch.direction is not Direction.RECEIVED:
            return b""
        return messages(batch, range(len(batch)), form, end)

    return render


def json(batch: Batch) -> bytes:
    """Return all entries of a batch as JSON Lines."""
    return json_lines.to_lines(batch).encode()


def safe(render: Render) -> Render:
    """Return `render` for a terminal: control characters are visible, JSON has colours."""
    if render is json:
        return lambda batch: colored_json(_visible(render(batch))).encode()
    return lambda batch: _visible(render(batch)).encode()


def _visible(printed: bytes) -> str:
    """Return lines with visible control characters."""
    return visible.lines(printed.decode(errors="replace"))


def print_blocks(found: Iterable[tuple[Block, Places]], render: RenderBlock) -> Status:
    """Print entries of a recording on standard output.

    A reader that closes the pipe early is no error.
    """
    stream = None if sys.stdout is None else sys.stdout.fileno()
    try:
        for block, places in found:
            lines = render(block, places)
            if stream is not None:
                _write(stream, lines)
    except RecordingError as error:
        print_error(recording_error_words(error))
        return Status.UNREADABLE
    except BrokenPipeError:
        return Status.DONE
    except OSError as error:
        print_error(f"Could not write to standard output: {error.strerror}.")
        return Status.UNWRITABLE
    return Status.DONE


def _write(stream: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(stream, left) :]


def escaped_block(form: MessageForm) -> RenderBlock:
    """Return a function that formats entries: time, direction, kind and escaped payload."""

    def render(block: Block, places: Places) -> bytes:
        data, starts, ends = bytes(block.data), block.starts, block.ends
        lines = []
        for time, direction, run in json_lines.runs(block, places):
            head = f"{_clock(time)} {MARKS[direction]} "
            for place in run:
                kind, payload = Kind(block.kinds[place]), data[starts[place] : ends[place]]
                if kind in _MESSAGES:
                    words = visible.escaped(form.text(payload, kind, direction))
                else:
                    words = escaped_words(kind, payload)
                lines.append(f"{head}{kind.name.lower():6} {words}\n")
        return "".join(lines).encode()

    return render


def _clock(time: float) -> str:
    return datetime.fromtimestamp(time).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def raw_block(form: MessageForm) -> RenderBlock:
    """Return a function that formats the messages among entries as `plain` does."""
    if not is_terminal():
        return lambda block, places: messages(block, places, form)
    return lambda block, places: _visible(messages(block, places, form)).encode()


def json_block(marks: Mapping[int, Mark]) -> RenderBlock:
    """Return a function that formats entries as JSON Lines, with their marks."""
    show = _visible if is_terminal() else bytes.decode
    return lambda block, places: colored_json(
        show(json_lines.block_lines(block, places, marks).encode())
    ).encode()


def messages(
    entries: Batch | Block, places: Places, form: MessageForm, end: bytes = b"\n"
) -> bytes:
    """Return the messages among the entries, each followed by `end` unless the form is RAW."""
    data, starts, ends = bytes(entries.data), entries.starts, entries.ends
    kinds = entries.kinds
    if form.decoder or kinds.count(Kind.TEXT) < len(kinds):
        lines = [
            form.text(data[starts[place] : ends[place]], Kind(kinds[place]), direction)
            for direction, run in _directions(entries, places)
            for place in run
            if kinds[place] in _MESSAGES
        ]
    elif len(places) == len(kinds):
        lines = [data[start:end] for start, end in zip(starts, ends, strict=True)]
    else:
        lines = [data[starts[place] : ends[place]] for place in places]
    return b"".join(lines) if form.binary is BinaryForm.RAW else end.join([*lines, b""])


def _directions(entries: Batch | Block, places: Places) -> Iterable[tuple[Direction, Places]]:
    if isinstance(entries, Batch):
        return ((entries.direction, places),)
    return ((direction, run) for _time, direction, run in json_lines.runs(entries, places))


class Quota:
    """Limits the number of received messages, and calls `on_met` when it is reached.

    Other entries are not limited, nor are messages of a spoken protocol itself, such as its pings.
    """

    def __init__(self, wanted: int | None, on_met: Callable[[], None]) -> None:
        self.wanted = wanted
        self.received = 0  # messages so far, `wanted` at most
        self._on_met = on_met

    @property
    def is_met(self) -> bool:
        """Whether `wanted` messages were received; True without a limit."""
        return self.wanted is None or self.received >= self.wanted

    def take(self, batch: Batch, own: Collection[int] = ()) -> Batch:
        """Return the part of `batch` within the limit; `own` are places that are not counted."""
        if batch.direction is not Direction.RECEIVED:
            return batch
        kinds = batch.kinds
        count = sum(kinds.count(kind) for kind in _MESSAGES) - len(own)
        left = count if self.wanted is None else self.wanted - self.received
        self.received += min(count, left)
        if count > left:
            batch = _with_messages(batch, left, own)
        if count and count >= left and self.wanted is not None and left > 0:
            self._on_met()
        return batch


def _with_messages(batch: Batch, most: int, own: Collection[int]) -> Batch:
    """Return the batch with its first `most` messages and all other entries."""
    places = []
    for place, kind in enumerate(batch.kinds):
        is_counted = kind in _MESSAGES and place not in own
        if is_counted:
            most -= 1
        if not is_counted or most >= 0:
            places.append(place)
    return _part(batch, places)


def without(batch: Batch, places: Collection[int]) -> Batch:
    """Return the batch without the entries at these places."""
    if not places:
        return batch
    return _part(batch, [place for place in range(len(batch)) if place not in places])


def shown(hidden: Sequence[Filter]) -> Callable[[Batch], Batch]:
    """Return a function that leaves out the entries of a batch that match a filter of `hidden`."""
    if not hidden:
        return lambda batch: batch
    matcher = Matcher(parse(""), event_text=event_words, hidden=hidden)

    def show(batch: Batch) -> Batch:
        mask = matcher.mask(Block(0, batch))
        return batch if all(mask) else _part(batch, list(masks.candidates(mask, 0)))

    return show


def _part(batch: Batch, places: Places) -> Batch:
    """Return the batch with the entries at these places alone."""
    return Batch(
        batch.time,
        batch.direction,
        batch.data,
        bytes(batch.kinds[place] for place in places),
        array("I", (batch.starts[place] for place in places)),
        array("I", (batch.ends[place] for place in places)),
        {new: batch.origins[old] for new, old in enumerate(places) if old in batch.origins},
    )
