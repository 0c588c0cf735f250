"""Every key does something, is listed, and is no other action's key."""

from __future__ import annotations

from collections import Counter

import pytest
from gi.repository import Gtk

from spacebeam.ui.window.shortcuts import SHORTCUTS, shortcuts_window
from tests.ui.doing import descendants, opened, words

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
                assert application.get_accels_for_action(action) == [_canonical(key)], action


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
