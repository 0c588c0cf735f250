"""Entries as the terminal prints them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator

from spacebeam.cli.forms import BinaryForm
from spacebeam.decode import visible
from spacebeam.exchange import json_lines
from spacebeam.protocol.batch import Batch, Direction, Kind

_MESSAGES = (Kind.TEXT, Kind.BINARY)

Render = Callable[[Batch], bytes]


def plain(form: BinaryForm) -> Render:
    """Received messages, a line each: text as it is, binary in its form."""

    def render(batch: Batch) -> bytes:
        if batch.direction is not Direction.RECEIVED:
            return b""
        if batch.kinds.count(Kind.TEXT) < len(batch):
            return b"".join([line + b"\n" for line in _lines(batch, form)])
        data = bytes(batch.data)
        bounds = zip(batch.starts, batch.ends, strict=True)
        lines = [data[start:end] for start, end in bounds]
        return b"\n".join([*lines, b""])

    return render


def _lines(batch: Batch, form: BinaryForm) -> Iterator[bytes]:
    for kind, payload in zip(batch.kinds, batch.payloads(), strict=True):
        if kind == Kind.TEXT:
            yield payload
        elif kind == Kind.BINARY:
            yield form.write(payload)


def json(batch: Batch) -> bytes:
    """All entries as JSON Lines."""
    return json_lines.to_lines(batch).encode()


def safe(render: Render) -> Render:
    """The same for a terminal: control characters are seen, not obeyed."""
    return lambda batch: visible.lines(render(batch).decode()).encode()


class Quota:
    """Lets a number of received messages through and calls `on_met` with the last of them.

    Everything that is no received message passes always.
    """

    def __init__(self, wanted: int | None, on_met: Callable[[], None]) -> None:
        self.wanted = wanted
        self.received = 0  # messages let through
        self._on_met = on_met

    @property
    def is_met(self) -> bool:
        """Whether as many came as are wanted; True where no number is."""
        return self.wanted is None or self.received >= self.wanted

    def take(self, batch: Batch) -> Batch:
        """The part of `batch` that is let through."""
        if batch.direction is not Direction.RECEIVED:
            return batch
        kinds = batch.kinds
        count = sum(kinds.count(kind) for kind in _MESSAGES)
        left = count if self.wanted is None else self.wanted - self.received
        self.received += min(count, left)
        if count > left:
            batch = _with_messages(batch, left)
        if count and count >= left and self.wanted is not None and left > 0:
            self._on_met()
        return batch


def _with_messages(batch: Batch, most: int) -> Batch:
    """The batch with its first `most` messages, and all of its control frames."""
    places = []
    for place, kind in enumerate(batch.kinds):
        if kind in _MESSAGES:
            most -= 1
        if kind not in _MESSAGES or most >= 0:
            places.append(place)
    return Batch(
        batch.time,
        batch.direction,
        batch.data,
        bytes(batch.kinds[place] for place in places),
        array("I", (batch.starts[place] for place in places)),
        array("I", (batch.ends[place] for place in places)),
        {new: batch.origins[old] for new, old in enumerate(places) if old in batch.origins},
    )
