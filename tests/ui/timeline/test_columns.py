"""Columns beside the payload are shown and hidden, and remembered."""

from __future__ import annotations

import pytest

from spacebeam.decode.visible import set_pictures
from spacebeam.library.settings import DEFAULT_COLUMNS, default_path, load
from spacebeam.protocol.batch import Direction, Kind, Origin
from spacebeam.recording.entry import Entry, Mark
from spacebeam.ui.control_pictures import are_in_font
from spacebeam.ui.timeline.columns import Column, Times, cell, columns
from spacebeam.ui.timeline.entry_words import accessible_name, clock
from spacebeam.ui.timeline.timeline_row import TimelineRow
from tests.support.listener import listener
from tests.support.waiting import eventually
from tests.ui.doing import resize, shown, words
from tests.ui.pageobjects.tab import opened_tab
from tests.ui.pageobjects.timeline import RowPage
from tests.ui.pageobjects.window import opened_window


def entry(
    payload: bytes,
    kind: Kind = Kind.TEXT,
    direction: Direction = Direction.RECEIVED,
    origin: Origin | None = None,
) -> Entry:
    return Entry(1233, 1000.5, kind, direction, len(payload), payload, origin)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0.000"),
        (59.9994, "59.999"),
        (61.5, "1:01.500"),
        (3600.0, "1:00:00"),
        (200_000.0, "2.3 d"),
        (-0.25, "-0.250"),
    ],
)
def test_a_time_is_compared_with_the_beginning_and_the_entry_before(
    seconds: float, text: str
) -> None:
    one = entry(b"x")
    assert cell(Column.ELAPSED, one, Times(began=one.time - seconds)) == text
    assert cell(Column.SINCE, one, Times(before=one.time - seconds)) == f"+{text}"
    assert cell(Column.SINCE, one, Times()) == ""


@pytest.mark.parametrize(
    ("one", "wire"),
    [
        (entry(b"x" * 100), "102 B"),
        (entry(b"x" * 100, direction=Direction.SENT), "106 B"),
        (entry(b"x" * 126), "130 B"),
        (entry(b"", Kind.PING), "2 B"),
        (entry(b"x" * 1000, origin=Origin(24, (20,), True)), "24 B"),
        (entry(b"{}", Kind.EVENT, Direction.NONE), ""),
    ],
)
def test_the_size_on_the_wire_has_the_frames_headers(one: Entry, wire: str) -> None:
    assert cell(Column.WIRE, one, Times()) == wire


async def test_columns_have_their_order_whichever_is_shown_first() -> None:
    async with shown(TimelineRow()) as row:
        for chosen in (("wire",), ("number", "wire"), ("since", "number", "size", "wire")):
            row.show_columns(columns(chosen))
            row.show_entry(entry(b"hello"), None, None, None, Times(before=1000.0))
        assert words(row) == ["↓", "1,234", "+0.500", "hello", "5 B", "7 B"]
        row.show_columns(columns(DEFAULT_COLUMNS))
        row.show_entry(entry(b"hello"))
        assert words(row)[2:] == ["text", "hello", "5 B"]


async def test_a_chosen_column_is_shown_in_every_tab_and_remembered() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            await eventually(lambda: tab.timeline.length == 1)
            await tab.timeline.at_rest()
            tab.do("tab.column-number")
            await eventually(lambda: "1" in words(tab.timeline.widget))
            tab.do("tab.column-kind")
            await eventually(lambda: "event" not in words(tab.timeline.widget))
            saved = load(default_path()).columns
            assert set(saved) == {"number", "time", "size"}


async def test_an_empty_message_is_called_so() -> None:
    async with shown(TimelineRow()) as row:
        for kind in (Kind.TEXT, Kind.BINARY, Kind.PING):
            row.show_entry(entry(b"", kind))
            assert RowPage(row).preview == "empty"
            assert row.has_css_class("empty")
        row.show_entry(entry(b"empty"))
        assert not row.has_css_class("empty")


async def test_every_character_of_a_preview_is_in_a_font() -> None:
    set_pictures(are_in_font())
    try:
        async with shown(TimelineRow()) as row:
            row.show_entry(entry(bytes((*range(0x20), 0x7F))))
            layout = row.create_pango_layout(RowPage(row).preview)
            assert layout.get_unknown_glyphs_count() == 0
    finally:
        set_pictures(True)


def test_a_row_is_named_by_what_it_shows() -> None:
    one = entry(b'{"a": 1}')
    time = clock(one)[:8]
    assert accessible_name(one, '{"a": 1}') == f'Received text, {time}, 8 bytes, {{"a": 1}}'
    assert accessible_name(entry(b"x"), "x", Mark(True)).endswith("1 byte, starred, x")
    event = entry(b"{}", Kind.EVENT, Direction.NONE)
    assert accessible_name(event, "Connected") == f"Event, {time}, Connected"


async def test_a_narrow_window_leaves_out_the_kind() -> None:
    with listener() as peer:
        async with opened_window() as window:
            tab = await window.connect(peer.url)
            await tab.session.send("hello")
            await eventually(lambda: "text" in tab.timeline.words)
            await resize(window.widget, 400, 600, lambda: "text" not in tab.timeline.words)
            assert "hello" in tab.timeline.words
            await resize(window.widget, 900, 600, lambda: "text" in tab.timeline.words)
