"""What is asked and told about a recording: functions that return an answer."""

from __future__ import annotations

import asyncio

from gi.repository import Adw, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.library.recording_info import MAX_TITLE
from spacebeam.recording.errors import StorageError

_RENAME = "rename"
_LOSE = "lose"


async def ask_title(parent: Gtk.Window, title: str, otherwise: str) -> str | None:
    """Let the person give a recording a title; None if they think better of it.

    `otherwise` is what it is called without one.
    """
    entry = Gtk.Entry(text=title, max_length=MAX_TITLE, activates_default=True)
    entry.set_placeholder_text(otherwise)
    entry.update_property([Gtk.AccessibleProperty.LABEL], ["Title"])
    dialog = _dialog(parent, "Rename the recording", "Its file keeps its name.")
    dialog.set_extra_child(entry)
    dialog.add_response("cancel", "_Cancel")
    dialog.add_response(_RENAME, "_Rename")
    dialog.set_response_appearance(_RENAME, Adw.ResponseAppearance.SUGGESTED)
    dialog.set_default_response(_RENAME)
    dialog.connect("map", lambda _dialog: entry.grab_focus())
    return entry.get_text() if await answer(dialog) == _RENAME else None


async def tell(parent: Gtk.Window, heading: str, words: str) -> None:
    """Say what went wrong."""
    dialog = _dialog(parent, heading, words)
    dialog.add_response("close", "_Close")
    await answer(dialog)


async def may_lose(parent: Gtk.Window, fault: StorageError) -> bool:
    """Ask whether to close although something is not kept; whether the person wants that."""
    words = f"{fault.what} What was said last is not in its file yet: to close now loses it."
    dialog = _dialog(parent, "Close without keeping all?", words)
    dialog.add_response("cancel", "_Stay")
    dialog.add_response(_LOSE, "_Lose It and Close")
    dialog.set_response_appearance(_LOSE, Adw.ResponseAppearance.DESTRUCTIVE)
    dialog.set_default_response("cancel")
    return await answer(dialog) == _LOSE


async def answer(dialog: Adw.MessageDialog) -> str:
    """Show a dialog until it is answered; returns the response."""
    answered: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def on_response(_dialog: Adw.MessageDialog, response: str) -> None:
        if not answered.done():
            answered.set_result(response)

    dialog.connect("response", on_response)
    dialog.present()
    try:
        return await answered
    finally:
        dialog.set_transient_for(None)  # libadwaita 1.2 would ask for it when it may be gone
        dialog.destroy()


def _dialog(parent: Gtk.Window, heading: str, words: str) -> Adw.MessageDialog:
    dialog = Adw.MessageDialog.new(parent, one_line(heading), one_line(words))
    dialog.set_close_response("cancel")
    return dialog
