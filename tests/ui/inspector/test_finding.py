"""Words are found in the message that is shown, as a tree or as text."""

from __future__ import annotations

from pathlib import Path

from gi.repository import Gdk, Gtk

from spacebeam.decode.message_pack import MessagePackDecoder
from spacebeam.protocol.batch import Kind
from spacebeam.search.parser import parse
from spacebeam.ui.inspector.inspector import Inspector
from spacebeam.ui.inspector.json_tree_view import JsonTreeView
from tests.library.files import write_recording
from tests.support.waiting import eventually
from tests.ui.doing import Heard, key, shown
from tests.ui.pageobjects.inspector import InspectorPage
from tests.ui.pageobjects.json_tree import TreePage
from tests.ui.pageobjects.page import child
from tests.ui.pageobjects.tab import opened_tab
from tests.ui.recordings import entry


def tree_of(inspector: Inspector) -> TreePage:
    return TreePage(child(inspector, "_tree_view", JsonTreeView))


async def test_words_are_found_in_the_tree_of_any_format() -> None:
    payload = MessagePackDecoder().encode({"bids": [{"price": one} for one in range(300)]})
    async with shown(Inspector()) as inspector:
        page, tree = InspectorPage(inspector), tree_of(inspector)
        inspector.show_entry(entry(payload, Kind.BINARY))
        await eventually(lambda: tree.rows)
        ended = Heard(inspector, "matches-ended")
        page.find("29")
        assert page.is_finding
        await page.wait_for("1 of 13 in this message")
        await eventually(lambda: "price: 29" in tree.rows)
        page.press_enter_in_find()
        await page.wait_for("2 of 13 in this message")
        await eventually(lambda: "price: 129" in tree.rows)
        for _step in range(12):
            page.press_enter_in_find()
        await page.wait_for("1 of 13 in this message")  # again from the beginning
        assert not list(ended)


async def test_words_are_found_in_the_text_from_the_first_page_again() -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        inspector.show_entry(entry(b"first Word\n" + b"x\n" * 5000 + b"the last word"))
        page.find("word")
        await page.wait_for("2 in this message")
        page.press_enter_in_find()
        await eventually(lambda: page.match == 0)
        page.press_enter_in_find()
        await eventually(lambda: page.match == 1 and page.page == 3)
        page.press_enter_in_find()
        await eventually(lambda: page.match == 0 and page.page == 1)


async def test_the_filter_is_highlighted_when_the_field_is_closed() -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        inspector.show_highlights(parse("one"))
        inspector.show_entry(entry(b"one two two"))
        page.find("two")
        await eventually(lambda: page.coloured("match") == ["two", "two"])
        inspector.show_highlights(parse("one two"))  # not while words are searched
        inspector.show_entry(entry(b"one two"))
        await eventually(lambda: page.coloured("match") == ["two"])
        page.press_key_in_find(Gdk.KEY_Escape)
        assert not page.is_finding
        await eventually(lambda: page.coloured("match") == ["one", "two"])


async def test_ctrl_f_finds_in_the_inspector_and_again_in_the_conversation(tmp_path: Path) -> None:
    async with opened_tab() as tab:
        await tab.widget.open_recording(write_recording(tmp_path / "a.beam", '{"a":"needle"}'))
        page = tab.session_page
        await page.select(0)
        inspector = InspectorPage(page.widget.inspector)
        page.widget.inspector.focus()
        tab.do("tab.find")
        await eventually(lambda: inspector.is_finding)
        assert not page.widget.filter_bar.is_open
        tab.do("tab.find")
        await eventually(page.filter.entry.get_mapped)


async def test_escape_closes_the_field_before_the_inspector(tmp_path: Path) -> None:
    async with opened_tab() as tab:
        await tab.widget.open_recording(write_recording(tmp_path / "a.beam", '{"a":"needle"}'))
        page = tab.session_page
        await page.select(0)
        inspector = InspectorPage(page.widget.inspector)
        inspector.find("needle")
        page.widget.inspector.focus()  # to the tree
        key(page.widget, Gdk.KEY_Escape, phase=Gtk.PropagationPhase.BUBBLE)
        assert not page.widget.inspector.finding.is_on
        assert page.widget.inspector.get_visible()
        key(page.widget, Gdk.KEY_Escape, phase=Gtk.PropagationPhase.BUBBLE)
        await eventually(lambda: not page.widget.inspector.get_mapped())
