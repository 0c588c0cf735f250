"""The list: what is found, what is selected, and the menu on every way to it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from gi.repository import Gdk, Gio, Gtk

from spacebeam.library.recording_info import RecordingInfo, RecordingState
from spacebeam.ui.recordings.recording_row import RecordingRow
from spacebeam.ui.recordings.recording_store import RecordingItem
from spacebeam.ui.recordings.recordings_list import KEYS, RecordingsList
from tests.support.waiting import eventually
from tests.ui.doing import Heard, click, descendants, key, shown, words


@contextlib.asynccontextmanager
async def listed(*names: str) -> AsyncIterator[RecordingsList]:
    model = Gio.ListStore.new(RecordingItem)
    for name in names:
        model.append(
            RecordingItem(RecordingInfo(Path(f"{name}.beam"), RecordingState.COMPLETE, title=name))
        )
    async with shown(RecordingsList()) as view:
        view.show_model(model)
        await eventually(lambda: len(rows(view)) == len(names))
        yield view


def rows(view: RecordingsList) -> list[RecordingRow]:
    return [row for row in descendants(view, RecordingRow) if row.get_width() > 0]


def selected(view: RecordingsList) -> str:
    return "" if view.selected is None else view.selected.title


async def test_nothing_is_selected_at_first() -> None:
    async with listed("one", "two") as view:
        assert view.selected is None
        assert view.found == 2


async def test_a_search_leaves_what_matches() -> None:
    async with listed("one", "two", "another one") as view:
        view.search("one")
        await eventually(lambda: len(rows(view)) == 2)
        assert view.found == 2
        assert "two" not in words(view)
        view.search("")
        assert view.found == 3


async def test_enter_and_double_click_open_the_selected_one() -> None:
    async with listed("one", "two") as view:
        asked = Heard(view, "open-requested")
        view._selection.set_selected(1)
        view._list_view.emit("activate", 1)
        assert len(asked) == 1
        assert selected(view) == "two"


async def test_a_star_is_asked_for_by_its_row() -> None:
    async with listed("one", "two") as view:
        asked = Heard(view, "starred")
        click(rows(view)[1]._star_button)
        assert [one.title for one in asked] == ["two"]


async def test_the_menu_is_that_of_the_row_and_selects_it() -> None:
    async with listed("one", "two") as view:
        click(rows(view)[1]._menu_button)
        await eventually(view._menu.get_mapped)
        assert selected(view) == "two"
        view._menu.popdown()
        await eventually(lambda: not view._menu.get_mapped())
        assert view._list_view.get_focus_child() is not None  # keys go on from there


@pytest.mark.parametrize(
    ("pressed", "state"),
    [(Gdk.KEY_Menu, Gdk.ModifierType(0)), (Gdk.KEY_F10, Gdk.ModifierType.SHIFT_MASK)],
)
async def test_the_menu_comes_with_the_keyboard(pressed: int, state: Gdk.ModifierType) -> None:
    async with listed("one", "two") as view:
        view.select_and_focus(1)
        await eventually(view._list_view.get_focus_child)
        assert key(view._list_view, pressed, state, Gtk.PropagationPhase.BUBBLE)
        await eventually(view._menu.get_mapped)
        assert selected(view) == "two"
        view._menu.popdown()
        await eventually(lambda: not view._menu.get_mapped())


async def test_other_keys_are_left_to_the_list() -> None:
    async with listed("one") as view:
        view.select_and_focus(0)
        assert not key(view._list_view, Gdk.KEY_F10, phase=Gtk.PropagationPhase.BUBBLE)


async def test_every_key_has_an_action() -> None:
    async with listed("one") as view:
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
            for one in view._list_view.observe_controllers()
            if isinstance(one, Gtk.ShortcutController)
            and {shortcut.get_trigger().to_string() for shortcut in one} & set(KEYS)
        )
        for shortcut in keys:
            shortcut.get_action().activate(Gtk.ShortcutActionFlags(0), view, None)
        assert len(done) == len(KEYS)


async def test_where_one_was_removed_its_neighbour_is_selected() -> None:
    async with listed("one", "two", "three") as view:
        view.select_and_focus(1)
        assert (selected(view), view.position) == ("two", 1)
        view.select_and_focus(99)
        assert selected(view) == "three"
        view.show_model(None)
        view.select_and_focus(0)
        assert view.selected is None


async def test_another_selection_is_said() -> None:
    async with listed("one", "two") as view:
        said = Heard(view, "selection-changed")
        view.select_and_focus(1)
        assert said
