"""What a tab is called."""

from __future__ import annotations

import pytest

from spacebeam.protocol.endpoint import parse
from spacebeam.ui.window.tab_words import title, whole_title


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("ws://one.test/", "one.test"),
        ("ws://one.test:81/", "one.test:81"),
        ("wss://one.test/feed/?token=abc", "one.test/feed"),
        ("ws+unix:/run/a.sock:/feed", "/run/a.sock/feed"),
    ],
)
def test_a_tab_is_called_by_its_host_and_path(address: str, expected: str) -> None:
    assert title(parse(address)) == expected


def test_a_tab_without_an_address_waits_for_one() -> None:
    assert title(None) == "New Connection"
    assert whole_title(None) == ""


def test_the_title_of_its_recording_comes_first_and_is_harmless() -> None:
    endpoint = parse("ws://one.test/feed?token=abc")
    assert title(endpoint, "The crash") == "The crash"
    assert title(endpoint, "a\x1b" * 1000) == "a\N{SYMBOL FOR ESCAPE}" * 100
    assert whole_title(endpoint, "The crash") == "The crash\nws://one.test/feed?token=•••"
