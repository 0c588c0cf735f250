"""One operation of NATS: its bytes as a value, and back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from spacebeam.decode.byte_ranges import ByteRanges
from spacebeam.decode.decoder import Data, DecodeError, Value
from spacebeam.decode.embedded import (
    body_bytes,
    encoded,
    members_of,
    read_embedded,
    text_or_bytes,
)
from spacebeam.decode.extended_json import object_or_map, pairs_of
from spacebeam.decode.json_ranges import add_json
from spacebeam.decode.json_values import written

MAX_LINE = 64 * 1024  # bytes of a control line
OPERATIONS = r"INFO|CONNECT|H?PUB|H?MSG|SUB|UNSUB|PING|PONG|\+OK|-ERR"
_OPERATION = re.compile(rf"({OPERATIONS})(?:[ \t]+|(?=\r\n)|\Z)".encode(), re.IGNORECASE)
_SIZE = re.compile(rb"[0-9]{1,9}")
_WORD_OF_LINE = re.compile(rb"[^ \t]+")
_WORD = re.compile(r"[^\s\0]+")
# The names of an operation's words, by their number.
_WORDS: dict[str, dict[int, tuple[str, ...]]] = {
    "PUB": {2: ("subject", "size"), 3: ("subject", "reply_to", "size")},
    "HPUB": {
        3: ("subject", "header_size", "size"),
        4: ("subject", "reply_to", "header_size", "size"),
    },
    "MSG": {3: ("subject", "sid", "size"), 4: ("subject", "sid", "reply_to", "size")},
    "HMSG": {
        4: ("subject", "sid", "header_size", "size"),
        5: ("subject", "sid", "reply_to", "header_size", "size"),
    },
    "SUB": {2: ("subject", "sid"), 3: ("subject", "queue", "sid")},
    "UNSUB": {1: ("sid",), 2: ("sid", "max_msgs")},
    "PING": {0: ()},
    "PONG": {0: ()},
    "+OK": {0: ()},
}
_SIZES = ("size", "header_size")

Fields = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Found:
    """An operation; what follows its line is at hand if `end` is."""

    fields: Fields
    body: int  # offset of what follows the line
    header_size: int
    end: int  # offset of the next operation


def begins_operation(data: Data, start: int = 0) -> bool:
    """Return whether an operation can begin there; perhaps not all of its name is at hand."""
    if _OPERATION.match(data, start):
        return True
    rest = bytes(data[start : start + 8]).upper().removesuffix(b"\r")
    return any(name.startswith(rest) for name in _ALL)


_ALL = (*(name.encode() for name in (*_WORDS, "INFO", "CONNECT", "-ERR")),)


def read_line(data: Data, begin: int, searched: int) -> Found | None:
    """Return the operation whose line begins there, or None if it is not complete.

    `searched` is where the search for the line's end goes on. Raises DecodeError.
    """
    end = data.find(b"\r\n", max(begin, searched - 1))
    if (len(data) if end < 0 else end) - begin > MAX_LINE:
        raise DecodeError(f"a line of more than {MAX_LINE:,} bytes", begin + MAX_LINE)
    if end < 0:
        return None
    match = _OPERATION.match(data, begin, end + 2)
    if match is None:
        raise DecodeError("no operation of NATS", begin)
    name = bytes(match[1]).decode().upper()
    fields: Fields = {"op": name}
    if name in ("INFO", "CONNECT"):
        options = read_embedded(data, match.end(), end)
        if not isinstance(options, dict):
            raise DecodeError(f"the options of {name} are no object", match.end())
        fields["options"] = options
        return Found(fields, end + 2, 0, end + 2)
    if name == "-ERR":
        message = str(data[match.end() : end], "utf-8", "replace").strip()
        fields["message"] = message.removeprefix("'").removesuffix("'")
        return Found(fields, end + 2, 0, end + 2)
    sizes = _read_words(fields, bytes(data[match.end() : end]), match.end())
    # Without a size, nothing follows the line.
    after = end + 2 if sizes is None else end + 2 + sizes[1] + 2
    return Found(fields, end + 2, sizes[0] if sizes else 0, after)


def _read_words(fields: Fields, line: bytes, offset: int) -> tuple[int, int] | None:
    """Add the words of a line; return the sizes of the headers and of the whole, if it has any.

    Raises DecodeError.
    """
    name, words = str(fields["op"]), line.split()
    names = _WORDS[name].get(len(words))
    if names is None:
        raise DecodeError(f"wrong number of words after {name}", offset)
    sizes: dict[str, int] = {}
    for key, word in zip(names, words, strict=True):
        if key in (*_SIZES, "max_msgs") and not _SIZE.fullmatch(word):
            raise DecodeError(f"a size of {name} is no number", offset)
        if key in _SIZES:
            sizes[key] = int(word)
        else:
            fields[key] = int(word) if key == "max_msgs" else str(word, "utf-8", "replace")
    if not sizes:
        return None
    header_size = sizes.get("header_size", 0)
    if header_size > sizes["size"]:
        raise DecodeError("the headers are longer than the whole", offset)
    return header_size, sizes["size"]


def with_body(data: Data, found: Found) -> Fields:
    """Return an operation with what follows its line. Raises DecodeError."""
    if found.end == found.body:
        return found.fields
    end = found.end - 2
    if data[end : found.end] != b"\r\n":
        raise DecodeError("no line end after the payload", end)
    headers_end = found.body + found.header_size
    fields = dict(found.fields)
    if str(fields["op"]).startswith("H"):
        fields |= _read_headers(data, found.body, headers_end)
    return fields | {"payload": text_or_bytes(data[headers_end:end])}


def _read_headers(data: Data, begin: int, end: int) -> Fields:
    try:
        lines = str(data[begin:end], "utf-8").split("\r\n")
    except UnicodeDecodeError as error:
        raise DecodeError("the headers are not UTF-8", begin + error.start) from None
    if not lines[0].upper().startswith("NATS/") or lines[-2:] != ["", ""]:
        raise DecodeError("no headers of NATS", begin)
    pairs: list[tuple[Value, Value]] = []
    for line in lines[1:-2]:
        name, colon, text = line.partition(":")
        if not colon:
            raise DecodeError("a header without a colon", begin)
        pairs.append((name, text.strip()))
    return {"status_line": lines[0], "headers": object_or_map(pairs)}


def add_operation(found: ByteRanges, data: Data, begin: int, fields: Fields) -> int:
    """Add the ranges of a whole operation's values; return where the next operation begins."""
    operation = read_line(data, begin, begin)
    assert operation is not None
    line_end = operation.body - 2
    words = [one.span() for one in _WORD_OF_LINE.finditer(data, begin, line_end)]
    names = _WORDS.get(str(fields["op"]), {}).get(len(words) - 1, ())
    known = dict(zip(("op", *names), words, strict=False))
    rest = (words[1][0] if len(words) > 1 else line_end), line_end  # what INFO and -ERR say
    headers_end = operation.body + operation.header_size
    known |= dict.fromkeys(("status_line", "headers"), (operation.body, headers_end))
    known["payload"] = headers_end, operation.end - 2
    found.add((begin, operation.end))
    for key, value in fields.items():
        if key == "options":
            add_json(found, value, data, *rest)
        else:
            found.add_all(value, known.get(key, rest))
    return operation.end


def written_operation(value: Value) -> bytes:
    """Return the bytes of an operation, with the sizes that it has. Raises ValueError."""
    fields = members_of(value, "an operation")
    name = fields.get("op")
    if name in ("INFO", "CONNECT"):
        options = written(members_of(fields.get("options"), "options"))
        return encoded(f"{name} ") + options.encode(errors="backslashreplace") + b"\r\n"
    if name == "-ERR":
        message = fields.get("message")
        if not isinstance(message, str) or set(message) & set("\r\n"):
            raise ValueError("message is a text on one line")
        return encoded(f"-ERR '{message}'\r\n")
    if not isinstance(name, str) or name not in _WORDS:
        raise ValueError(f"op is one of {', '.join((*_WORDS, 'INFO', 'CONNECT', '-ERR'))}")
    headers = _written_headers(fields) if name.startswith("H") else b""
    body = headers + body_bytes(fields.get("payload", ""), "payload")
    sizes: Fields = {"size": str(len(body)), "header_size": str(len(headers))}
    given = {"max_msgs": _written_count(fields)} if "max_msgs" in fields else {}
    names = _names(name, fields | sizes)
    words = [_word((fields | given | sizes)[key], key) for key in names]
    line = encoded(" ".join((name, *words))) + b"\r\n"
    return line + body + b"\r\n" if "size" in names else line


def _written_count(fields: Fields) -> Value:
    count = fields["max_msgs"]
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count < 10**9:
        raise ValueError("max_msgs is a number of at most 9 digits")
    return str(count)


def _names(operation: str, fields: Fields) -> Sequence[str]:
    """Return the names of the words: as many as there are fields for. Raises ValueError."""
    for names in sorted(_WORDS[operation].values(), key=len, reverse=True):
        if all(name in fields for name in names):
            return names
    least = min(_WORDS[operation].values(), key=len)
    raise ValueError(f"{operation} has {', '.join(name for name in least if name not in _SIZES)}")


def _word(value: Value, name: str) -> str:
    if isinstance(value, str) and _WORD.fullmatch(value):
        return value
    raise ValueError(f"{name} is a text without spaces")


def _written_headers(fields: Fields) -> bytes:
    lines = [fields.get("status_line", "NATS/1.0")]
    for pair in pairs_of(members_of(fields.get("headers", {}), "headers"), "NATS"):
        match pair:
            case (str(name), str(text)) if ":" not in name:
                lines.append(f"{name}: {text}")
            case _:
                raise ValueError("headers have texts as names and values")
    if not str(lines[0]).upper().startswith("NATS/"):
        raise ValueError("status_line begins with NATS/")
    if any(set(str(line)) & set("\r\n") for line in lines):
        raise ValueError("headers have no line ends")
    return encoded("\r\n".join(map(str, lines))) + b"\r\n\r\n"
