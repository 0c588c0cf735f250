"""The keys of the tree of values."""

from __future__ import annotations

from gi.repository import GLib, Gtk

_DEEPEST = 9  # the level of the last digit
_KEYS = {
    "Left": "json.fold",
    "Right": "json.unfold",
    "<Shift>Right": "json.unfold-all",
    "Menu": "json.menu",
    "<Shift>F10": "json.menu",
    "<Control>c": "json.copy-value",
    "t": "json.show-table",
    "<Control><Shift>b": "json.show-bytes",
    "<Control><Shift>p": "json.copy-path",  # the window has Ctrl+Shift+C
}


def tree_keys() -> Gtk.ShortcutController:
    """Return what listens to the keys of a tree, for its list."""
    keys = Gtk.ShortcutController()
    for key, name in _KEYS.items():
        keys.add_shortcut(_shortcut(key, name))
    for level in range(1, _DEEPEST + 1):
        keys.add_shortcut(_shortcut(str(level), "json.level", GLib.Variant("i", level)))
    return keys


def _shortcut(key: str, action: str, argument: GLib.Variant | None = None) -> Gtk.Shortcut:
    trigger = Gtk.ShortcutTrigger.parse_string(key)
    shortcut = Gtk.Shortcut.new(trigger, Gtk.NamedAction.new(action))
    shortcut.set_arguments(argument)
    return shortcut
