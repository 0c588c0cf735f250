"""Keyboard shortcuts: each has an action of its own, and all are listed."""

from __future__ import annotations

import importlib.resources
from collections import Counter
from xml.etree import ElementTree

import pytest
from gi.repository import Adw, Gdk, Gtk

from spacebeam.help.shortcuts import SHORTCUTS
from spacebeam.ui import pages
from spacebeam.ui.window.shortcuts import shortcuts_window
from tests.ui.doing import descendants, key, opened, serving, words
from tests.ui.pageobjects.window import opened_window
from tests.ui.timeline.lists import counted

TEXT_KEYS = ("win.first", "win.newest")
ALL = [shortcut for group in SHORTCUTS.values() for shortcut in group]


def test_no_key_has_two_actions() -> None:
    # A key without an action is a widget's own, and means something else in another widget.
    everywhere = [key for action, key, _title in ALL if action]
    in_groups = [(name, key) for name, group in SHORTCUTS.items() for _action, key, _title in group]
    assert [key for key, count in Counter(everywhere).items() if count > 1] == []
    assert [pair for pair, count in Counter(in_groups).items() if count > 1] == []


@pytest.mark.parametrize("key", [key for _action, key, _title in ALL])
def test_gtk_knows_every_key(key: str) -> None:
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
                keys = [] if action in TEXT_KEYS else [_canonical(key)]
                assert application.get_accels_for_action(action) == keys, action


async def test_the_window_leaves_the_keys_of_its_parts_to_them() -> None:
    async with serving() as url, opened_window() as page:
        await page.tab.connect(f"{url}/echo")
        found = {
            _canonical(trigger.to_string())
            for widget in descendants(page.tab.widget, Gtk.Widget)
            for keys in widget.observe_controllers()
            if isinstance(keys, Gtk.ShortcutController)
            for shortcut in keys
            if isinstance(trigger := shortcut.get_trigger(), Gtk.KeyvalTrigger)
            and widget.__gtype__.name.startswith(("Spacebeam", "GtkListView"))
        }
        actions = {action: _canonical(key) for action, key, _title in ALL if action}
        window_keys = {key for action, key in actions.items() if action not in TEXT_KEYS}
        assert _canonical("<Control><Shift>p") in found
        assert found & window_keys == set()


def test_the_menu_shows_the_keys_of_its_actions() -> None:
    menus = importlib.resources.files(pages).joinpath("conversation_page.ui").read_text()
    keys = {action.partition(".")[2]: key for action, key, _title in ALL if action}
    said = {
        found["action"].partition(".")[2]: found["accel"]
        for item in ElementTree.fromstring(menus).iter("item")
        if "accel" in (found := {each.get("name", ""): each.text or "" for each in item})
    }
    assert said == {name: keys[name] for name in said}
    assert {"star", "save-as", "pause"} <= set(said)


async def test_home_and_end_belong_to_a_focused_text_that_is_not_empty(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving() as url, opened_window() as window:
        tab = await window.connect(f"{url}/echo")
        tab.recording.append(counted(2000))
        tab.composer.say("hello")
        window.add_tab()
        window.select_tab(tab)
        await tab.timeline.at_rest()
        timeline = tab.timeline.widget
        timeline.go_to(0)
        await tab.timeline.at_rest()
        assert not timeline.is_following
        tab.composer.widget.focus()
        went: list[int] = []
        monkeypatch.setattr(timeline, "go_to", went.append)
        control = Gdk.ModifierType.CONTROL_MASK
        assert key(window.widget, Gdk.KEY_Home, control)
        assert went == [0]
        tab.composer.type_message("two\nlines")
        assert not key(window.widget, Gdk.KEY_Home, control)
        assert not key(window.widget, Gdk.KEY_End, control)
        tab.composer.type_message("")
        assert key(window.widget, Gdk.KEY_End, control)
        assert timeline.is_following
        assert not key(window.widget, Gdk.KEY_End)
        assert went == [0]
        tabs = window.tab_view.get_shortcuts()
        assert not tabs & (Adw.TabViewShortcuts.CONTROL_HOME | Adw.TabViewShortcuts.CONTROL_END)


async def test_the_shortcuts_window_lists_every_shortcut() -> None:
    window = shortcuts_window()
    listed = [one.get_property("title") for one in descendants(window, Gtk.ShortcutsShortcut)]
    assert set(listed) == {title for _action, _key, title in ALL}  # the search lists them again
    window.destroy()


async def test_the_shortcuts_window_opens() -> None:
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
