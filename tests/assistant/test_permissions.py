"""Which servers an assistant may connect to."""

from __future__ import annotations

import pytest

from spacebeam.assistant.permissions import PatternError, allowed_server
from spacebeam.protocol.endpoint import parse


@pytest.mark.parametrize(
    ("pattern", "address", "is_allowed"),
    [
        ("feed.example", "wss://feed.example/v1", True),
        ("feed.example", "ws://FEED.example:81", True),
        ("feed.example", "wss://other.feed.example", False),
        ("feed.example", "wss://feed.example.evil", False),
        ("*.example", "wss://a.b.example", True),
        ("*.example", "wss://example", False),
        ("*.example", "wss://evilexample", False),
        ("wss://feed.example", "ws://feed.example", False),
        ("feed.example:8443", "wss://feed.example", False),
        ("feed.example:8443", "wss://feed.example:8443", True),
        ("wss://feed.example/v1", "wss://feed.example/v1/x?a=/v2", True),
        ("wss://feed.example/v1", "wss://feed.example/v2?a=/v1", False),
        ("[::1]", "ws://[::1]:9", True),
        ("feed.example", "ws://feed.example@evil.example", False),
    ],
)
def test_a_pattern_allows_a_server(pattern: str, address: str, is_allowed: bool) -> None:
    assert allowed_server(pattern).allows(parse(address)) is is_allowed


@pytest.mark.parametrize("pattern", ["", "*", "http://", "a b", "*."])
def test_what_says_no_server_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        allowed_server(pattern)
