"""JSON Lines: one JSON object per entry, for `jq`, scripts and other programs.

Fast enough for a flood: a run of texts is encoded with a few calls, not with a few per text.
"""

from __future__ import annotations

import json
from array import array
from binascii import a2b_base64, b2a_base64
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from json.encoder import encode_basestring

import msgspec

from spacebeam.net.events import from_payload, to_payload
from spacebeam.protocol.batch import Batch, Direction, Kind, split_close
from spacebeam.recording.block import Block
from spacebeam.recording.entry import Mark

_QUOTED = bytes(range(0x20)) + b'"\\'  # bytes that JSON escapes
# JSON does not escape this character, so texts that are joined with it can be split again.
_SEPARATOR = "\x7f"


_OTHER_KINDS = ("event", "close", "ping", "pong")


class _Line(msgspec.Struct):
    """The keys of a line that make a message; other keys are ignored."""

    kind: str | None = None
    text: str | None = None
    base64: str | None = None


def message(line: bytes) -> str | bytes | None:
    """Return the text or binary message in a line of `to_lines`; None for another kind of entry.

    `{"text": …}` and `{"base64": …}` are enough. Raises ValueError with a sentence.
    """
    if not line.strip():
        return None
    try:
        found = msgspec.json.decode(line, type=_Line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"This is not a JSON object of a message: {_why(line, error)}.") from None
    if found.kind in _OTHER_KINDS:
        return None
    if found.text is not None and found.base64 is None and found.kind in (None, "text"):
        return found.text
    if found.base64 is not None and found.text is None and found.kind in (None, "binary"):
        try:
            return a2b_base64(found.base64, strict_mode=True)
        except ValueError as error:
            raise ValueError(f"“base64” is not valid: {error}.") from None
    if found.kind == "text" and found.base64 is not None:
        raise ValueError("The text is not UTF-8, and cannot be sent.")
    raise ValueError('Write {"text": "…"} or {"base64": "…"}.')


def _why(line: bytes, error: Exception) -> str:
    """Return why a line is not a message; `msgspec` calls most of it truncated."""
    try:
        json.loads(line)
    except json.JSONDecodeError as found:
        return f"{found.msg}, at character {found.colno}"
    except (ValueError, RecursionError):
        return str(error)
    is_validation = isinstance(error, msgspec.ValidationError)
    return str(error) if is_validation else "it has half of a surrogate pair"


def to_lines(batch: Batch) -> str:
    """Return the entries of `batch`, a line each; every line ends with a line feed.

    `{"time": <Unix seconds>, "direction": "sent|received|none", "kind": …}` and the payload: texts
    as `"text"`, events as the object `"event": {"type": …}`, the payloads of binary messages, pings
    and pongs as `"base64"`, a close frame as `"code"` (1005 if it is empty) and `"reason"`. If
    these do not hold the whole payload, as it is not UTF-8, it is also there as `"base64"`.
    """
    head = f'{{"time": {batch.time!r}, "direction": "{Direction(batch.direction).name.lower()}"'
    start = 0
    parts: list[str] = []
    for kind, length in _runs(batch.kinds):
        payloads = _slices(batch, start, start + length)
        parts.append(_lines(f'{head}, "kind": "{kind.name.lower()}"', kind, payloads))
        start += length
    return "".join(parts)


def to_numbered_lines(batch: Batch, numbers: Sequence[int], marks: Mapping[int, Mark]) -> str:
    """Return the lines of `to_lines`, with the entry's `"number"`, counted from 1, as first key.

    `"starred": true` and `"note"` follow if the entry's mark in `marks` has them.
    """
    lines = to_lines(batch).split("\n")  # JSON escapes line feeds
    if marks:
        heads = [_head(number, marks.get(number)) for number in numbers]
        return "".join([f"{head}{line[1:]}\n" for head, line in zip(heads, lines, strict=False)])
    told = zip(numbers, lines, strict=False)  # `lines` has one more, empty
    return "".join([f'{{"number": {number + 1}, {line[1:]}\n' for number, line in told])


def block_lines(block: Block, places: Sequence[int], marks: Mapping[int, Mark]) -> str:
    """Return the lines of `to_numbered_lines` for the entries at these places of a block."""
    parts = []
    for time, direction, run in runs(block, places):
        if len(run) == len(block):
            kinds, starts, ends = bytes(block.kinds), block.starts, block.ends
        else:
            kinds = bytes([block.kinds[place] for place in run])
            starts = array("I", [block.starts[place] for place in run])
            ends = array("I", [block.ends[place] for place in run])
        batch = Batch(time, direction, block.data, kinds, starts, ends)
        parts.append(to_numbered_lines(batch, [block.first + place for place in run], marks))
    return "".join(parts)


def runs(block: Block, places: Sequence[int]) -> Iterator[tuple[float, Direction, Sequence[int]]]:
    """Yield the places in groups with the same time and direction."""
    at = 0
    for _begin, end, time, direction in block.runs():
        if at < len(places) and places[at] < end:
            after = bisect_left(places, end, at)
            yield time, direction, places[at:after]
            at = after


def _head(number: int, mark: Mark | None) -> str:
    head = f'{{"number": {number + 1}, '
    if mark is not None and mark.is_starred:
        head += '"starred": true, '
    if mark is not None and mark.note:
        head += f'"note": {encode_basestring(mark.note)}, '
    return head


def _runs(kinds: bytes) -> Iterator[tuple[Kind, int]]:
    if kinds and kinds.count(kinds[0]) == len(kinds):
        yield Kind(kinds[0]), len(kinds)
        return
    for kind, run in groupby(kinds):
        yield Kind(kind), sum(1 for _ in run)


def _slices(batch: Batch, start: int, end: int) -> list[bytes]:
    data = bytes(batch.data)
    bounds = zip(batch.starts[start:end], batch.ends[start:end], strict=True)
    return [data[first:last] for first, last in bounds]


def _lines(head: str, kind: Kind, payloads: list[bytes]) -> str:
    if kind is Kind.EVENT:
        return "".join([f'{head}, "event": {_event(payload)}}}\n' for payload in payloads])
    if kind is Kind.TEXT:
        head += ', "text": '
        try:
            return _text_lines(head, payloads)
        except UnicodeDecodeError:  # sent as a raw frame, or in a hostile recording
            return "".join([f"{head}{_text(payload)}}}\n" for payload in payloads])
    if kind is Kind.CLOSE:
        return "".join([f"{head}, {_close(payload)}}}\n" for payload in payloads])
    head += ', "base64": "'
    return "".join(
        [f'{head}{b2a_base64(payload, newline=False).decode()}"}}\n' for payload in payloads]
    )


def _text_lines(head: str, payloads: list[bytes]) -> str:
    """Return the lines of texts. Raise UnicodeDecodeError if one is not UTF-8."""
    joined = b"".join(payloads)
    between = f'"}}\n{head}"'
    if b'"' not in joined and len(joined.translate(None, _QUOTED)) == len(joined):
        texts = between.encode().join(payloads).decode()
        return f'{head}"{texts}"}}\n'
    if _SEPARATOR.encode() in joined:
        return "".join([f"{head}{encode_basestring(text.decode())}}}\n" for text in payloads])
    texts = encode_basestring(_SEPARATOR.encode().join(payloads).decode())
    return f"{head}{texts.replace(_SEPARATOR, between)}}}\n"


def _is_utf8(payload: bytes) -> bool:
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True


def _text(payload: bytes) -> str:
    """Return a text, and all its bytes if it is not UTF-8."""
    text = encode_basestring(payload.decode(errors="replace"))
    return text if _is_utf8(payload) else text + _bytes(payload)


def _bytes(payload: bytes) -> str:
    return f', "base64": "{b2a_base64(payload, newline=False).decode()}"'


def _event(payload: bytes) -> str:
    """Return the event as JSON; a sentence of a version 1 recording becomes a note."""
    return to_payload(from_payload(payload)).decode()


def _close(payload: bytes) -> str:
    code, reason = split_close(payload)
    shown = f'"code": {int(code)}, "reason": {encode_basestring(reason)}'
    is_whole = len(payload) != 1 and _is_utf8(payload[2:])
    return shown if is_whole else shown + _bytes(payload)
