"""Refusals' bodies as text."""

from __future__ import annotations

import pytest

from spacebeam.net.report import HandshakeReport, HttpExchange
from spacebeam.wording.body_text import body_text, html_text
from spacebeam.wording.report import report_text

NGINX = (
    "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n"
    "<center><h1>404 Not Found</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n"
    "</body>\r\n</html>\r\n"
)


def refused(body: str, content_type: str = "text/html") -> HttpExchange:
    response = f"HTTP/1.1 404 Not Found\nContent-Type: {content_type}"
    return HttpExchange("ws://h/", "GET / HTTP/1.1", response, 404, body)


def test_a_page_is_its_text_without_repetition() -> None:
    assert body_text(refused(NGINX)) == "404 Not Found\nnginx/1.22.1"
    assert body_text(refused(NGINX, "application/octet-stream")) == "404 Not Found\nnginx/1.22.1"
    report = report_text(HandshakeReport("ws://h/", (refused(NGINX),)))
    assert "404 Not Found\nnginx/1.22.1" in report
    assert "<" not in report


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a<script>if (x<y) alert('</p>')</script>b", "a\nb"),
        ("<STYLE type='x'>p { }</STYLE><p>x", "x"),
        ("<p>one <b>bold</b> line\nof text</p><p>two</p>", "one bold line of text\ntwo"),
        ("caf&eacute; &amp; &#8220;tea&#x201d;", "café & “tea”"),
        ("a<!-- <p>hidden</p> -->b", "ab"),
        ("a<!-- unclosed", "a"),
        ("a<script>unclosed", "a"),
        ("1 < 2 and <<", "1 < 2 and <<"),
        ("<br>a<br/>b<br >c", "a\nb\nc"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("<!DOCTYPE html><?xml?><p>x</p>", "x"),
        ("", ""),
    ],
)
def test_markup_is_left_out(source: str, text: str) -> None:
    assert html_text(source) == text


def test_other_bodies_keep_their_text_with_plain_line_ends() -> None:
    assert body_text(refused("a\r\nb\rc <b>", "text/plain")) == "a\nb\nc <b>"
    assert body_text(refused('{"a": "<p>"}', "application/json")) == '{"a": "<p>"}'


@pytest.mark.parametrize(
    "piece", ["<p>x", "<", "<a", "<!--", "<script", "&amp", "</", "<svg>", "x "]
)
def test_the_text_of_a_long_page_is_bounded(piece: str) -> None:
    shown = html_text(piece * 100_000)
    assert len(shown) <= 33 * 1024
    assert shown.endswith("…")


@pytest.mark.parametrize(
    ("encoding", "accepted", "text"),
    [
        ("br", "gzip, deflate", "(encoded as br)"),
        ("br", "gzip, br", "hello"),
        ("gzip", "", "hello"),
        ("identity", "", "hello"),
    ],
)
def test_a_body_that_could_not_be_decoded_is_not_shown(
    encoding: str, accepted: str, text: str
) -> None:
    request = f"GET / HTTP/1.1\nAccept-Encoding: {accepted}"
    response = f"HTTP/1.1 404 No\nContent-Encoding: {encoding}"
    assert body_text(HttpExchange("ws://h/", request, response, 404, "hello")) == text
