"""Reads `.http` files as they are written: requests, their headers and messages, and directives.

The format is that of JetBrains' HTTP Client, httpyac and kulala. Nothing is resolved here:
variables stay as text, and a directive is its name and words. An importer makes connections of it,
a scenario makes steps.

    ### Ticker
    # @timeout 2s
    WEBSOCKET ws://{{host}}/ws
    Authorization: Bearer {{token}}

    {"op": "subscribe"}
    === wait-for-server
    # @expect json:op=subscribed
    {"op": "last"}

`===` ends a message, `=== wait-for-server` also waits for one message. Lines that begin with `#`
are comments wherever they stand, as in httpyac; `//` begins one before a message's text only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum

MAX_LINES = 200_000
MAX_REQUESTS = 10_000

_SOCKET = re.compile(r"\s*wss?://", re.IGNORECASE)
_SOCKET_METHODS = ("WEBSOCKET", "WS", "WSS")
_HTTP_METHODS = frozenset(("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"))
_OTHER_METHODS = frozenset(("GRAPHQL", "GRPC", "SSE", "MQTT", "AMQP", "RSOCKET"))
_REQUEST_LINE = re.compile(r"([A-Za-z]{2,20})\s+(\S.*)")
_BARE_ADDRESS = re.compile(r"wss?://\S.*", re.IGNORECASE)
_HTTP_VERSION = re.compile(r"\s+HTTP/\d(\.\d)?\s*$")
_VARIABLE = re.compile(r"@([^\s=]+)\s*=\s*(.*)")
_DIRECTIVE = re.compile(r"(?:#+|//+)\s*@([A-Za-z][\w.-]*)\s*(.*)")
_SEPARATOR = re.compile(r"###+\s*(.*)")
_END = re.compile(r"===+\s*(wait-for-server)?\s*")
_NEWLINE = re.compile(r"\r\n|\n|\r")
_FILE = re.compile(r"<(@?)\s+(\S.*)")


@dataclass(frozen=True, slots=True)
class Directive:
    """A comment such as `# @timeout 2s`."""

    line: int  # from 1
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class MessageText:
    """A message as it is written, without the empty lines after it."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class MessageFile:
    """A message whose bytes are in a file: `< ./file` is binary, `<@ ./file` a text."""

    line: int
    path: str  # relative to the folder of the `.http` file
    is_text: bool


@dataclass(frozen=True, slots=True)
class WaitForServer:
    """`=== wait-for-server`: one more message is received before going on."""

    line: int


Part = Directive | MessageText | MessageFile | WaitForServer


@dataclass(slots=True)
class HttpRequest:
    """One request of a file, with line numbers for messages about it."""

    line: int  # of its request line
    name: str
    method: str  # "WEBSOCKET", or an HTTP method in capitals
    address: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    directives: list[Directive] = field(default_factory=list)  # before its first message
    parts: list[Part] = field(default_factory=list)  # messages, waits and directives, in order

    @property
    def is_socket(self) -> bool:
        """Whether it opens a WebSocket."""
        return self.method == "WEBSOCKET"


class HttpFileProblem(Enum):
    """What is odd about a line, which was left out."""

    NO_REQUEST = "no-request"  # text where a request line was expected
    NOT_A_HEADER = "not-a-header"
    SCRIPT = "script"  # {{ … }} blocks, `> {% %}`, `??`, imports: they are not run
    TOO_MANY = "too-many"  # more lines or requests than are read


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    """A line that was left out."""

    line: int
    problem: HttpFileProblem


@dataclass(slots=True)
class HttpFile:
    """All that an `.http` file says."""

    variables: list[tuple[str, str]] = field(default_factory=list)  # `@name = value`
    requests: list[HttpRequest] = field(default_factory=list)
    left_out: list[LeftOutLine] = field(default_factory=list)


def read(text: str) -> HttpFile:
    """Read a file's text. Never raises; what cannot be read is in `left_out`."""
    return _Reader().read(text)


class _State(Enum):
    BEFORE = 0  # the request line
    HEADERS = 1
    BODY = 2


class _Reader:
    def __init__(self) -> None:
        self._file = HttpFile()
        self._state = _State.BEFORE
        self._name = ""
        self._directives: list[Directive] = []
        self._request: HttpRequest | None = None
        self._message: list[str] = []
        self._message_line = 0
        self._script_end: str | None = None  # the line that ends a script

    def read(self, text: str) -> HttpFile:
        lines = _NEWLINE.split(text.removeprefix("\ufeff"))
        for number, line in enumerate(lines[:MAX_LINES], 1):
            if self._script_end is not None:
                if line.strip().endswith(self._script_end):
                    self._script_end = None
            elif separator := _SEPARATOR.fullmatch(line):
                self._end_request()
                self._name = separator[1].strip()
                if len(self._file.requests) >= MAX_REQUESTS:
                    self._leave_out(number, HttpFileProblem.TOO_MANY)
                    return self._file
            else:
                self._read_line(number, line)
        if len(lines) > MAX_LINES:
            self._leave_out(MAX_LINES + 1, HttpFileProblem.TOO_MANY)
        self._end_request()
        return self._file

    def _read_line(self, number: int, line: str) -> None:
        if directive := _DIRECTIVE.fullmatch(line.strip()):
            if self._may_comment(line):
                self._read_directive(Directive(number, directive[1], directive[2].strip()))
                return
        elif self._may_comment(line) and line.lstrip().startswith(("#", "//")):
            return
        if self._begins_script(number, line):
            return
        if self._state is _State.BEFORE:
            self._read_before(number, line)
        elif self._state is _State.HEADERS:
            self._read_header(number, line)
        else:
            self._read_body(number, line)

    def _may_comment(self, line: str) -> bool:
        """Whether a line may be a comment: `//` is text once a message has begun."""
        return line.startswith("#") or self._state is not _State.BODY or not self._has_text

    @property
    def _has_text(self) -> bool:
        return any(line.strip() for line in self._message)

    def _read_directive(self, directive: Directive) -> None:
        if self._request is None:
            if directive.name == "name":
                self._name = directive.words or self._name
            else:
                self._directives.append(directive)
        elif self._state is _State.HEADERS or (not self._request.parts and not self._has_text):
            self._request.directives.append(directive)
        else:
            self._end_message()
            self._request.parts.append(directive)

    def _begins_script(self, number: int, line: str) -> bool:
        """Whether a script begins, which is left out to its end."""
        start = line.strip()
        is_block = start == "{{" or (start.startswith("{{@") and "}}" not in start)
        if is_block and (not self._has_text or not self._message[-1].strip()):
            end = "}}"
        elif re.match(r"[<>]\s*\{%", line):
            end = "%}"
        elif line.startswith("?? ") or (
            self._state is _State.BEFORE and start.startswith(("import ", "run "))
        ):
            self._leave_out(number, HttpFileProblem.SCRIPT)
            return True
        else:
            return False
        self._leave_out(number, HttpFileProblem.SCRIPT)
        if not start.endswith(end):
            self._script_end = end
        return True

    def _read_before(self, number: int, line: str) -> None:
        line = line.strip()
        if variable := _VARIABLE.fullmatch(line):
            self._file.variables.append((variable[1], variable[2].strip()))
        elif request := _request_line(line):
            method, address = request
            self._request = HttpRequest(
                number, self._name, method, address, directives=self._directives
            )
            self._directives = []
            self._state = _State.HEADERS
        elif line:
            self._leave_out(number, HttpFileProblem.NO_REQUEST)

    def _read_header(self, number: int, line: str) -> None:
        assert self._request is not None
        if not line.strip():
            self._state = _State.BODY
        elif line[0] in " \t" and line.strip()[0] in "?&/" and not self._request.headers:
            self._request.address += line.strip()
        else:
            name, colon, value = line.partition(":")
            if colon and name.strip() and not re.search(r"\s", name.strip()):
                self._request.headers.append((name.strip(), value.strip()))
            else:
                self._leave_out(number, HttpFileProblem.NOT_A_HEADER)

    def _read_body(self, number: int, line: str) -> None:
        assert self._request is not None
        if end := _END.fullmatch(line):
            self._end_message()
            if end[1]:
                self._request.parts.append(WaitForServer(number))
        elif not self._has_text and (file := _FILE.fullmatch(line.strip())):
            self._end_message()
            self._request.parts.append(MessageFile(number, file[2].strip(), bool(file[1])))
        else:
            if not self._has_text and line.strip():
                self._message_line = number
            self._message.append(line)

    def _end_message(self) -> None:
        lines, self._message = self._message, []
        while lines and not lines[-1].strip():
            lines.pop()
        while lines and not lines[0].strip():
            lines.pop(0)
        if lines and self._request is not None:
            self._request.parts.append(MessageText(self._message_line, "\n".join(lines)))

    def _end_request(self) -> None:
        self._end_message()
        if self._request is not None:
            self._file.requests.append(self._request)
        self._request = None
        self._state = _State.BEFORE
        self._name = ""
        self._directives = []

    def _leave_out(self, line: int, problem: HttpFileProblem) -> None:
        self._file.left_out.append(LeftOutLine(line, problem))


def _request_line(line: str) -> tuple[str, str] | None:
    if _BARE_ADDRESS.fullmatch(line):
        return "WEBSOCKET", _HTTP_VERSION.sub("", line)
    found = _REQUEST_LINE.fullmatch(line)
    method = found[1].upper() if found else ""
    if found and (method in _SOCKET_METHODS or (method == "GET" and _SOCKET.match(found[2]))):
        return "WEBSOCKET", _HTTP_VERSION.sub("", found[2]).strip()
    if found and (method in _HTTP_METHODS or method in _OTHER_METHODS):
        return method, _HTTP_VERSION.sub("", found[2]).strip()
    return ("GET", line) if re.match(r"https?://", line, re.IGNORECASE) else None
