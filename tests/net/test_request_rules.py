"""What may stand in a handshake's request, and the sentence for what may not."""

from __future__ import annotations

import pytest

from spacebeam.net.request_rules import (
    RequestFault,
    belongs_to_handshake,
    cookie_fault,
    has_control,
    header_fault,
    subprotocol_fault,
)


@pytest.mark.parametrize(
    ("name", "value"), [("X-Token", "a b"), ("X-Empty", ""), ("x!#$%&'*+.^_`|~", "tab\tü")]
)
def test_a_valid_header_has_no_fault(name: str, value: str) -> None:
    assert header_fault(name, value) is None


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("a b", "c", RequestFault.INVALID_NAME),
        ("", "c", RequestFault.INVALID_NAME),
        ("A", "b\r\nC: d", RequestFault.CONTROL_CHARACTER),
        ("A", "\x7f", RequestFault.CONTROL_CHARACTER),
        ("Sec-WebSocket-Key", "x", RequestFault.BELONGS_TO_HANDSHAKE),
        ("UPGRADE", "h2c", RequestFault.BELONGS_TO_HANDSHAKE),
    ],
)
def test_an_invalid_header_has_a_fault(name: str, value: str, fault: RequestFault) -> None:
    assert header_fault(name, value) is fault


def test_a_subprotocol_is_a_token() -> None:
    assert subprotocol_fault("graphql-transport-ws") is None
    for name in ("", "a b", "a,b", "ü"):
        assert subprotocol_fault(name) is RequestFault.INVALID_NAME


def test_a_cookie_does_not_end_early() -> None:
    assert cookie_fault("id", 'a=b, "c" ü') is None
    assert cookie_fault("a=b", "c") is RequestFault.INVALID_NAME
    assert cookie_fault("a", "b; c=d") is RequestFault.SEMICOLON
    assert cookie_fault("a", "b\r\n") is RequestFault.CONTROL_CHARACTER


def test_what_the_handshake_makes_is_known() -> None:
    assert belongs_to_handshake("connection")
    assert belongs_to_handshake("Sec-WebSocket-Version")
    assert not belongs_to_handshake("Sec-WebSocket-Protocol")


def test_a_tab_is_no_control_character_to_a_header() -> None:
    assert not has_control("a\tb")
    assert has_control("a\nb")
