"""Names and values parsed from text of browsers, manuals and logs."""

from __future__ import annotations

import pytest

from spacebeam.profiles.pasted import cookies, headers, parameters

_COPIED = """\
GET /chat HTTP/1.1
Host: example.test
:authority: example.test
Connection: Upgrade
Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
Origin: https://example.test

X-Time:  12:30 \r
no colon
"""


def test_headers_of_every_handshake_are_left_out() -> None:
    found = headers(_COPIED)
    assert found.pairs == (
        ("Origin", "https://example.test"),
        ("X-Time", "12:30"),
        ("no colon", ""),
    )
    assert found.left_out == 4


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_empty_text_has_no_pairs(text: str) -> None:
    assert headers(text).pairs == parameters(text).pairs == cookies(text).pairs == ()


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("a=1&b=x%20y", (("a", "1"), ("b", "x y"))),
        ("?a=1", (("a", "1"),)),
        ("wss://h/feed?a=1&b", (("a", "1"), ("b", ""))),
        ("wss://h/feed?a=1#b=2", (("a", "1"),)),
        ("a=1\nb=2=3\n\n", (("a", "1"), ("b", "2=3"))),
        ("q=what?&r=1", (("q", "what?"), ("r", "1"))),
        ("a+b=c+d", (("a b", "c d"),)),
    ],
)
def test_parameters_are_read_from_a_query_or_from_lines(
    text: str, pairs: tuple[tuple[str, str], ...]
) -> None:
    assert parameters(text).pairs == pairs


@pytest.mark.parametrize(
    "text", ["a=1; b=2=3", "Cookie: a=1; b=2=3", "cookie:a=1;b=2=3;", "a=1\r\nb=2=3"]
)
def test_cookies_are_read_from_a_header_or_from_lines(text: str) -> None:
    assert cookies(text).pairs == (("a", "1"), ("b", "2=3"))
