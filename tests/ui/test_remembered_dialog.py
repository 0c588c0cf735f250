"""Remembered dialogs are hidden, not destroyed, by closing."""

from __future__ import annotations

from gi.repository import Adw, Gtk

from spacebeam.ui.remembered_dialog import make_remembered, show_over
from tests.support.waiting import eventually
from tests.ui.doing import shown


async def test_a_remembered_dialog_is_modal_and_hidden_by_closing() -> None:
    async with shown(Gtk.Label(label="behind")) as label:
        entry = Gtk.Entry()
        dialog = Adw.Window(content=entry)
        make_remembered(dialog, entry)
        show_over(dialog, label)
        await eventually(dialog.get_mapped)
        assert dialog.get_modal()
        focus = dialog.get_focus()
        assert focus is not None
        assert focus.is_ancestor(entry)
        assert dialog.get_transient_for() is label.get_root()
        dialog.close()
        assert not dialog.get_visible()
        assert dialog.get_transient_for() is None
        assert dialog.get_application() is None
        show_over(dialog, label)
        await eventually(dialog.get_mapped)
        dialog.destroy()


async def test_escape_closes_the_dialog() -> None:
    async with shown(Gtk.Label(label="behind")) as label:
        entry = Gtk.Entry()
        dialog = Adw.Window(content=entry)
        make_remembered(dialog, entry)
        show_over(dialog, label)
        await eventually(dialog.get_mapped)
        [escape] = [
            shortcut
            for controller in dialog.observe_controllers()
            if isinstance(controller, Gtk.ShortcutController)
            for shortcut in controller
            if isinstance(trigger := shortcut.get_trigger(), Gtk.KeyvalTrigger)
            and trigger.to_string() == "Escape"
        ]
        action = escape.get_action()
        assert action is not None
        assert action.activate(Gtk.ShortcutActionFlags(0), dialog, None)
        await eventually(lambda: not dialog.get_visible())
        dialog.destroy()


async def test_a_dialog_is_not_shown_over_a_widget_without_a_window() -> None:
    dialog = Adw.Window()
    make_remembered(dialog, dialog)
    show_over(dialog, Gtk.Label())
    assert not dialog.get_visible()
    dialog.destroy()
