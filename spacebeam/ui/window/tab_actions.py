"""The actions of a tab, which widgets inside it use as `tab.…`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gi.repository import Gio, GLib, Gtk

from spacebeam.ui.actions import add, enable, insert

# The window forwards these to the selected tab, so that their shortcuts work everywhere.
TAB_ACTIONS = (
    "disconnect",
    "reconnect",
    "address",
    "clear",
    "newest",
    "copy",
    "compose",
    "wire",
    "pause",
    "history",
    "saved-messages",
    "repeat",
    "find",
    "next-match",
    "previous-match",
    "first",
    "go-to",
    "pair",
    "calls",
    "compare",
    "rates",
    "star",
    "note",
    "save-as",
    "hide-like",
    "as-text",
    "decoding",
)

OnValue = Callable[[Gio.SimpleAction, GLib.Variant], object]


def add_actions(
    tab: Gtk.Widget,
    reactions: Mapping[str, Callable[[], object]],
    with_value: Mapping[str, tuple[str, OnValue]],
) -> Gio.SimpleActionGroup:
    """Insert the tab's group; actions of `with_value` have a parameter of this GVariant type."""
    group = Gio.SimpleActionGroup()
    add(group, reactions)
    enable(group, "return", False)
    for name, (kind, react) in with_value.items():
        action = Gio.SimpleAction.new(name, GLib.VariantType(kind))
        action.connect("activate", react)
        group.add_action(action)
    insert(tab, "tab", group)
    # GTK 4.8 ignores a later first group of this name.
    tab.insert_action_group("expert", Gio.SimpleActionGroup())
    return group
