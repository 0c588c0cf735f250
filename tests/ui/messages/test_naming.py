"""The name that is proposed for a message is short and plain."""

from __future__ import annotations

import pytest

from spacebeam.ui.messages.naming import MAX_NAME, proposed_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('{"op": "subscribe", "args": [{"channel": "tickers", "id": 7}]}', "subscribe tickers"),
        ('["join", "room 5"]', "join room 5"),
        ('{"token": "abc", "type": "auth"}', "auth"),
        ('{"type": "auth", "x": "9f8e7d6c5b4a39281706f5e4"}', "auth"),
        ('{"op": "subscribe", "id": {{$uuid}}}', "op subscribe id uuid"),
        ("/join #general\nand more", "/join #general and more"),
        ("{}", "Message"),
        ("€", "Message"),
    ],
)
def test_a_name_is_made_of_values_or_words(text: str, name: str) -> None:
    assert proposed_name(text) == name


@pytest.mark.parametrize("text", ["word " * 500, "[" * 5000, '"' + "a" * 9000, "\ud800"])
def test_a_name_is_short(text: str) -> None:
    assert 0 < len(proposed_name(text)) <= MAX_NAME
