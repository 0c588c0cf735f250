"""Saved filters and the history: there in every tab and after a restart, not of private talks."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from gi.repository import Gdk

from spacebeam.library.settings import load, save
from spacebeam.profiles.profile import Profile
from tests.library.files import write_recording
from tests.support.waiting import eventually
from tests.ui.doing import button, click, serving
from tests.ui.pageobjects.search import FilterMenuPage, FilterPage
from tests.ui.pageobjects.tab import TabPage, opened_tab


@contextlib.asynccontextmanager
async def finding(folder: Path) -> AsyncIterator[TabPage]:
    """A tab with a recording, and the filter bar open."""
    path = folder / "a.beam"
    if not path.exists():
        write_recording(path, "one", "two")
    async with opened_tab() as tab:
        await tab.widget.open_recording(path)
        tab.do("tab.find")
        await eventually(tab.session_page.filter.entry.get_mapped)
        yield tab


async def saving(filter_: FilterPage, text: str, name: str) -> None:
    filter_.type_filter(text)
    menu = await filter_.open_menu()
    menu.press("Save This Filter…")
    menu.give_name(name)


def buttons(menu: FilterMenuPage, name: str, tooltip: str) -> None:
    """Click a button of a saved filter."""
    click(button(menu.row(name), tooltip))


async def test_a_filter_is_saved_used_renamed_and_deleted(
    tmp_path: Path, settings_path: Path
) -> None:
    async with finding(tmp_path) as tab:
        filter_ = tab.session_page.filter
        await saving(filter_, "json:code=MARGIN_CALL", " Margin calls ")
        await saving(filter_, "is:sent", "Mine")
        assert load(settings_path).filters.saved == {
            "Margin calls": "json:code=MARGIN_CALL",
            "Mine": "is:sent",
        }
    async with finding(tmp_path) as tab:
        filter_ = tab.session_page.filter
        menu = await filter_.open_menu()
        menu.choose("Margin calls")
        assert filter_.text == "json:code=MARGIN_CALL"
        menu = await filter_.open_menu()
        buttons(menu, "Mine", "Rename")
        assert menu.name == "Mine"
        menu.type_name("Margin calls")
        assert not menu.done_button.get_sensitive()
        menu.give_name("What I sent")
        assert list(menu.saved) == ["Margin calls", "What I sent"]
        buttons(menu, "What I sent", "Delete")
        assert list(menu.saved) == ["Margin calls"]
        menu.widget.popdown()
        await eventually(lambda: tab.says("Deleted “What I sent”"))
        tab.press("Undo")
        assert load(settings_path).filters.saved["What I sent"] == "is:sent"


async def test_a_filter_with_an_error_is_not_saved_and_a_name_is_used_once(tmp_path: Path) -> None:
    async with finding(tmp_path) as tab:
        filter_ = tab.session_page.filter
        for text in ("", "is:", "one is:"):
            filter_.type_filter(text)
            menu = await filter_.open_menu()
            assert not menu.button("Save This Filter…").get_sensitive()
            menu.widget.popdown()
        await saving(filter_, "one", "x")
        await saving(filter_, "two", "x")
        menu = await filter_.open_menu()
        assert menu.saved == {"x": "two"}
        menu.press("Save This Filter…")
        menu.type_name(" ")
        assert not menu.done_button.get_sensitive()


async def test_filters_used_on_an_earlier_day_come_by_the_down_key(
    tmp_path: Path, settings_path: Path
) -> None:
    settings = load(settings_path)
    settings.filters.remember("earlier")
    save(settings, settings_path)
    async with finding(tmp_path) as tab:
        filter_ = tab.session_page.filter
        filter_.type_filter("one")
        tab.do("tab.next-match")
        filter_.press_key(Gdk.KEY_Escape)
        assert load(settings_path).filters.used == ["one", "earlier"]
        tab.do("tab.find")
        for text in ("one", "earlier"):
            filter_.press_key_in_entry(Gdk.KEY_Down)
            assert filter_.text == text
        menu = await filter_.open_menu()
        assert menu.recent[:2] == ["one", "earlier"]
        menu.choose("one")
        assert filter_.text == "one"


async def test_filters_of_a_private_conversation_are_not_saved(settings_path: Path) -> None:
    async with opened_tab() as tab, serving() as url:
        tab.connect_with(f"{url}/echo", Profile(record=False))
        await eventually(lambda: tab.is_connected)
        tab.do("tab.find")
        filter_ = tab.session_page.filter
        await eventually(filter_.entry.get_mapped)
        filter_.type_filter("mysecret")
        filter_.press_key(Gdk.KEY_Escape)
        tab.do("tab.find")
        filter_.press_key_in_entry(Gdk.KEY_Down)
        assert filter_.text == "mysecret"
    assert not settings_path.exists() or "mysecret" not in settings_path.read_text()
