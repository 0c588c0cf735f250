"""Every key does something, is listed, and is no other action's key."""

from __future__ import annotations

import importlib.resources
from collections import Counter
from xml.etree import ElementTree

import pytest
from gi.repository import Adw, Gdk, Gtk

from spacebeam.server.local_chat import LocalChat
from spacebeam.ui import pages
from spacebeam.ui.window.shortcuts import SHORTCUTS, shortcuts_window
from tests.support.processes import free_port
from tests.support.waiting import eventually
from tests.ui.doing import descendants, key, opened, words

OF_TEXTS = ("win.first", "win.newest")
ALL = [shortcut for group in SHORTCUTS.values() for shortcut in group]


def test_no_key_does_two_things() -> None:
    assert [key for key, count in Counter(key for _, key, _ in ALL).items() if count > 1] == []


@pytest.mark.parametrize("key", [key for _action, key, _title in ALL])
def test_every_key_is_one_that_gtk_knows(key: str) -> None:
    known, value, _modifiers = Gtk.accelerator_parse(key)
    assert known
    assert value


async def test_every_action_with_a_key_exists_and_has_that_key() -> None:
    async with opened() as window:
        application = window.get_application()
        assert application is not None
        for action, key, _title in ALL:
            if action:
                scope, _dot, name = action.partition(".")
                owner = window if scope == "win" else application
                assert owner.has_action(name), action
                keys = [] if action in OF_TEXTS else [_canonical(key)]
                assert application.get_accels_for_action(action) == keys, action


def test_a_menu_says_the_key_of_what_it_offers() -> None:
    menus = importlib.resources.files(pages).joinpath("conversation_page.ui").read_text()
    keys = {action.partition(".")[2]: key for action, key, _title in ALL if action}
    said = {
        found["action"].partition(".")[2]: found["accel"]
        for item in ElementTree.fromstring(menus).iter("item")
        if "accel" in (found := {each.get("name", ""): each.text or "" for each in item})
    }
    assert said == {name: keys[name] for name in said}
    assert {"star", "save-as", "pause"} <= set(said)


async def test_the_keys_that_texts_have_too_are_theirs_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with opened() as window:
        tab = window.tab
        assert tab is not None
        await tab._session.connect_to(LocalChat(free_port()).address())
        tab._connected()
        window.add_tab()
        window._tab_view.set_selected_page(window._tab_view.get_page(tab))
        page = tab._conversation_page
        page.composer.focus()
        await eventually(lambda: len(tab._session.recording))
        went: list[int] = []
        monkeypatch.setattr(page.timeline, "go_to", went.append)
        control = Gdk.ModifierType.CONTROL_MASK
        assert key(window, Gdk.KEY_Home, control)
        assert went == [0]
        page.composer._text_view.get_buffer().set_text("two\nlines")
        assert not key(window, Gdk.KEY_Home, control)
        assert not key(window, Gdk.KEY_End, control)
        page.composer._text_view.get_buffer().set_text("")
        page.timeline._set_following(False)
        assert key(window, Gdk.KEY_End, control)
        assert page.timeline.is_following
        assert not key(window, Gdk.KEY_End)
        assert went == [0]
        tabs = window._tab_view.get_shortcuts()
        assert not tabs & (Adw.TabViewShortcuts.CONTROL_HOME | Adw.TabViewShortcuts.CONTROL_END)


async def test_the_window_of_keys_lists_all_of_them() -> None:
    window = shortcuts_window()
    listed = [one.get_property("title") for one in descendants(window, Gtk.ShortcutsShortcut)]
    assert set(listed) == {title for _action, _key, title in ALL}  # the search lists them again
    window.destroy()


async def test_the_window_of_keys_opens_and_closes() -> None:
    async with opened() as window:
        window.activate_action("win.show-help-overlay", None)
        overlay = window.get_help_overlay()
        assert overlay is not None
        assert overlay.get_visible()
        assert words(overlay)
        overlay.close()


def _canonical(key: str) -> str:
    _known, value, modifiers = Gtk.accelerator_parse(key)
    return Gtk.accelerator_name(value, modifiers)
