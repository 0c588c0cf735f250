"""The list of recordings: searching, selecting, and every way to a recording's menu."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from gi.repository import Gdk, Gio, GLib, GObject, Gtk

from spacebeam.library.recording_info import RecordingInfo, RecordingState
from spacebeam.ui.recordings import recording_words
from spacebeam.ui.recordings.recording_store import RecordingItem
from spacebeam.ui.recordings.recordings_list import KEYS, RecordingsList
from tests.support.waiting import eventually
from tests.ui.doing import Heard, shown
from tests.ui.pageobjects.recordings import RecordingsListPage


@contextlib.asynccontextmanager
async def listed(*names: str) -> AsyncIterator[RecordingsListPage]:
    model = Gio.ListStore.new(RecordingItem)
    for name in names:
        model.append(
            RecordingItem(RecordingInfo(Path(f"{name}.beam"), RecordingState.COMPLETE, title=name))
        )
    async with shown(RecordingsList()) as view:
        view.show_model(model)
        page = RecordingsListPage(view)
        await eventually(lambda: len(page.rows) == len(names))
        yield page


def selected(page: RecordingsListPage) -> str:
    return "" if page.selected is None else page.selected.title


async def test_nothing_is_selected_at_first() -> None:
    async with listed("one", "two") as page:
        assert page.selected is None
        assert page.widget.found == 2


async def test_a_search_shows_only_matches() -> None:
    async with listed("one", "two", "another one") as page:
        page.widget.search("one")
        await eventually(lambda: len(page.rows) == 2)
        assert page.widget.found == 2
        assert "two" not in page.words
        page.widget.search("")
        assert page.widget.found == 3


async def test_enter_and_double_click_open_the_selected_recording() -> None:
    async with listed("one", "two") as page:
        asked = Heard(page.widget, "open-requested")
        page.select(1)
        page.activate(1)
        assert len(asked) == 1
        assert selected(page) == "two"


async def test_a_rows_star_emits_its_recording() -> None:
    async with listed("one", "two") as page:
        asked = Heard(page.widget, "starred")
        page.rows[1].press_star()
        assert [one.title for one in asked] == ["two"]


async def test_a_rows_menu_selects_its_recording() -> None:
    async with listed("one", "two") as page:
        page.rows[1].press_menu()
        await eventually(page.menu.get_mapped)
        assert selected(page) == "two"
        page.menu.popdown()
        await eventually(lambda: not page.menu.get_mapped())
        assert page.list_view.get_focus_child() is not None  # so that keys reach the list


@pytest.mark.parametrize(
    ("pressed", "state"),
    [(Gdk.KEY_Menu, Gdk.ModifierType(0)), (Gdk.KEY_F10, Gdk.ModifierType.SHIFT_MASK)],
)
async def test_keys_open_the_menu(pressed: int, state: Gdk.ModifierType) -> None:
    async with listed("one", "two") as page:
        page.widget.select_and_focus(1)
        await eventually(page.list_view.get_focus_child)
        assert page.press_key(pressed, state)
        await eventually(page.menu.get_mapped)
        assert selected(page) == "two"
        page.menu.popdown()
        await eventually(lambda: not page.menu.get_mapped())


async def test_other_keys_are_left_to_the_list() -> None:
    async with listed("one") as page:
        page.widget.select_and_focus(0)
        assert not page.press_key(Gdk.KEY_F10)


async def test_every_key_has_an_action() -> None:
    async with listed("one") as page:
        view = page.widget
        group = Gio.SimpleActionGroup()
        done: list[str] = []
        for name in KEYS.values():
            action = Gio.SimpleAction.new(name.rpartition(".")[2], None)
            action.connect("activate", lambda action, _value: done.append(action.get_name()))
            group.add_action(action)
        view.insert_action_group("recording", group)
        view.insert_action_group("recordings", group)
        (keys,) = (
            one
            for one in page.list_view.observe_controllers()
            if isinstance(one, Gtk.ShortcutController)
            and {shortcut.get_trigger().to_string() for shortcut in one} & set(KEYS)
        )
        for shortcut in keys:
            shortcut.get_action().activate(Gtk.ShortcutActionFlags(0), view, None)
        assert len(done) == len(KEYS)


async def test_a_position_beyond_the_end_selects_the_last_recording() -> None:
    async with listed("one", "two", "three") as page:
        page.widget.select_and_focus(1)
        assert (selected(page), page.widget.position) == ("two", 1)
        page.widget.select_and_focus(99)
        assert selected(page) == "three"
        page.widget.show_model(None)
        page.widget.select_and_focus(0)
        assert page.selected is None


async def test_a_new_selection_is_emitted() -> None:
    async with listed("one", "two") as page:
        emitted = Heard(page.widget, "selection-changed")
        page.widget.select_and_focus(1)
        assert emitted


async def test_a_new_recording_costs_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    shown_infos: list[RecordingInfo] = []
    whole_name = recording_words.whole_name

    def counted(info: RecordingInfo) -> str:
        shown_infos.append(info)
        return whole_name(info)

    monkeypatch.setattr(recording_words, "whole_name", counted)
    async with listed() as page:
        model = Gio.ListStore.new(RecordingItem)
        page.widget.show_model(model)
        for name in ("0", "1", "2"):
            model.append(RecordingItem(RecordingInfo(Path(name), RecordingState.COMPLETE)))
        await eventually(lambda: len(page.rows) == 3)
        shown_infos.clear()
        info = RecordingInfo(Path("new"), RecordingState.COMPLETE)
        model.insert(1, RecordingItem(info))
        await eventually(lambda: len(page.rows) == 4)
        assert shown_infos == [info]
        items = [row.widget.item for row in page.rows]
        assert [item.info.path.name for item in items if item] == ["0", "new", "1", "2"]


async def test_closed_rows_follow_no_item() -> None:
    def is_followed(item: RecordingItem) -> bool:
        signal, info = GObject.signal_lookup("notify", item), GLib.quark_from_string("info")
        return bool(GObject.signal_has_handler_pending(item, signal, info, True))

    async with listed("one", "two") as page:
        items = [row.widget.item for row in page.rows if row.widget.item is not None]
        assert all(map(is_followed, items))
    del page
    await eventually(lambda: not any(map(is_followed, items)))
