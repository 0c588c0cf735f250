"""An index of the values of a JSON document (RFC 8259), for a tree that can be folded.

The values themselves stay in the payload: numbers keep their spelling, keys their order, duplicates
their place. A document may be cut anywhere; what is not valid is passed over as text.
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

from spacebeam.decode.decoder import Data, Style
from spacebeam.decode.paths import written_step
from spacebeam.decode.preview import text_preview
from spacebeam.decode.visible import one_line

MAX_NODES = 2_000_000  # values of a document; the rest is not indexed
COUNTED_DEPTHS = 32
MAX_HEAD = 1200  # bytes of a value that are shown
_VALUES_A_STEP = 64
_MAX_STEP = 64 * 1024  # bytes read in one step
_MAX_KEY = 200  # characters of a key that are shown
_MAX_WRITTEN_KEY = 4096  # bytes of a key that are searched
_MAX_ESCAPE = 6  # bytes of a character in a key
_MAX_LITERAL = 5
_NONE = 0xFFFFFFFF  # no parent, no key
_BRACE = 0x7B

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_SCALAR = rb'[^ \t\r\n{}\[\],:"]++'
_VALUE = re.compile(
    rb"[ \t\r\n,]*+(?:(?P<key>" + _STRING + rb")[ \t\r\n]*+:[ \t\r\n]*+)?"
    rb"(?:(?P<opening>[\[{])|(?P<closing>[\]}])|(?P<scalar>"
    + _STRING
    + rb"(?![ \t\r\n]*+:)|"
    + _SCALAR
    + rb"))",
    re.DOTALL,
)
_MARGIN = 256  # bytes before the end of a step; a value there may be cut
_PART_OF_STRING = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_PART_OF_SCALAR = re.compile(_SCALAR)
_BETWEEN = re.compile(rb"[ \t\r\n,:]++")
_COLON_AHEAD = re.compile(rb"[ \t\r\n]{0,256}+:")
_QUOTE, _BACKSLASH = b'"\\'
_LITERALS = (b"true", b"false", b"null")


class NodeKind(Enum):
    """The type of a JSON value, and its style."""

    OBJECT = Style.PUNCTUATION, "object"
    ARRAY = Style.PUNCTUATION, "array"
    STRING = Style.STRING, "string"
    NUMBER = Style.NUMBER, "number"
    LITERAL = Style.LITERAL, "literal"
    INVALID = Style.PLAIN, "invalid"

    @property
    def style(self) -> Style:
        """The style of a value of this type."""
        return self.value[0]


@dataclass(frozen=True, slots=True)
class Node:
    """What a tree shows of a value, safe to show."""

    kind: NodeKind
    depth: int  # 0 for the document
    label: str  # the key, or the index; empty for the document
    text: str  # the beginning of the value as it was written
    count: int  # of children


class JsonTree:
    """The values of a document, numbered from 0 in their order; 0 is the document.

    `read` fills it in steps. Several documents that follow each other are numbered alike, with
    depth 0 each.
    """

    def __init__(self, payload: Data) -> None:
        self._payload = payload
        self.offset = len(_BYTE_ORDER_MARK) if payload.startswith(_BYTE_ORDER_MARK) else 0
        self.is_complete = True  # false after `read` if there are more than MAX_NODES values
        self.at_depth = [0] * COUNTED_DEPTHS  # number of values at each depth
        # Arrays, as an object for each of a million values would take 100 bytes.
        self._starts = array("I")  # offsets in the payload
        self._ends = array("I")
        self._parents = array("I")
        self._depths = array("I")
        self._afters = array("I")  # the number after the last descendant
        self._counts = array("I")  # of children
        self._labels = array("I")  # the offset of a member's key, or an element's index
        self._inside = array("I")  # the values that are open, the innermost last
        self._key = _NONE  # offset of a long key that was read

    def __len__(self) -> int:
        return len(self._starts)

    # Reading

    def read(self) -> Iterator[None]:
        """Index the document; yield after each step, which takes less than a millisecond."""
        payload, match_value = self._payload, _VALUE.match
        steps = 0
        while self.offset < len(payload) and len(self) < MAX_NODES:
            end = min(self.offset + _MAX_STEP, len(payload))
            match = match_value(payload, self.offset, end)
            if match is None or (match.end() > end - _MARGIN and end < len(payload)):
                yield from self._read_long()
                continue
            self.offset = match.end()
            self._take(match)
            steps += 1
            if steps % _VALUES_A_STEP == 0:
                yield
        self.is_complete = self.offset >= len(payload)
        while self._inside:
            self._close(self.offset)

    def _take(self, match: re.Match[bytes]) -> None:
        group = match.lastgroup
        if group == "closing":
            if self._inside:
                self._close(match.end())
            return
        assert group is not None
        self._add(match.start("key"), match.start(group), match.end())
        if group == "opening":
            self._inside.append(len(self) - 1)

    def _read_long(self) -> Iterator[None]:
        """Read what is too long for one step: a text, a number, or the space before it."""
        payload, start = self._payload, self.offset
        if (between := _BETWEEN.match(payload, start, start + _MAX_STEP)) is not None:
            self.offset = between.end()
            yield
            return
        is_text = payload[start] == _QUOTE
        yield from self._pass_text() if is_text else self._pass_scalar()
        end = self.offset
        if is_text and (colon := _COLON_AHEAD.match(payload, end)) is not None:
            self._key, self.offset = start, colon.end()
        else:
            self._add(-1, start, end)

    def _pass_text(self) -> Iterator[None]:
        """Go to the end of the text that begins here."""
        payload = self._payload
        self.offset += 1
        while self.offset < len(payload) and payload[self.offset] != _QUOTE:
            part = _PART_OF_STRING.match(payload, self.offset, self.offset + _MAX_STEP)
            assert part is not None  # it matches nothing too
            is_cut_escape = part.end() == self.offset
            self.offset = min(part.end() + 2 * is_cut_escape, len(payload))
            yield
        self.offset = min(self.offset + 1, len(payload))

    def _pass_scalar(self) -> Iterator[None]:
        """Go to the end of the number or literal that begins here, at least one byte on."""
        self.offset += 1
        while part := _PART_OF_SCALAR.match(self._payload, self.offset, self.offset + _MAX_STEP):
            self.offset = part.end()
            yield

    def _add(self, key: int, start: int, end: int) -> None:
        number = len(self._starts)
        key, self._key = key if key >= 0 else self._key, _NONE
        if self._inside:
            parent = self._inside[-1]
            index = self._counts[parent]
            self._counts[parent] = index + 1
            self._parents.append(parent)
            self._depths.append(self._depths[parent] + 1)
            is_member = self._payload[self._starts[parent]] == _BRACE
            self._labels.append(key if is_member else index)
        else:
            self._parents.append(_NONE)
            self._depths.append(0)
            self._labels.append(_NONE)
        if self._depths[number] < COUNTED_DEPTHS:
            self.at_depth[self._depths[number]] += 1
        self._starts.append(start)
        self._ends.append(end)
        self._afters.append(number + 1)
        self._counts.append(0)

    def _close(self, end: int) -> None:
        number = self._inside.pop()
        self._ends[number] = end
        self._afters[number] = len(self._starts)

    # Values

    def is_like(self, other: JsonTree) -> bool:
        """Return whether another document has as many values, nested in the same way."""
        return self._parents == other._parents and self._counts == other._counts

    def depth(self, number: int) -> int:
        """Return the number of values around one."""
        return self._depths[number]

    def parent(self, number: int) -> int:
        """Return the number of the object or array around a value, -1 for a document."""
        parent = self._parents[number]
        return -1 if parent == _NONE else parent

    def count(self, number: int) -> int:
        """Return how many children a value has."""
        return self._counts[number]

    def after(self, number: int) -> int:
        """Return the number after a value's last descendant."""
        return self._afters[number]

    def children(self, number: int) -> Iterator[int]:
        """Yield the numbers of a value's children."""
        child = number + 1
        for _ in range(self._counts[number]):
            yield child
            child = self._afters[child]

    def range(self, number: int) -> tuple[int, int]:
        """Return where a value begins and ends in the payload, in bytes."""
        return self._starts[number], self._ends[number]

    def start(self, number: int) -> int:
        """Return the offset of a value with its key; the payload's size after the last value."""
        if number >= len(self):
            return len(self._payload)
        has_key = self._labels[number] != _NONE and self._is_member(number)
        return self._labels[number] if has_key else self._starts[number]

    def slice(self, start: int, end: int) -> str:
        """Return a part of the payload as text; characters that are cut are replaced."""
        return self._payload[start:end].decode(errors="replace")

    def written_key(self, number: int) -> str:
        """Return a member's key as it was written, in quotation marks; empty if it has none.

        Of a long key it is the beginning.
        """
        start = self.start(number)
        if start == self._starts[number]:
            return ""
        part = _PART_OF_STRING.match(self._payload, start + 1, start + _MAX_WRITTEN_KEY)
        return "" if part is None else f'"{part[0].decode(errors="replace")}"'

    def key(self, number: int) -> str:
        """Return a member's key without its escapes; empty if it has none."""
        return self._key_of(number) if self._is_member(number) else ""

    def head(self, number: int, limit: int) -> str:
        """Return at most `limit` bytes of a value as text; of a string, without quotation marks."""
        start, end = self.range(number)
        if self._payload[start] == _QUOTE:
            start, end = start + 1, max(end - 1, start + 1)
        return self.slice(start, min(end, start + limit))

    def written(self, number: int) -> bytes:
        """Return a value as it was written."""
        return bytes(self._payload[self._starts[number] : self._ends[number]])

    def node(self, number: int) -> Node:
        """Return what a tree shows of a value."""
        kind = self.kind(number)
        start = self._starts[number]
        head = self._payload[start : min(self._ends[number], start + MAX_HEAD)]
        return Node(
            kind, self._depths[number], self._label(number), text_preview(head), self.count(number)
        )

    def kind(self, number: int) -> NodeKind:
        """Return a value's type."""
        start = self._starts[number]
        match self._payload[start]:
            case 0x7B:
                return NodeKind.OBJECT
            case 0x5B:
                return NodeKind.ARRAY
            case 0x22:
                return NodeKind.STRING
            case first if first in b"-0123456789":
                return NodeKind.NUMBER
        head = self._payload[start : min(self._ends[number], start + _MAX_LITERAL + 1)]
        return NodeKind.LITERAL if head in _LITERALS else NodeKind.INVALID

    def text(self, number: int) -> str:
        """Return the text of a string without its escapes, or any other value as written."""
        written = self.written(number)
        if self.kind(number) is NodeKind.STRING:
            with suppress(ValueError):
                return str(json.loads(written))
        return written.decode(errors="replace")

    def path(self, number: int) -> str:
        """Return where a value is, as JMESPath; empty for the document, which is "@" there."""
        steps: list[str] = []
        while (parent := self.parent(number)) >= 0:
            steps.append(written_step(self.step(number, parent)))
            number = parent
        return "".join(reversed(steps)).removeprefix(".")

    def step(self, number: int, parent: int) -> str | int:
        """Return a value's key in the object around it, or its index in the array."""
        is_element = self.kind(parent) is NodeKind.ARRAY
        return self._labels[number] if is_element else self._key_of(number)

    def _is_member(self, number: int) -> bool:
        parent = self._parents[number]
        return parent != _NONE and self._payload[self._starts[parent]] == _BRACE

    def _label(self, number: int) -> str:
        parent = self.parent(number)
        if parent < 0:
            return ""
        if self.kind(parent) is NodeKind.ARRAY:
            return str(self._labels[number])
        key = self._key_of(number, _MAX_KEY)
        if not key:
            return '""' if self._labels[number] != _NONE else ""
        return one_line(key[:_MAX_KEY]) + ("…" if len(key) > _MAX_KEY else "")

    def _key_of(self, number: int, limit: int | None = None) -> str:
        """Return a member's key, at least its first `limit` characters; empty if it has none."""
        start = self._labels[number]
        if start == _NONE:
            return ""
        end = self._starts[number] if limit is None else start + limit * _MAX_ESCAPE
        part = _PART_OF_STRING.match(self._payload, start + 1, end)
        written = b"" if part is None else part.group()
        try:
            return str(json.loads(b'"' + written + b'"'))
        except ValueError:
            return written.decode(errors="replace")
