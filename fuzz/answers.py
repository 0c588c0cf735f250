"""Fuzzing of a server's answers: their encodings, other protocols and pages."""

from __future__ import annotations

import gzip

from fuzz.target import Target, pieces, split
from spacebeam.net.answer_text import body_text, head_text
from spacebeam.net.greeting import is_http, protocol_of
from spacebeam.net.http_answer import MAX_HEAD, AnswerError, AnswerReader
from spacebeam.net.redirect import RedirectError, target
from spacebeam.net.report import HttpExchange
from spacebeam.net.sign_in import challenges
from spacebeam.net.upgrade import UpgradeError, upgrade
from spacebeam.protocol.endpoint import parse
from spacebeam.wording import body_text as pages


def check_answer(data: bytes) -> None:
    """Check an answer: any bytes are text, and no text of a page is longer than the page."""
    head, _end, body = data.partition(b"\n")
    assert not (is_http(data[:16]) and protocol_of(data))
    line = head_text(head)
    text = body_text(body, line)
    assert len(text) <= len(body)
    exchange = HttpExchange("", "", f"HTTP/1.1 404\nContent-Type: {line}", 404, text)
    shown = pages.body_text(exchange)
    assert "\r" not in shown or "&" in text


_REQUEST = (
    "GET / HTTP/1.1\nHost: h\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n"
    "Sec-WebSocket-Protocol: a, b\nSec-WebSocket-Extensions: permessage-deflate"
)
_LIMIT = 1000  # bytes of a body
_OPENING = (
    b"HTTP/1.1 101 Go\r\nUpgrade: WebSocket\r\nConnection: keep-alive, upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
)


def check_http(data: bytes) -> None:
    """Check the reading of answers: nothing depends on how the bytes are divided."""
    pattern, answer = split(data, 4)
    whole = _read([answer])
    assert _read(pieces(answer, int.from_bytes(pattern))) == whole
    assert _read([bytes((byte,)) for byte in answer[:2000]]) == _read([answer[:2000]])


def _read(received: list[bytes]) -> list[object]:
    """Return all that is read: heads, the body or what follows a 101, and what they mean."""
    rest = iter(received)
    reader = AnswerReader(lambda: next(rest, b""))
    found: list[object] = []
    while True:
        try:
            status, head = reader.head()
        except AnswerError as error:
            return [*found, error.fault]
        assert 100 <= status <= 999
        assert len(head) <= 3 * MAX_HEAD
        found.append(head)
        exchange = HttpExchange("", _REQUEST, head, status)
        if status == 101:
            unread = reader.unread + b"".join(rest)
            return [*found, unread, _meaning(exchange)]
        if status >= 200:
            body = reader.body(exchange, _LIMIT)
            assert len(body) <= _LIMIT
            return [*found, body, _meaning(exchange)]


def _meaning(exchange: HttpExchange) -> object:
    try:
        if exchange.status == 101:
            return upgrade(exchange)
        return target(parse("ws://h/"), exchange), challenges(exchange)
    except UpgradeError as error:
        return error.fault
    except RedirectError as error:
        return error.failure


ANSWERS = {
    "http": Target(
        check_http,
        (
            b"\0\0\0\1\r\nHTTP/1.0 404 N\xe3o\r\nContent-Length: 3\r\n\r\nabcd",
            b"\0\0\0\1HTTP/1.1 302\nLocation: //\xe9/../a?\xff#b\n c\n\nabcd",
            b"\0\0\0\1HTTP/1.1 103 Hints\r\nA: b\r\n\r\n" + _OPENING + b"\r\n\x81\x00",
            b"\0\0\0\1" + _OPENING + b"Sec-WebSocket-Protocol: B\r\n"
            b"Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9\r\n\r\n",
            b"\0\0\0\1HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\nWWW-Authenticate: "
            b'Digest realm="r", nonce="n"\r\n\r\n2;x\r\nab\r\n3\r\ncde\r\n0\r\n\r\n',
            b"\0\0\0\1HTTP/1.1 500 X\r\nContent-Encoding: gzip\r\n\r\n"
            + gzip.compress(bytes(3000)),
            b"\0\0\0\1HTTP/1.1 500 X\r\nContent-Encoding: deflate\r\n\r\nKL$\x1e\x00",
        ),
    ),
    "answer": Target(
        check_answer,
        (
            b"SSH-2.0-x\r\n",
            b"HTTP/1.1 404 N\xe3o\r\n",
            b"text/html; charset=gbk\n<p>\xc4\xe3\xba\xc3</p><script>x</script>&amp;",
            b"text/plain; charset=utf-16\n\xff\xfea\0",
            b"text/html\n<!doctype html><meta charset=koi8-r><style>p</style><p>a<br>b<!-- c",
            b"text/html; charset=utf-7\n+AGE-",
        ),
    ),
}
