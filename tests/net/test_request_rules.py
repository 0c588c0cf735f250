"""Valid and invalid parts of a handshake's request."""

from __future__ import annotations

import pytest

from spacebeam.net.request_rules import (
    belongs_to_handshake,
    cookie_fault,
    has_control,
    header_fault,
    subprotocol_fault,
)


@pytest.mark.parametrize(
    ("name", "value"), [("X-Token", "a b"), ("X-Empty", ""), ("x!#$%&'*+.^_`|~", "tab\tü")]
)
def test_a_valid_header_has_no_error(name: str, value: str) -> None:
    assert header_fault(name, value) == ""


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("a b", "c", "“a b” is not a header's name."),
        ("", "c", "“” is not a header's name."),
        ("A", "b\r\nC: d", "The value of “A” has a control character in it."),
        ("A", "\x7f", "The value of “A” has a control character in it."),
        ("Sec-WebSocket-Key", "x", "“Sec-WebSocket-Key” belongs to the handshake; "),
        ("UPGRADE", "h2c", "“UPGRADE” belongs to the handshake; it is always sent."),
    ],
)
def test_an_invalid_header_has_an_error(name: str, value: str, words: str) -> None:
    assert header_fault(name, value).startswith(words)


def test_a_subprotocol_that_is_no_token_has_an_error() -> None:
    assert subprotocol_fault("graphql-transport-ws") == ""
    for name in ("", "a b", "a,b", "ü"):
        assert subprotocol_fault(name) == f"“{name}” is not a subprotocol's name."


def test_a_cookie_with_a_separator_has_an_error() -> None:
    assert cookie_fault("id", 'a=b, "c" ü') == ""
    assert "not a cookie's name" in cookie_fault("a=b", "c")
    assert "semicolon" in cookie_fault("a", "b; c=d")
    assert "semicolon" in cookie_fault("a", "b\r\n")


def test_headers_of_every_handshake_are_reserved() -> None:
    assert belongs_to_handshake("connection")
    assert belongs_to_handshake("Sec-WebSocket-Version")
    assert not belongs_to_handshake("Sec-WebSocket-Protocol")


def test_a_header_value_may_contain_a_tab() -> None:
    assert not has_control("a\tb")
    assert has_control("a\nb")
