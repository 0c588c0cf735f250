"""Adds actions to a group by name, and changes their state."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gi.repository import Gio, GLib, GObject, Gtk

from spacebeam.ui.handlers import weakly


def add(actions: Gio.ActionMap, reactions: Mapping[str, Callable[[], object]]) -> None:
    """Add an action for each name, with the method that it calls; it is bound weakly."""
    for name, react in reactions.items():
        action = Gio.SimpleAction.new(name, None)
        action.connect("activate", _on_action_activate, weakly(react))
        actions.add_action(action)


def add_switch(
    actions: Gio.ActionMap,
    name: str,
    on_change_state: Callable[[Gio.SimpleAction, GLib.Variant], object],
) -> None:
    """Add an action with a Boolean state, initially off."""
    switch = Gio.SimpleAction.new_stateful(name, None, GLib.Variant("b", False))
    switch.connect("change-state", weakly(on_change_state))
    actions.add_action(switch)


def _on_action_activate(
    _action: Gio.SimpleAction, _parameter: None, react: Callable[[], object]
) -> None:
    react()


def insert(widget: Gtk.Widget, prefix: str, actions: Gio.ActionGroup) -> None:
    """Insert a group of actions into a widget that may be moved to another window.

    GTK 4.8 disables the buttons in a widget that is moved, until the group is inserted again.
    """
    widget.insert_action_group(prefix, actions)
    widget.connect("notify::root", _on_widget_notify_root, prefix, actions)


def _on_widget_notify_root(
    widget: Gtk.Widget, _property: GObject.ParamSpec, prefix: str, actions: Gio.ActionGroup
) -> None:
    if widget.get_root() is not None:
        widget.insert_action_group(prefix, actions)


def enable(actions: Gio.ActionMap, name: str, is_enabled: bool) -> None:
    """Enable or disable an action."""
    action = actions.lookup_action(name)
    if isinstance(action, Gio.SimpleAction):
        action.set_enabled(is_enabled)


def turn(actions: Gio.ActionMap, name: str, is_on: bool) -> None:
    """Set the state of a Boolean action without calling its handler."""
    action = actions.lookup_action(name)
    if isinstance(action, Gio.SimpleAction):
        action.set_state(GLib.Variant("b", is_on))
