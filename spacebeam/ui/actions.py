"""Adds actions to a group by name, and changes their state."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gi.repository import Gio, GLib

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
