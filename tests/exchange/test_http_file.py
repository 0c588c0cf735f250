"""`.http` files as they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.exchange.http_file import (
    MAX_LINES,
    Directive,
    HttpFileProblem,
    LeftOutLine,
    MessageFile,
    MessageText,
    WaitForServer,
    read,
)
from tests.support.samples import sample

TICKER = """\
@host = localhost:8080

### Ticker
# a comment
# @timeout 2s
WEBSOCKET ws://{{host}}/ws
    ?room=1
    &x=2
X-Test: a:b
// @tag smoke

{
  "op": "subscribe"
}

===
# @expect next json:op=subscribed
{"op": "second"}
=== wait-for-server
=== wait-for-server
< ./bytes.bin
===
<@ ./text.json

### Another
ws://localhost/
"""


def test_a_file_is_read_with_its_lines() -> None:
    file = read(TICKER)
    assert file.variables == [("host", "localhost:8080")]
    assert file.left_out == []
    ticker, another = file.requests
    assert (ticker.name, ticker.line, ticker.is_socket) == ("Ticker", 6, True)
    assert ticker.address == "ws://{{host}}/ws?room=1&x=2"
    assert ticker.headers == [("X-Test", "a:b")]
    assert ticker.directives == [Directive(5, "timeout", "2s"), Directive(10, "tag", "smoke")]
    assert ticker.parts == [
        MessageText(12, '{\n  "op": "subscribe"\n}'),
        Directive(17, "expect", "next json:op=subscribed"),
        MessageText(18, '{"op": "second"}'),
        WaitForServer(19),
        WaitForServer(20),
        MessageFile(21, "./bytes.bin", is_text=False),
        MessageFile(23, "./text.json", is_text=True),
    ]
    assert (another.name, another.address, another.parts) == ("Another", "ws://localhost/", [])


@pytest.mark.parametrize(
    ("line", "method", "address"),
    [
        ("WS ws://a/", "WEBSOCKET", "ws://a/"),
        ("wss wss://a/ HTTP/1.1", "WEBSOCKET", "wss://a/"),
        ("WEBSOCKET {{url}}", "WEBSOCKET", "{{url}}"),
        ("wss://a/b c", "WEBSOCKET", "wss://a/b c"),
        ("GET wss://a/", "WEBSOCKET", "wss://a/"),
        ("GET http://a/", "GET", "http://a/"),
        ("https://a/", "GET", "https://a/"),
    ],
)
def test_a_request_line_is_read(line: str, method: str, address: str) -> None:
    (request,) = read(line).requests
    assert (request.method, request.address) == (method, address)


def test_the_last_of_two_names_is_taken() -> None:
    (request,) = read("### first\n# @name second\nWS ws://a/").requests
    assert request.name == "second"


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("a\n\nb\n\n", ["a\n\nb"]),
        ("# comment\na\n# comment\nb", ["a\nb"]),
        ("a\n// text\n", ["a\n// text"]),
        ("// comment\na", ["a"]),
        ("# a #\n\n===\n===", []),
        ("a\n====\nb", ["a", "b"]),
        ("a ===\nb", ["a ===\nb"]),
        ("< not a file", ["< not a file"]),
        ("{{a}}\n{{b}}", ["{{a}}\n{{b}}"]),
        ("{\n{{\n", ["{\n{{"]),
    ],
)
def test_messages_are_read(body: str, texts: list[str]) -> None:
    (request,) = read("WS ws://a/\n\n" + body).requests
    found = [part.text for part in request.parts if isinstance(part, MessageText)]
    if body.startswith("<"):
        assert request.parts == [MessageFile(3, "not a file", is_text=False)]
    else:
        assert found == texts


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("hello\n", 1, HttpFileProblem.NO_REQUEST),
        ("WS ws://a/\nno header\n", 2, HttpFileProblem.NOT_A_HEADER),
        ("{{\n let a = 1\n}}\nWS ws://a/\n", 1, HttpFileProblem.SCRIPT),
        ("WS ws://a/\n\na\n\n{{@streaming\n await x()\n}}\n", 5, HttpFileProblem.SCRIPT),
        ("WS ws://a/\n\na\n> {%\n client.x();\n%}\n", 4, HttpFileProblem.SCRIPT),
        ("WS ws://a/\n\na\n?? status == 101\n", 4, HttpFileProblem.SCRIPT),
        ("\n" * MAX_LINES + "WS ws://a/", MAX_LINES + 1, HttpFileProblem.TOO_MANY),
    ],
)
def test_what_is_left_out_is_told(text: str, line: int, problem: HttpFileProblem) -> None:
    file = read(text)
    assert file.left_out == [LeftOutLine(line, problem)]
    assert all(
        part.text == "a"
        for request in file.requests
        for part in request.parts
        if isinstance(part, MessageText)
    )


@pytest.mark.parametrize(
    ("name", "messages"),
    [
        ("httpyac-by-hand.http", [3, 0]),
        ("httpyac-websocket.http", [1]),
        ("httpyac-websocketKeepStreaming.http", [0]),
        ("httpyac-websocketPublish.http", [1]),
        ("jetbrains-by-hand.http", [3, 0, 1, 0]),
        ("kulala-by-hand.http", [1]),
    ],
)
def test_a_real_file_is_read(name: str, messages: list[int]) -> None:
    path: Path = sample("http-files", name)
    file = read(path.read_text())
    kinds = (MessageText, MessageFile)
    assert messages == [
        sum(isinstance(part, kinds) for part in request.parts) for request in file.requests
    ]
