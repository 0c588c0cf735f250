"""Marks in a text are placed by characters, not by bytes."""

from __future__ import annotations

from gi.repository import Gtk
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.ui.text_marks import (
    Range,
    byte_ranges,
    error_attributes,
    match_attributes,
    match_tags,
)


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=5), max_size=6))
def test_byte_ranges_cover_the_same_text_as_character_ranges(parts: list[str]) -> None:
    text = "".join(parts)
    ranges: list[Range] = []
    position = 0
    for place, part in enumerate(parts):
        if place % 2:
            ranges.append((position, position + len(part)))
        position += len(part)
    data = text.encode()
    said = [data[start:end].decode() for start, end in byte_ranges(text, ranges)]
    assert said == [text[start:end] for start, end in ranges]


def test_a_match_has_a_background_and_an_error_an_underline() -> None:
    found = match_attributes("größe", [(1, 3), (4, 5)]).to_string()
    assert [line.split()[:3] for line in found.splitlines()] == [
        ["1", "4", "background"],
        ["1", "4", "background-alpha"],
        ["6", "7", "background"],
        ["6", "7", "background-alpha"],
    ]
    wrong = error_attributes("größe", [(4, 5)]).to_string()
    assert [line.split()[:3] for line in wrong.splitlines()] == [
        ["6", "7", "underline"],
        ["6", "7", "underline-color"],
    ]


def test_without_ranges_nothing_is_marked() -> None:
    assert match_attributes("text", []).to_string() == ""


def test_the_tags_of_a_buffer_have_two_colours() -> None:
    match, current = match_tags()
    table = Gtk.TextTagTable()
    assert table.add(match)
    assert table.add(current)
    one, other = match.get_property("background-rgba"), current.get_property("background-rgba")
    assert not one.equal(other)
    assert 0 < one.alpha < 1
