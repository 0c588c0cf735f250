"""Hiding entries of an address for good: the noise is gone, and the counters' line says so."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from gi.repository import Gtk

from spacebeam.library.settings import load
from spacebeam.profiles.profile import Profile
from spacebeam.ui.search.hiding import can_hide
from tests.library.files import write_recording
from tests.support.waiting import eventually
from tests.ui.doing import click, descendants, serving
from tests.ui.pageobjects.page import has_focus
from tests.ui.pageobjects.tab import TabPage, opened_tab

ADDRESS = "ws://one.test/feed"
BEAT, TRADE = '{"type":"beat"}', '{"type":"trade"}'
IS_BEAT = "json:type=beat"


@contextlib.asynccontextmanager
async def showing(path: Path, *said: str, address: str = ADDRESS) -> AsyncIterator[TabPage]:
    """A tab with a recording of these texts."""
    async with opened_tab() as tab:
        await tab.widget.open_recording(write_recording(path, *said, address=address))
        await tab.timeline.at_rest()
        yield tab


async def hide_like(tab: TabPage, number: int) -> None:
    tab.timeline.widget.go_to(number)
    await tab.timeline.at_rest()
    tab.do("tab.hide-like")
    await tab.timeline.at_rest()


async def test_entries_like_one_are_hidden_and_the_next_one_is_selected(tmp_path: Path) -> None:
    async with showing(tmp_path / "a.beam", BEAT, BEAT, TRADE, BEAT) as tab:
        page = tab.session_page
        assert page.hidden.text == ""
        await hide_like(tab, 1)
        assert tab.timeline.numbers == [2]
        assert tab.timeline.selected == 2
        assert has_focus(tab.timeline.list_view)
        assert page.hidden.text == "3 hidden"
        assert "shown" not in page.count
        assert page.filter.text == ""
        assert tab.says(f"Hidden: {IS_BEAT}")


async def test_what_is_hidden_at_an_address_is_hidden_after_a_restart(
    tmp_path: Path, settings_path: Path
) -> None:
    secret = f"{ADDRESS}?token=abcdefghijklmnop"
    async with showing(tmp_path / "a.beam", BEAT, TRADE, address=secret) as tab:
        await hide_like(tab, 0)
        tab.do("tab.hide-pings")
    assert "abcdefghijklmnop" not in settings_path.read_text()
    async with showing(tmp_path / "b.beam", *[BEAT] * 4, TRADE, address=secret) as tab:
        assert tab.timeline.numbers == [4]
        assert tab.session_page.hidden.text == "4 hidden"
        assert tab.session_page.hidden.filters == {
            IS_BEAT: True,
            "is:ping": True,
            "is:pong": True,
        }
    async with showing(tmp_path / "c.beam", BEAT, address="ws://other.test/") as tab:
        assert tab.timeline.numbers == [0]
        assert tab.session_page.hidden.text == ""


async def test_a_hidden_filter_is_switched_off_removed_and_brought_back(
    tmp_path: Path, settings_path: Path
) -> None:
    async with showing(tmp_path / "a.beam", BEAT, TRADE, "other") as tab:
        hidden = tab.session_page.hidden
        await hide_like(tab, 0)
        await hide_like(tab, 1)
        assert tab.timeline.numbers == [2]
        hidden.switch(IS_BEAT)
        await tab.timeline.at_rest()
        assert tab.timeline.numbers == [0, 2]
        assert hidden.text == "1 hidden"
        assert load(settings_path).filters.hidden[ADDRESS][IS_BEAT] is False
        hidden.remove(IS_BEAT)
        assert list(hidden.filters) == ["json:type=trade"]
        assert hidden.all_button.get_label() == "Show All"
        click(hidden.all_button)
        await tab.timeline.at_rest()
        assert tab.timeline.numbers == [0, 1, 2]
        assert hidden.text == "Hiding is off"
        click(hidden.all_button)
        await tab.timeline.at_rest()
        assert tab.timeline.numbers == [0, 2]
        hidden.remove("json:type=trade")
        await tab.timeline.at_rest()
        assert hidden.text == ""
        assert load(settings_path).filters.hidden == {}


async def test_hiding_is_undone(tmp_path: Path) -> None:
    async with showing(tmp_path / "a.beam", BEAT, TRADE) as tab:
        await hide_like(tab, 0)
        await eventually(lambda: tab.says("Undo"))
        tab.press("Undo")
        await tab.timeline.at_rest()
        assert tab.timeline.numbers == [0, 1]
        assert tab.session_page.hidden.text == ""


async def test_what_the_filter_shows_is_hidden_and_counted_beside_the_filter(
    tmp_path: Path,
) -> None:
    async with showing(tmp_path / "a.beam", "one", "two", "three", "one") as tab:
        page = tab.session_page
        assert not tab.can("tab.hide-shown")
        tab.do("tab.find")
        page.filter.type_filter("ONE")
        assert tab.can("tab.hide-shown")
        tab.do("tab.hide-shown")
        await tab.timeline.at_rest()
        assert tab.timeline.numbers == [1, 2]
        assert page.filter.text == ""
        page.filter.type_filter("t")
        await tab.timeline.at_rest()
        page.filter.type_filter("two")
        await tab.timeline.at_rest()
        assert tab.timeline.numbers == [1]
        assert page.filter.count == "1 of 2"
        assert page.hidden.text == "2 hidden"
        assert page.count.endswith("1 shown")


async def test_it_says_that_all_entries_are_hidden(tmp_path: Path) -> None:
    async with showing(tmp_path / "a.beam", BEAT) as tab:
        await hide_like(tab, 0)
        assert tab.says("All entries are hidden.")


async def test_new_entries_are_hidden_and_counted() -> None:
    async with opened_tab() as tab, serving() as url:
        await tab.connect(f"{url}/echo")
        tab.do("tab.hide-pings")
        assert tab.session.connection is not None
        await tab.session.connection.ping(b"")
        await eventually(lambda: tab.session_page.hidden.text == "2 hidden")
        await tab.timeline.at_rest()
        kinds = [tab.recording.entry(one).kind.name for one in tab.timeline.numbers]
        assert not {"PING", "PONG"} & set(kinds)


async def test_what_is_hidden_in_a_private_conversation_is_not_saved(settings_path: Path) -> None:
    async with opened_tab() as tab, serving() as url:
        tab.connect_with(f"{url}/echo", Profile(record=False))
        await eventually(lambda: tab.is_connected)
        tab.do("tab.hide-pings")
        await eventually(lambda: tab.session_page.hidden.text == "0 hidden")
        labels = descendants(tab.session_page.hidden.popover, Gtk.Label)
        assert any("until the program ends" in label.get_text() for label in labels)
    assert not settings_path.exists() or "is:ping" not in settings_path.read_text()


async def test_another_program_with_the_address_hides_the_same(tmp_path: Path) -> None:
    async with (
        showing(tmp_path / "a.beam", BEAT, TRADE) as tab,
        showing(tmp_path / "b.beam", TRADE, BEAT, BEAT) as other,
    ):
        await hide_like(tab, 0)
        await eventually(lambda: other.session_page.hidden.text == "2 hidden")
        await other.timeline.at_rest()
        assert other.timeline.numbers == [0]


def test_a_filter_without_a_condition_or_with_an_error_hides_nothing() -> None:
    assert can_hide("-is:ping")
    assert not any(map(can_hide, ("", "case:yes", "is:pin is:pong", "x" * 3000)))
