"""All keyboard shortcuts: the window sets and lists them, and the help's page has them."""

from __future__ import annotations

# By group: an action, or "" for a key that a widget handles itself; GTK's name of the key; a title.
SHORTCUTS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "Conversation": (
        ("win.compose", "<Control>m", "Write a message"),
        ("", "Return", "Send the message"),
        ("", "<Shift>Return", "Make a new line in the message"),
        ("", "<Control><Shift>f", "Find and replace in the message"),
        ("", "<Control><Shift>j", "Format JSON"),
        ("", "<Shift>F10", "Menu of the selected entries"),
        ("", "<Control>a", "Select all shown entries"),
        ("", "Delete", "Remove the selected entries from the view"),
        ("win.repeat", "<Alt>r", "Send the message again and again"),
        ("win.send-to", "<Control><Shift>Return", "Send the message to several connections"),
        ("win.saved-messages", "<Alt>m", "Saved messages of the connection"),
        ("win.history", "<Control>r", "Search what was sent to this address"),
        ("win.newest", "<Control>End", "Follow the newest entries"),
        ("win.copy", "<Control><Shift>c", "Copy the selected entry (in the timeline Ctrl+C too)"),
        ("", "Escape", "Close what was opened last: filter, rates, inspector"),
        ("", "F6", "Go between composer, timeline and inspector (with Shift back)"),
        ("win.pause", "<Control>p", "Pause the display"),
        ("win.clear", "<Control><Shift>k", "Clear the timeline"),
    ),
    "Recording": (
        ("win.find", "<Control>f", "Find and filter; in the inspector, find in the message"),
        ("", "<Control><Shift>b", "In the inspector: from a value to its bytes, and back"),
        ("win.next-match", "F3", "Next match"),
        ("win.previous-match", "<Shift>F3", "Previous match"),
        ("win.go-to", "<Control>j", "Go to a number or a time"),
        ("win.pair", "<Alt>p", "Go to the answer of the entry, or to its question"),
        ("win.calls", "<Control><Shift>l", "Calls: how long answers take, by method"),
        ("win.as-text", "<Control>u", "Show messages as text, or decoded again"),
        ("win.compare", "<Alt>d", "Compare two entries, or one with the previous of its kind"),
        ("win.first", "<Control>Home", "Go to the first entry"),
        ("win.rates", "<Control>b", "Messages and bytes over time"),
        ("win.star", "<Alt>s", "Star the selected entry"),
        ("win.note", "<Alt>n", "Write a note about the selected entry"),
        ("win.save-as", "<Control>s", "Save a copy of the recording; before, the connection"),
        ("win.hide-like", "<Control>h", "Hide entries like the selected one"),
    ),
    "Connection": (
        ("win.address", "<Control>l", "Enter another address"),
        ("win.wire", "<Control>e", "Export, scenario, replay, pings, frames, the handshake"),
        ("win.disconnect", "<Control>d", "Disconnect, or stop reconnecting"),
        ("win.reconnect", "F5", "Reconnect now"),
    ),
    "Recordings": (
        ("win.open", "<Control>o", "Open a recording"),
        ("app.recordings", "<Control><Shift>r", "Show all recordings"),
        ("", "Delete", "Delete the selected recording"),
        ("", "<Control>z", "Undo deleting"),
    ),
    "Windows": (
        ("win.sidebar", "F9", "Saved connections"),
        ("win.find-connection", "<Control>k", "Find a saved connection"),
        ("win.new-tab", "<Control>t", "New tab"),
        ("win.close-tab", "<Control>w", "Close the tab"),
        ("win.reopen-tab", "<Control><Shift>t", "Reopen the closed tab"),
        ("win.rename-tab", "F2", "Rename the tab, or the selected recording"),
        ("win.duplicate-tab", "<Control><Shift>d", "Duplicate the tab"),
        ("win.move-tab", "<Control><Shift>n", "Move the tab to a new window"),
        ("app.new-window", "<Control>n", "New window"),
        ("app.help-here", "F1", "Help about what has the focus"),
        ("win.show-help-overlay", "<Control>question", "Keyboard shortcuts"),
        ("app.quit", "<Control>q", "Quit"),
    ),
}

_NAMES = {"Control": "Ctrl", "question": "?", "Return": "Enter"}


def key_label(key: str) -> str:
    """Return how a key is written for people: `<Control>m` is Ctrl+M."""
    *modifiers, name = key.replace("<", "").split(">")
    name = _NAMES.get(name, name.upper() if len(name) == 1 else name)
    return "+".join((*(_NAMES.get(one, one) for one in modifiers), name))
