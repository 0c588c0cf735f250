"""Answers as bytes: what is read leniently, what is refused, and what is left for WebSocket."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from spacebeam.net.http_answer import MAX_HEAD, AnswerError, AnswerFault, AnswerReader
from spacebeam.net.report import HttpExchange

OK = b"HTTP/1.1 200 OK\r\n"


def receiving(pieces: Iterable[bytes]) -> Callable[[], bytes]:
    rest = iter(pieces)
    return lambda: next(rest, b"")


def reader(answer: bytes, size: int = 0) -> AnswerReader:
    """Return a reader that gets an answer at once, or in pieces of `size` bytes."""
    size = size or max(1, len(answer))
    return AnswerReader(receiving(answer[at : at + size] for at in range(0, len(answer), size)))


def body_of(answer: bytes, limit: int = 100, size: int = 0) -> bytes:
    reading = reader(answer, size)
    status, text = reading.head()
    return reading.body(HttpExchange("", "", text, status), limit)


@pytest.mark.parametrize("size", [0, 1, 2, 3])
@pytest.mark.parametrize(
    ("head", "text"),
    [
        (b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n", "HTTP/1.1 200 OK\nA: b"),
        (b"HTTP/1.1 200 OK\nA: b\n\n", "HTTP/1.1 200 OK\nA: b"),
        (b"\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK"),
        (b"HTTP/1.0 200\r\n\r\n", "HTTP/1.0 200"),
        (b"http/1.1\t200  OK \r\n\r\n", "HTTP/1.1 200 OK"),
        (b"HTTP/2 200 \r\n\r\n", "HTTP/2 200"),
        (OK + b"A :  b\t\r\nno header\r\n: c\r\nD:\r\n\r\n", "HTTP/1.1 200 OK\nA: b\nD: "),
        (OK + b"A: b\r\n  folded\r\n\tagain\r\n\r\n", "HTTP/1.1 200 OK\nA: b folded again"),
        (OK + b"A: \xe9\r\nB: \xc3\xa9\r\n\xe9: \0\r\n\r\n", "HTTP/1.1 200 OK\nA: é\nB: é\né: \0"),
        (OK + b"Location: /\xe9 \xff\r\n\r\n", "HTTP/1.1 200 OK\nLocation: /%E9 %FF"),
        (OK + b"LOCATION: /\xc3\xa9\r\n\r\n", "HTTP/1.1 200 OK\nLOCATION: /é"),
    ],
)
def test_a_head_is_read_leniently(head: bytes, text: str, size: int) -> None:
    reading = reader(head + b"rest", size)
    assert reading.head() == (200, text)
    assert body_of(head + b"rest", size=size) == b"rest"


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (b"", AnswerFault.CUT_OFF),
        (b"\r\n", AnswerFault.CUT_OFF),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n", AnswerFault.CUT_OFF),
        (b"HELLO", AnswerFault.NOT_HTTP),
        (b"HTTP\r\n\r\n", AnswerFault.NOT_HTTP),
        (b"HTTP/1.1 abc\r\n\r\n", AnswerFault.NOT_HTTP),
        (b"HTTP/1.1 20\r\n\r\n", AnswerFault.NOT_HTTP),
        (b"HTTP/1.1 2000\r\n\r\n", AnswerFault.NOT_HTTP),
        (b"HTTP/1.1 099\r\n\r\n", AnswerFault.NOT_HTTP),
        (OK + b"a: b\r\n" * (MAX_HEAD // 6) + b"\r\n", AnswerFault.TOO_LONG),
    ],
)
def test_what_is_no_head_is_refused(answer: bytes, fault: AnswerFault) -> None:
    with pytest.raises(AnswerError) as caught:
        reader(answer).head()
    assert caught.value.fault is fault


def test_a_head_of_the_greatest_length_is_read() -> None:
    line = b"a: b\r\n"
    head = OK + line * ((MAX_HEAD - len(OK) - 2) // len(line)) + b"\r\n"
    assert reader(head, 1000).head()[0] == 200


@pytest.mark.parametrize("size", [0, 1])
@pytest.mark.parametrize(
    ("rest", "body"),
    [
        (b"Content-Length: 3\r\n\r\nabcdef", b"abc"),
        (b"Content-Length: 9\r\n\r\nabc", b"abc"),
        (b"Content-Length: -1\r\n\r\nabc", b"abc"),
        (b"Content-Length: 0\r\n\r\nabc", b""),
        (b"\r\nabc", b"abc"),
        (b"Transfer-Encoding: gzip, Chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\nd", b"abc"),
        (b"Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n2\nab\n0\n\n", b"ab"),
        (b"Transfer-Encoding: chunked\r\n\r\n3\r\nab", b"ab"),
        (b"Transfer-Encoding: chunked\r\n\r\nnumber\r\nab", b""),
        (b"Transfer-Encoding: chunked\r\n\r\n-1\r\nab", b""),
        (b"Transfer-Encoding: chunked\r\n\r\n1_0\r\nab", b""),
        (b"\r\n" + b"x" * 200, b"x" * 100),
        (b"Content-Length: 200\r\n\r\n" + b"x" * 200, b"x" * 100),
        (b"Transfer-Encoding: chunked\r\n\r\nc8\r\n" + b"x" * 200, b"x" * 100),
    ],
)
def test_a_body_ends_where_its_head_says_or_at_the_limit(
    rest: bytes, body: bytes, size: int
) -> None:
    assert body_of(OK + rest, size=size) == body


@pytest.mark.parametrize("status", [204, 304])
def test_some_answers_have_no_body(status: int) -> None:
    assert body_of(b"HTTP/1.1 %d X\r\n\r\nabc" % status) == b""


def test_the_bytes_after_a_head_are_left() -> None:
    reading = reader(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 101 Go\r\n\r\n\r\n\x81\x00")
    assert [reading.head()[0], reading.head()[0]] == [100, 101]
    assert reading.unread == b"\r\n\x81\x00"
