"""Chips add and remove terms, and are pressed if their term is in the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.search.parser import parse
from spacebeam.ui.search.chips import CHIPS, Chip


def chip(name: str) -> Chip:
    return next(one for one in CHIPS if one.name == name)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("Sent", "", "is:sent"),
        ("Sent", "price", "price is:sent"),
        ("Sent", "price is:sent", "price"),
        ("Sent", "is:received price", "price is:sent"),
        ("Sent", "-is:sent", "is:sent"),
        ("Binary", "is:text is:sent", "is:sent is:binary"),
        ("No pings", "", "-is:ping -is:pong"),
        ("No pings", "is:ping", "-is:ping -is:pong"),
        ("No pings", "-is:pong a -is:ping", "a"),
        ("Ping", "-is:ping -is:pong", "-is:pong is:ping"),
        ("Starred", "is:text", "is:text is:starred"),
    ],
)
def test_a_click_adds_the_term_and_removes_its_opposite(name: str, before: str, after: str) -> None:
    assert chip(name).toggled(before) == after


@pytest.mark.parametrize(
    ("text", "pressed"),
    [
        ("", []),
        ("is:sent price", ["Sent"]),
        ("-is:sent", []),
        ("is:starred is:received is:text", ["Received", "Text", "Starred"]),
        ("-is:ping", []),
        ("-is:ping -is:pong", ["No pings"]),
        ('"is:sent"', []),
    ],
)
def test_chips_follow_the_text(text: str, pressed: list[str]) -> None:
    assert [one.name for one in CHIPS if one.is_in(text)] == pressed


@given(st.sampled_from(CHIPS), st.text(' "/-is:entpog\\', max_size=20))
def test_a_click_toggles_the_chip_for_any_text(one: Chip, text: str) -> None:
    assert one.is_in(one.toggled(text)) is not one.is_in(text)


def test_every_chip_adds_a_valid_term() -> None:
    for one in CHIPS:
        filtered = parse(one.toggled(""))
        assert filtered.terms
        assert not filtered.errors
