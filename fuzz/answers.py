"""Fuzzing of a server's answers: their encodings, other protocols and pages."""

from __future__ import annotations

from fuzz.target import Target
from spacebeam.net.answer_text import body_text, head_text
from spacebeam.net.greeting import is_http, protocol_of
from spacebeam.net.report import HttpExchange
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


ANSWERS = {
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
    )
}
