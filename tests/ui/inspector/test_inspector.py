"""The inspector shows one entry as the best decoder does, or as the person chose."""

from __future__ import annotations

import time

import pytest
from gi.repository import Gtk

from spacebeam.protocol.batch import Kind, Origin
from spacebeam.recording.entry import Mark
from spacebeam.recording.recording import Recording
from spacebeam.ui.inspector.inspector import SHOWN_BYTES, Inspector
from spacebeam.ui.inspector.json_tree_view import JsonTreeView
from tests.support.waiting import eventually
from tests.ui.doing import Heard, button, click, descendants, resize, shown
from tests.ui.pageobjects.inspector import InspectorPage
from tests.ui.pageobjects.json_tree import TreePage
from tests.ui.pageobjects.page import child, has_focus
from tests.ui.recordings import entry

MIB = 1024 * 1024


async def test_json_is_a_tree_until_it_is_shown_as_text() -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        tree = TreePage(child(inspector, "_tree_view", JsonTreeView))
        terms: list[str] = []
        inspector.connect("filter-requested", lambda _inspector, term: terms.append(term))
        inspector.show_entry(entry(b'{"a":2.50}'))
        await tree.shows("{1}", "a: 2.50")
        tree.select(1)
        tree.do("filter")
        assert terms == ["json:a=2.50"]
        page.choose("Hex")
        await eventually(lambda: page.text.startswith("00000000"))
        assert tree.rows == []
        page.choose("JSON")
        await tree.shows("{1}", "a: 2.50")
        page.toggle_tree()
        await page.shows('{\n  "a": 2.50\n}')
        inspector.show_entry(entry(b'{"b":1}'))
        await page.shows('{\n  "b": 1\n}')


async def test_json_is_indented_and_coloured() -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        inspector.show_entry(entry(b'{"a":["x",2.50,null]}'))
        assert page.offered == ["JSON", "Text", "Hex"]
        page.toggle_tree()
        await page.shows('{\n  "a": [\n    "x",\n    2.50,\n    null\n  ]\n}')
        assert page.coloured("key") == ['"a"']
        assert page.coloured("string") == ['"x"']
        assert page.coloured("number") == ["2.50"]
        assert page.coloured("literal") == ["null"]
        assert page.is_wrapped
        page.choose("Text")
        await page.shows('{"a":["x",2.50,null]}')
        assert page.coloured("key") == []
        page.choose("Hex")
        await page.shows(
            "00000000  7b 22 61 22 3a 5b 22 78  22 2c 32 2e 35 30 2c 6e  "
            '{"a":["x",2.50,n\n'
            "00000010  75 6c 6c 5d 7d                                    ull]}"
        )
        assert not page.is_wrapped


async def test_the_kind_number_time_and_size_are_shown() -> None:
    async with shown(Inspector()) as inspector:
        origin = Origin(700, (400, 200), True)
        inspector.show_entry(entry(b"x" * 2048, number=41, origin=origin))
        day, moment = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(1_700_000_000)).split()
        page = InspectorPage(inspector)
        assert page.head == (
            f"Received · {moment}.250 · 2.0 KiB · #42 · 700 B on the wire, 2.0 KiB unpacked"
            " · 2 fragments: 400 and 200 bytes"
        )
        assert page.details == [
            "Received text",
            "#42",
            f"{day} {moment}.250",
            "2.0 KiB",
            "700 B on the wire, 2.0 KiB unpacked",
            "2 fragments: 400 and 200 bytes",
        ]
        inspector.show_entry(entry(b"plain", Kind.BINARY))
        assert page.head.startswith("Received binary · ")
        assert "wire" not in page.head
        assert not any("wire" in one for one in page.details)


async def test_a_chosen_format_is_remembered_for_messages_of_this_type() -> None:
    async with shown(Inspector()) as inspector:
        page, chosen = InspectorPage(inspector), []
        inspector.connect("decoder-chosen", lambda _inspector, *choice: chosen.append(choice))
        inspector.show_entry(entry(b"[1]"))
        page.choose("Hex")
        inspector.show_entry(entry(b"[2]"))
        assert page.chosen == "Hex"
        assert page.offered == ["JSON", "Text", "Hex"]
        inspector.show_entry(entry(b"[1]", Kind.BINARY))
        assert page.chosen == "JSON"
        inspector.show_entry(entry(b"[3]"))
        page.choose("JSON")
        inspector.show_entry(entry(b"text"))
        assert page.chosen == "Text"
        assert chosen == [(Kind.TEXT, "Hex"), (Kind.TEXT, "")]


async def test_another_connection_begins_with_the_best_formats() -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        inspector.show_entry(entry(b"[1]"))
        page.choose("Hex")
        inspector.show_recording(Recording())
        inspector.show_entry(entry(b"[2]"))
        assert page.chosen == "JSON"


async def test_the_best_format_replaces_a_chosen_one_that_does_not_fit() -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        inspector.show_entry(entry(b"[1]"))
        page.choose("JSON")
        page.choose("Text")
        inspector.show_entry(entry(b"\x03\xe8bye", Kind.CLOSE))
        await page.shows("1000 normal closure: bye")


async def test_a_guessed_format_is_labelled_as_a_guess() -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        inspector.show_entry(entry(b"[" * (MIB // 2)))
        assert page.offered == ["JSON (guess)", "Text", "Hex"]


@pytest.mark.parametrize("said", ["<b>bold</b> & <i>", "&amp;", "%s"])
async def test_a_payload_is_never_read_as_markup(said: str) -> None:
    async with shown(Inspector()) as inspector:
        inspector.show_entry(entry(said.encode()))
        await InspectorPage(inspector).shows(said)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize(
    "payload", [b"", b"\x00", b"\xff\xfe\xfd", b"{", "\u202e😀\r\n\x1b".encode()]
)
async def test_every_kind_of_entry_is_shown_in_all_its_formats(kind: Kind, payload: bytes) -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        inspector.show_entry(entry(payload, kind))
        for label in page.offered:
            page.choose(label)
            assert page.chosen == label


async def test_a_long_payload_is_shown_in_part_and_the_rest_can_be_requested() -> None:
    async with shown(Inspector()) as inspector:
        page, requested = InspectorPage(inspector), Heard(inspector, "whole-requested")
        inspector.show_entry(entry(b"x\n" * (SHOWN_BYTES // 2), size=2 * MIB))
        await page.wait_for("The first 512.0 KiB of 2.0 MiB")
        page.press("Show all")
        assert requested
        inspector.show_entry(entry(b"short"))
        await page.shows("short")
        assert not page.offers("Show all")


async def test_clear_forgets_the_entry() -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        inspector.show_entry(entry(b"x" * 64 * MIB))
        inspector.clear()
        assert page.text == ""
        page.choose("Hex")
        assert page.text == ""


async def test_copy_and_close_are_requested() -> None:
    async with shown(Inspector()) as inspector:
        copy, close = Heard(inspector, "copy-requested"), Heard(inspector, "close-requested")
        click(button(inspector, "Copy the whole payload"))
        click(button(inspector, "Close the inspector (Escape)"))
        assert copy
        assert close


async def test_a_star_and_a_note_are_shown_and_changed() -> None:
    async with shown(Inspector()) as inspector:
        star, note = Heard(inspector, "star-toggled"), Heard(inspector, "note-changed")
        star_button = next(descendants(inspector, Gtk.ToggleButton))
        *_others, note_entry = descendants(inspector, Gtk.Entry)
        inspector.show_entry(entry(b"one"))
        inspector.show_mark(Mark(True, "look here"))
        assert star_button.get_active()
        assert note_entry.get_text() == "look here"
        inspector.show_mark(None)
        assert not star_button.get_active()
        assert note_entry.get_text() == ""
        assert (star, note) == ([], [])
        star_button.set_active(True)
        inspector.edit_note()
        note_entry.set_text("mine")
        assert (star, note) == ([True], ["mine"])
        star_button.set_active(False)
        assert star == [True, False]


async def test_the_field_for_the_note_is_shown_for_a_note_or_when_it_is_asked_for() -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        inspector.show_entry(entry(b"one"))
        inspector.show_mark(None)
        assert not page.shows_note
        inspector.show_mark(Mark(False, "look here"))
        assert page.shows_note
        inspector.show_mark(None)
        assert not page.shows_note
        inspector.edit_note()
        assert page.shows_note
        assert has_focus(inspector)
        page.type_before_note("m")
        inspector.show_mark(Mark(False, "m"))
        page.erase_note()
        inspector.show_mark(None)
        assert page.shows_note  # it is being typed


async def test_the_choice_between_tree_and_text_is_told_and_shown() -> None:
    async with shown(Inspector()) as inspector:
        page, chosen = InspectorPage(inspector), Heard(inspector, "tree-chosen")
        inspector.show_entry(entry(b'{"a":1}'))
        page.toggle_tree()
        await page.shows('{\n  "a": 1\n}')
        assert chosen == [False]
        inspector.show_trees(True)
        await eventually(lambda: "a: 1" in " ".join(page.words) or page.text == "")
        assert chosen == [False]


@pytest.mark.parametrize(("width", "bytes_a_line"), [(900, 16), (480, 8), (330, 4)])
async def test_a_hex_dump_is_no_wider_than_the_inspector(width: int, bytes_a_line: int) -> None:
    async with shown(Inspector(), width, 400) as inspector:
        page = InspectorPage(inspector)
        inspector.show_entry(entry(bytes(64), Kind.BINARY))
        await eventually(lambda: page.text.count("\n") == 64 / bytes_a_line - 1)
        await eventually(lambda: page.needs_no_sideways_scrolling)


async def test_a_dump_that_becomes_narrower_stays_at_its_place() -> None:
    async with shown(Inspector(), 900, 400) as inspector:
        page, window = InspectorPage(inspector), inspector.get_root()
        payload = b"".join(number.to_bytes(4, "big") for number in range(50_000))
        inspector.show_entry(entry(payload, Kind.BINARY))
        await eventually(lambda: page.page == 1)
        page.press("Next page")
        await eventually(lambda: page.page == 2)
        first = page.text[:8]
        assert isinstance(window, Gtk.Window)
        await resize(window, 480, 400, lambda: len(page.text.split("\n")[0]) == 43)
        await eventually(lambda: page.sees(f"{first}  "))
