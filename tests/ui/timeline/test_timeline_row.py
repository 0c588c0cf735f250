"""A row shows one entry, and is reused for others."""

from __future__ import annotations

import pytest
from gi.repository import Gtk

from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.entry import Mark
from spacebeam.search.parser import parse
from spacebeam.ui.timeline.timeline_row import TimelineRow
from tests.ui.doing import shown, words
from tests.ui.pageobjects.timeline import RowPage
from tests.ui.recordings import entry


async def test_a_row_shows_kind_payload_and_size() -> None:
    async with shown(TimelineRow()) as row:
        row.show_entry(entry(b"hello"))
        direction, _time, *seen = words(row)
        assert direction == "↓"
        assert seen == ["text", "hello", "5 B"]


async def test_a_reused_row_shows_nothing_of_its_earlier_entry() -> None:
    async with shown(TimelineRow()) as row:
        row.show_entry(entry(b"hello", Kind.TEXT, Direction.SENT))
        row.show_entry(entry(b"\x01\x02", Kind.BINARY, Direction.RECEIVED))
        direction, _time, *seen = words(row)
        assert direction == "↓"
        assert seen == ["binary", "01 02", "2 B"]
        assert {"received", "binary"} <= set(row.get_css_classes())
        assert not {"sent", "text"} & set(row.get_css_classes())


async def test_sent_and_received_entries_of_a_kind_differ() -> None:
    async with shown(TimelineRow()) as row:
        row.show_entry(entry(b"a", Kind.PING, Direction.RECEIVED))
        row.show_entry(entry(b"a", Kind.PING, Direction.SENT))
        assert words(row)[0] == "↑"
        assert "sent" in row.get_css_classes()


@pytest.mark.parametrize("said", ["<b>bold</b> & <i>", "&amp;", "_mnemonic"])
async def test_markup_in_a_payload_is_shown_as_text(said: str) -> None:
    async with shown(TimelineRow()) as row:
        row.show_entry(entry(said.encode()))
        assert said in words(row)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("direction", list(Direction))
@pytest.mark.parametrize(
    "payload", [b"", b"\x00", b"\xff\xfe\xfd", b"x" * 2048, "\u202e😀\n".encode()]
)
async def test_every_entry_fits_on_one_line(
    kind: Kind, direction: Direction, payload: bytes
) -> None:
    async with shown(TimelineRow()) as row:
        row.show_entry(entry(b"one line"))
        height = row.measure(Gtk.Orientation.VERTICAL, -1)[:2]
        row.show_entry(entry(payload, kind, direction))
        assert row.measure(Gtk.Orientation.VERTICAL, -1)[:2] == height
        assert len(RowPage(row).preview.splitlines()) <= 1


def marked(row: TimelineRow) -> list[str]:
    return RowPage(row).marked_matches


async def test_matches_are_marked_in_the_preview() -> None:
    async with shown(TimelineRow()) as row:
        row.show_entry(entry("größe\nist größe".encode()), highlights_of=parse("größ /i.t/"))
        assert marked(row) == ["größ", "ist", "größ"]


async def test_a_reused_row_keeps_no_marked_matches() -> None:
    async with shown(TimelineRow()) as row:
        row.show_entry(entry(b"one two"), highlights_of=parse("two"))
        row.show_entry(entry(b"one one"), highlights_of=parse("two"))
        assert marked(row) == []
        row.show_entry(entry(b"one two"), highlights_of=parse("two"))
        row.show_entry(entry(b"one two"))
        assert marked(row) == []


async def test_stars_and_notes_are_shown_until_the_next_entry() -> None:
    async with shown(TimelineRow()) as row:
        row.show_entry(entry(b"one"))
        assert RowPage(row).mark is None
        row.show_entry(entry(b"one"), Mark(is_starred=True))
        assert "★" in words(row)
        row.show_entry(entry(b"one"), Mark(True, "look <b>here</b>\u202e"))
        assert "★✎" in words(row)
        mark = RowPage(row).mark
        assert mark is not None
        assert mark.get_tooltip_text() == "look <b>here</b>⟨202E⟩"
        row.show_entry(entry(b"one"), Mark(note="look"))
        assert "✎" in words(row)
        row.show_entry(entry(b"two"))
        assert RowPage(row).mark is None


async def test_a_hex_dump_has_no_matches() -> None:
    async with shown(TimelineRow()) as row:
        row.show_entry(entry(b'{"ab":1}', Kind.BINARY), highlights_of=parse("ab"))
        assert marked(row) == ["ab"]
        row.show_entry(entry(b"\xab ab", Kind.BINARY), highlights_of=parse("ab"))
        assert marked(row) == []
        row.show_entry(entry(b"ab"), highlights_of=parse("ab"))
        assert marked(row) == ["ab"]
