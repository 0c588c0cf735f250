"""One frame of STOMP: its bytes as a value, and back (https://stomp.github.io)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from spacebeam.decode.byte_ranges import ByteRanges
from spacebeam.decode.decoder import Data, DecodeError, Value
from spacebeam.decode.embedded import body_bytes, encoded, members_of, text_or_bytes
from spacebeam.decode.extended_json import object_or_map, pairs_of

MAX_HEADERS = 64 * 1024  # bytes of a command and its headers
COMMANDS = (
    "CONNECTED|CONNECT|STOMP|SEND|SUBSCRIBE|UNSUBSCRIBE|ACK|NACK|BEGIN|COMMIT|ABORT|DISCONNECT"
    "|MESSAGE|RECEIPT|ERROR"
)
_COMMAND_NAMES = frozenset(COMMANDS.split("|"))
_COMMAND = re.compile(rf"({COMMANDS})\r?\n".encode())
_EMPTY_LINE = re.compile(rb"\n\r?\n")
_END_OF_LINE = b"\r\n"
_LENGTH = re.compile(r"[0-9]{1,18}")
_ESCAPES = {"\\n": "\n", "\\c": ":", "\\\\": "\\", "\\r": "\r"}
_ESCAPED = re.compile(r"\\[nc\\r]")
_TO_ESCAPE = {ord(char): escape for escape, char in _ESCAPES.items()}
_VERBATIM = ("CONNECT", "CONNECTED")  # their headers have no escapes


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame; a repeated header is in `pairs` as often as it was written."""

    command: str
    pairs: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """Return the first value of a header; an empty text if there is none."""
        return next((value for key, value in self.pairs if key == name), "")

    def value(self) -> dict[str, Value]:
        """Return the frame as the tree shows it."""
        headers = object_or_map(list(self.pairs))
        return {"command": self.command, "headers": headers, "body": text_or_bytes(self.body)}


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a frame has been found, in offsets of the data."""

    begin: int = 0
    searched: int = 0  # the end is not before this offset
    body: int = 0  # 0 where the headers are not complete
    end: int = 0  # of the NUL; 0 where it is not known
    is_whole: bool = False

    def moved(self, count: int) -> Progress:
        """Return the same without the first bytes of the data, which were before the frame."""
        body = self.body - count if self.body else 0
        end = self.end - count if self.end else 0
        return Progress(self.begin - count, self.searched - count, body, end)


def begins_frame(data: Data, start: int) -> bool:
    """Return whether a frame can begin there; perhaps not all of its command is at hand."""
    if _COMMAND.match(data, start):
        return True
    rest = bytes(data[start : start + 12]).decode(errors="replace").removesuffix("\r")
    return any(name.startswith(rest) for name in _COMMAND_NAMES)


def skip_ends_of_lines(data: Data, start: int) -> int:
    """Return the offset after line feeds and carriage returns."""
    while start < len(data) and data[start] in _END_OF_LINE:
        start += 1
    return start


def find_frame(data: Data, before: Progress, version: str) -> Progress:
    """Return how much of a frame there is, after what was found before. Raises DecodeError."""
    begin, searched, body, end = before.begin, before.searched, before.body, before.end
    if not body:
        match = _EMPTY_LINE.search(data, max(searched - 2, begin))
        nul = data.find(b"\0", searched, match.start() if match else len(data))
        if nul >= 0:
            raise DecodeError("no empty line after the headers", nul)
        if (match.end() if match else len(data)) - begin > MAX_HEADERS:
            raise DecodeError(f"headers of more than {MAX_HEADERS:,} bytes", begin + MAX_HEADERS)
        if match is None:
            return Progress(begin, len(data))
        searched = body = match.end()
        length = _read_head(data, begin, body, version).header("content-length")
        if _LENGTH.fullmatch(length):
            end = body + int(length)
    if not end:
        end = max(data.find(b"\0", searched), 0)
    return Progress(begin, len(data), body, end, 0 < end < len(data))


def read_frame(data: Data, found: Progress, version: str) -> Frame:
    """Return a frame that is whole. Raises DecodeError."""
    if data[found.end] != 0:
        raise DecodeError("no NUL after the body that content-length says", found.end)
    head = _read_head(data, found.begin, found.body, version)
    return Frame(head.command, head.pairs, bytes(data[found.body : found.end]))


def _read_head(data: Data, begin: int, body: int, version: str) -> Frame:
    """Return a frame without its body. Raises DecodeError."""
    try:
        lines = str(data[begin:body], "utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise DecodeError("headers are not UTF-8", begin + error.start) from None
    if version not in ("1.0", "1.1"):
        lines = [line.removesuffix("\r") for line in lines]
    command = lines[0].removesuffix("\r")
    if command not in _COMMAND_NAMES:
        raise DecodeError("no command of STOMP", begin)
    is_escaped = command not in _VERBATIM and version != "1.0"
    pairs: list[tuple[str, str]] = []
    offset = begin + len(lines[0]) + 1
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if line.strip("\r") and not colon:
            raise DecodeError("a header without a colon", min(offset, body))
        if colon:
            pairs.append((_unescaped(name), _unescaped(value)) if is_escaped else (name, value))
        offset += len(line.encode()) + 1
    return Frame(command, tuple(pairs), b"")


def add_frame(found: ByteRanges, data: Data, progress: Progress, version: str) -> None:
    """Add the ranges of a whole frame's values: of a header, of its value on the line."""
    frame = read_frame(data, progress, version)
    begin = data.index(b"\n", progress.begin) + 1
    command = progress.begin, progress.begin + len(frame.command)
    found.add((progress.begin, progress.end + 1))
    found.add(command)
    headers = frame.value()["headers"]
    is_map = isinstance(headers, dict) and "$map" in headers
    for _node in range(1 + is_map):
        found.add((begin, progress.body))
    for line in bytes(data[begin : progress.body]).split(b"\n"):
        name, colon, _value = line.partition(b":")
        end = begin + len(line.removesuffix(b"\r"))
        if colon and is_map:
            found.add((begin, end))
            found.add((begin, begin + len(name)))
        if colon:
            found.add((begin + len(name) + 1, end))
        begin += len(line) + 1
    found.add_all(frame.value()["body"], (progress.body, progress.end))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: _ESCAPES[match[0]], text) if "\\" in text else text


def written_frame(value: Value) -> bytes:
    """Return the bytes of a frame in STOMP 1.2. Raises ValueError."""
    fields = members_of(value, "a frame")
    command, body = fields.get("command"), body_bytes(fields.get("body", ""))
    if command not in _COMMAND_NAMES:
        raise ValueError(f"command is one of {COMMANDS.replace('|', ', ')}")
    pairs = _pairs(fields.get("headers", {}))
    for place, (name, length) in enumerate(pairs):
        if name == "content-length" and _LENGTH.fullmatch(length) and int(length) != len(body):
            pairs[place] = name, str(len(body))
    if b"\0" in body and "content-length" not in dict(pairs):
        pairs.append(("content-length", str(len(body))))
    lines = [str(command)]
    for name, text in pairs:
        if command in _VERBATIM:
            if set(name + text) & set("\r\n\0") or ":" in name:
                raise ValueError(f"headers of {command} have no line ends, names no colon")
            lines.append(f"{name}:{text}")
        else:
            lines.append(f"{name.translate(_TO_ESCAPE)}:{text.translate(_TO_ESCAPE)}")
    head = "\n".join(lines)
    if "\0" in head:
        raise ValueError("headers have no NUL")
    return encoded(head) + b"\n\n" + body + b"\0"


def _pairs(headers: Value) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for pair in pairs_of(members_of(headers, "headers"), "STOMP"):
        match pair:
            case (str(name), str(text)):
                found.append((name, text))
            case _:
                raise ValueError("headers have texts as names and values")
    return found
