"""Messages of a live connection as a person reads them: marked, with times, in colours, indented.

A message of several lines is indented below its first, so that none of its lines looks like a
message of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from spacebeam.cli import printing
from spacebeam.cli.entry_words import MARKS
from spacebeam.cli.forms import BinaryForm
from spacebeam.cli.message_form import MessageForm
from spacebeam.cli.printing import Render
from spacebeam.cli.standard_input import Framing
from spacebeam.cli.terminal import json_colors
from spacebeam.decode import json_format, visible
from spacebeam.decode.json import JsonDecoder
from spacebeam.decode.registry import REGISTRY
from spacebeam.protocol.batch import Batch, Direction, Kind
from spacebeam.search.decoding import context_of

_MAX_COLORED = 64 * 1024  # bytes of a JSON message; a longer one is printed as it is
_COLORS = {Direction.SENT: "\x1b[1;32m", Direction.RECEIVED: "\x1b[36m"}
_DIM, _NORMAL = "\x1b[2m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class LineStyle:
    """How messages are printed for a person."""

    is_safe: bool  # for a terminal: control characters are visible
    has_marks: bool = False  # > sent, < received; without them, only received ones are printed
    has_time: bool = False  # local, to the millisecond
    is_pretty: bool = False  # JSON is indented
    has_colors: bool = False


def live(
    style: LineStyle | None,
    form: MessageForm,
    framing: Framing | None,
    *,
    is_json: bool,
    is_terminal: bool,
) -> Render:
    """Return a function that formats the batches of a live connection; without a style, plainly."""
    end = b"\n" if framing is None or is_terminal else framing.delimiter or b"\n"
    if is_json:
        return printing.safe(printing.json) if is_terminal else printing.json
    if style is not None:
        return renderer(style, form, b"" if form.binary is BinaryForm.RAW else end)
    return printing.plain(form, end)


def renderer(style: LineStyle, form: MessageForm, end: bytes) -> Render:
    """Return a function that formats the messages of a batch; `end` follows each."""
    directions = (Direction.SENT, Direction.RECEIVED)[not style.has_marks :]

    def render(batch: Batch) -> bytes:
        if batch.direction not in directions:
            return b""
        head = _head(style, batch)
        lines = []
        for place, number in enumerate(batch.kinds):
            kind = Kind(number)
            if kind in (Kind.TEXT, Kind.BINARY):
                payload = bytes(batch.payload(place))
                message = form.text(payload, kind, batch.direction)
                is_json = (style.has_colors or style.is_pretty) and _is_json(message)
                lines.append(_line(style, head, kind, _text(style, message, is_json=is_json)))
        # What is not UTF-8 stays as it is in a pipe, and is escaped on a terminal.
        return b"".join(line.encode(errors="surrogateescape") + end for line in lines)

    return render


def _is_json(message: bytes) -> bool:
    if len(message) > _MAX_COLORED or message[:1] not in b"{[ \t\r\n":
        return False
    return REGISTRY.best(message, context_of(Kind.TEXT)).name == JsonDecoder.name


def _text(style: LineStyle, message: bytes, *, is_json: bool) -> str:
    text = message.decode(errors="backslashreplace" if style.is_safe else "surrogateescape")
    if is_json and style.is_pretty:
        text = "".join(json_format.indented(text))
    if style.is_safe:
        text = visible.lines(text)
    return json_colors(text) if is_json and style.has_colors else text


def _line(style: LineStyle, head: str, kind: Kind, text: str) -> str:
    if kind is Kind.BINARY and style.has_marks:
        text = f"{_styled(style, _DIM, 'binary')} {text}"
    if head and "\n" in text:
        margin = " " * (2 * style.has_marks + 13 * style.has_time)
        text = text.replace("\n", f"\n{margin}")
    return head + text


def _head(style: LineStyle, batch: Batch) -> str:
    head = ""
    if style.has_time:
        clock = datetime.fromtimestamp(batch.time).strftime("%H:%M:%S.%f")[:-3]
        head = f"{_styled(style, _DIM, clock)} "
    if style.has_marks:
        head += f"{_styled(style, _COLORS[batch.direction], MARKS[batch.direction])} "
    return head


def _styled(style: LineStyle, color: str, text: str) -> str:
    return f"{color}{text}{_NORMAL}" if style.has_colors else text
