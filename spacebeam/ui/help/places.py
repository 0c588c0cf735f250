"""Which topic of the help is about which part of the window."""

from __future__ import annotations

from gi.repository import GLib, Gtk

from spacebeam.wording.i18n import _

_TOPICS = {
    "SpacebeamFilterBar": "search",
    "SpacebeamComposer": "messages",
    "SpacebeamInspector": "decoders",
    "SpacebeamChatPane": "chat",
    "SpacebeamValuePane": "values",
    "SpacebeamOptionsWindow": "options",
    "SpacebeamCallsWindow": "calls",
    "SpacebeamRecordingsWindow": "recordings",
    "SpacebeamScenarioWindow": "scenarios",
    "SpacebeamReplayWindow": "replay",
    "SpacebeamServerWindow": "replay",
}
_OTHERS = "start"


def topic_about(window: Gtk.Window | None) -> str:
    """Return the topic about the widget with the focus; "" in the help's own window."""
    widget: Gtk.Widget | None = (window.get_focus() or window) if window is not None else None
    while widget is not None:
        name = widget.__gtype__.name
        if name == "SpacebeamHelpWindow":
            return ""
        if name in _TOPICS:
            return _TOPICS[name]
        widget = widget.get_parent()
    return _OTHERS


def offer_help(dialog: Gtk.Window, parent: Gtk.Window, topic: str) -> Gtk.Button:
    """Show a topic at F1 in a dialog, and return a button for its header bar that does so too.

    A dialog has neither the application's actions nor its shortcuts.
    """
    application, target = parent.get_application(), GLib.Variant("s", topic)
    if application is not None:
        dialog.insert_action_group("app", application)
    keys = Gtk.ShortcutController(scope=Gtk.ShortcutScope.GLOBAL)
    trigger, action = Gtk.ShortcutTrigger.parse_string("F1"), Gtk.NamedAction.new("app.help")
    keys.add_shortcut(Gtk.Shortcut(trigger=trigger, action=action, arguments=target))
    dialog.add_controller(keys)
    button = Gtk.Button(
        icon_name="help-about-symbolic",
        action_name="app.help",
        action_target=target,
        tooltip_text=_("Help (F1)"),
    )
    button.update_property([Gtk.AccessibleProperty.LABEL], [_("Help")])
    return button
