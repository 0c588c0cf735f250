"""Sets the keyboard shortcuts, and shows the window that lists them."""

from __future__ import annotations

from gi.repository import Gdk, Gtk

from spacebeam.help.shortcuts import SHORTCUTS
from spacebeam.wording.i18n import _

# GTK 4.8 complains about its own page buttons if a section has more than fits in two columns.
_SECTIONS = {
    _("Messages"): ("Conversation", "Recording"),
    _("Connections and windows"): ("Connection", "Recordings", "Windows"),
}

# In a text, these keys move to its beginning and its end.
_TEXT_KEYS = {  # with Control
    Gdk.KEY_Home: "win.first",
    Gdk.KEY_KP_Home: "win.first",
    Gdk.KEY_End: "win.newest",
    Gdk.KEY_KP_End: "win.newest",
}


def install(application: Gtk.Application) -> None:
    """Set the shortcut of every action, except for keys that texts use too."""
    for shortcuts in SHORTCUTS.values():
        for action, key, _title in shortcuts:
            if action and action not in _TEXT_KEYS.values():
                application.set_accels_for_action(action, [key])


def add_text_shortcuts(window: Gtk.Window) -> None:
    """Add the keys that texts use too to a window; they work while no text has the focus."""
    controller = Gtk.EventControllerKey(propagation_phase=Gtk.PropagationPhase.CAPTURE)
    controller.connect("key-pressed", _on_key_pressed)
    window.add_controller(controller)


def _on_key_pressed(
    controller: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
) -> bool:
    window = controller.get_widget()
    pressed = state & Gtk.accelerator_get_default_mod_mask()
    action = _TEXT_KEYS.get(key) if pressed == Gdk.ModifierType.CONTROL_MASK else None
    if action is None or not isinstance(window, Gtk.Window) or _is_text(window.get_focus()):
        return False
    return bool(window.activate_action(action, None))


def _is_text(widget: Gtk.Widget | None) -> bool:
    """Return whether a widget is a text that is not empty."""
    if isinstance(widget, Gtk.TextView):
        return bool(widget.get_buffer().get_char_count())
    return isinstance(widget, Gtk.Text) and bool(widget.get_text_length())


def show(window: Gtk.ApplicationWindow) -> None:
    """Show the window of shortcuts, which is made at the first call; then GTK's action does."""
    window.remove_action("show-help-overlay")
    window.set_help_overlay(shortcuts_window())
    window.activate_action("win.show-help-overlay", None)


def shortcuts_window() -> Gtk.ShortcutsWindow:
    """Return a window that lists all shortcuts."""
    builder = Gtk.Builder.new_from_string(_interface(), -1)
    window = builder.get_object("shortcuts")
    assert isinstance(window, Gtk.ShortcutsWindow)
    return window


def _interface() -> str:
    sections = "".join(
        '<child><object class="GtkShortcutsSection"><property name="max-height">18</property>'
        f'<property name="section-name">{title}</property>'
        f'<property name="title">{title}</property>'
        + "".join(_group(name) for name in names)
        + "</object></child>"
        for title, names in _SECTIONS.items()
    )
    return (
        '<interface><object class="GtkShortcutsWindow" id="shortcuts">'
        f'<property name="modal">true</property>{sections}</object></interface>'
    )


def _group(name: str) -> str:
    return (
        f'<child><object class="GtkShortcutsGroup"><property name="title">{_(name)}</property>'
        + "".join(_shortcut(key, title) for _action, key, title in SHORTCUTS[name])
        + "</object></child>"
    )


def _shortcut(key: str, title: str) -> str:
    key = key.replace("<", "&lt;").replace(">", "&gt;")
    return (
        '<child><object class="GtkShortcutsShortcut">'
        f'<property name="accelerator">{key}</property>'
        f'<property name="title">{_(title)}</property>'
        "</object></child>"
    )
