"""The output of `--verbose`: the handshake, and every frame in both directions.

As in curl, `>` marks sent lines, `<` received lines, and `*` events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from spacebeam.cli.entry_words import MARKS, control_words
from spacebeam.decode.visible import one_line
from spacebeam.net.handshake import HandshakeError
from spacebeam.net.report import HandshakeReport
from spacebeam.protocol.batch import Batch, Direction, Kind, Origin
from spacebeam.protocol.frames import Role, encode_header
from spacebeam.session.observer import Observer
from spacebeam.wording.events import event_words
from spacebeam.wording.report import report_sections, span_label

_MAX_SHOWN_FRAGMENTS = 8
_DATA = (Kind.TEXT, Kind.BINARY)
_MASK = bytes(4)


class FramePrinter(Observer):
    """Passes the lines of every handshake and frame of a session to `write`."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write

    def opened(self, report: HandshakeReport) -> None:
        self._print(handshake(report))

    def failed(self, error: HandshakeError) -> None:
        self._print(handshake(error.report))

    def entries(self, batch: Batch) -> None:
        self._print(frames(batch))

    def _print(self, lines: Iterator[str]) -> None:
        self._write("".join([f"{line}\n" for line in lines]).encode(errors="replace"))


def handshake(report: HandshakeReport) -> Iterator[str]:
    """Yield the lines of requests, answers and facts of a handshake, safe to show."""
    for exchange in report.exchanges:
        yield from (f"> {one_line(line)}" for line in exchange.request.split("\n"))
        yield ">"
        if exchange.response:
            yield from (f"< {one_line(line)}" for line in exchange.response.split("\n"))
            yield "<"
    for section in report_sections(report):
        yield from (f"* {name}: {one_line(value)}" for name, value in section.facts)
    yield from (f"* {span_label(report, span)}: {span.took:.1f} ms" for span in report.spans)


def frames(batch: Batch) -> Iterator[str]:
    """Yield a line for each entry of a batch, safe to show."""
    clock = datetime.fromtimestamp(batch.time).strftime("%H:%M:%S.%f")[:-3]
    mark = MARKS[batch.direction]
    for place, number in enumerate(batch.kinds):
        kind = Kind(number)
        if kind is Kind.EVENT:
            yield f"{clock} {mark} {one_line(event_words(batch.payload(place)))}"
            continue
        size = batch.ends[place] - batch.starts[place]
        details = _details(size, batch.direction, batch.origin(place))
        words = "" if kind in _DATA else control_words(kind, batch.payload(place))
        yield f"{clock} {mark} {kind.name.lower()} {size:,} B ({details}){words}"


def _details(size: int, direction: Direction, origin: Origin | None) -> str:
    if origin is None:
        role = Role.CLIENT if direction is Direction.SENT else Role.SERVER
        header = encode_header(0, size, _MASK if role is Role.CLIENT else b"")
        return f"{len(header) + size:,} B on the wire"
    details = f"{origin.wire_size:,} B on the wire"
    if origin.compressed:
        details += ", compressed"
    if origin.fragment_count > 1:
        shown = ", ".join(f"{one:,}" for one in origin.fragments[:_MAX_SHOWN_FRAGMENTS])
        more = ", …" if origin.fragment_count > _MAX_SHOWN_FRAGMENTS else ""
        details += f", {origin.fragment_count:,} fragments: {shown}{more}"
    return details
