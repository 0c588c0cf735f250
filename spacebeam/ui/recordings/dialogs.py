"""Dialogs about recordings, as functions that return the answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from gi.repository import Adw, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.library.titles import MAX_TITLE
from spacebeam.ui.compat import set_parent
from spacebeam.ui.focus import select_all
from spacebeam.ui.input_method import Composing
from spacebeam.wording.i18n import _

if TYPE_CHECKING:
    from spacebeam.recording.errors import StorageError

_RENAME = "rename"
_DISCARD = "discard"
_CLOSE = _("_Discard and Close")


async def ask_title(parent: Gtk.Window, title: str, otherwise: str) -> str | None:
    """Ask for a recording's title; return None if the person cancels.

    `otherwise` is the name of a recording without a title.
    """
    heading, words = _("Rename the recording"), _("Its file keeps its name.")
    return await _ask_text(parent, heading, words, _("Title"), title, otherwise)


async def ask_tab_name(parent: Gtk.Window, name: str, otherwise: str) -> str | None:
    """Ask for a tab's name; return None if the person cancels, "" for the automatic name."""
    heading, words = (
        _("Rename the tab"),
        _("Without a name of its own, it is named after its address."),
    )
    return await _ask_text(parent, heading, words, _("Name"), name, otherwise)


async def _ask_text(
    parent: Gtk.Window, heading: str, words: str, label: str, text: str, otherwise: str
) -> str | None:
    entry = Gtk.Entry(text=text, max_length=MAX_TITLE, activates_default=True)
    entry.set_placeholder_text(otherwise)
    entry.update_property([Gtk.AccessibleProperty.LABEL], [label])
    dialog = _dialog(parent, heading, words)
    dialog.set_extra_child(entry)
    Composing(dialog)
    dialog.add_response("cancel", _("_Cancel"))
    dialog.add_response(_RENAME, _("_Rename"))
    dialog.set_response_appearance(_RENAME, Adw.ResponseAppearance.SUGGESTED)
    dialog.set_default_response(_RENAME)
    dialog.connect("map", lambda _dialog: select_all(entry))
    return entry.get_text() if await answer(dialog) == _RENAME else None


async def show_error(parent: Gtk.Window, heading: str, words: str) -> None:
    """Show an error until the person closes it."""
    dialog = _dialog(parent, heading, words)
    dialog.add_response("close", _("_Close"))
    await answer(dialog)


async def confirm_discard(parent: Gtk.Window, error: StorageError, also: str = "") -> bool:
    """Ask whether to close although entries are not saved; return whether to close.

    `also` is what closing ends besides.
    """
    from spacebeam.wording.recordings import storage_explanation  # not at the start

    words = _("{reason} The newest entries are not saved yet. Closing discards them.").format(
        reason=storage_explanation(error)
    )
    return await _confirm(parent, _("Discard unsaved entries?"), f"{words} {also}".strip())


async def confirm_discard_private(parent: Gtk.Window, also: str = "") -> bool:
    """Ask whether to continue although private messages are nowhere else."""
    words = _("It is private: its messages are only in this tab.")
    return await _confirm(parent, _("Discard this conversation?"), f"{words} {also}".strip())


async def confirm_closing(parent: Gtk.Window, words: str) -> bool:
    """Ask whether to close although that ends what `words` say; return whether to close."""
    return await _confirm(parent, _("Close the window?"), words, "_Close")


async def _confirm(parent: Gtk.Window, heading: str, words: str, label: str = _CLOSE) -> bool:
    dialog = _dialog(parent, heading, words)
    dialog.add_response("cancel", _("_Cancel"))
    dialog.add_response(_DISCARD, label)
    dialog.set_response_appearance(_DISCARD, Adw.ResponseAppearance.DESTRUCTIVE)
    dialog.set_default_response("cancel")
    return await answer(dialog) == _DISCARD


async def answer(dialog: Adw.MessageDialog) -> str:
    """Show a dialog until it is answered, or its parent closed; return the response."""
    answered: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def on_response(_dialog: Adw.MessageDialog, response: str) -> None:
        if not answered.done():
            answered.set_result(response)

    def on_parent_unrealize(_parent: Gtk.Window) -> None:
        on_response(dialog, dialog.get_close_response())

    parent = dialog.get_transient_for()
    dialog.connect("response", on_response)
    handler = parent.connect("unrealize", on_parent_unrealize) if parent is not None else 0
    dialog.present()
    try:
        return await answered
    finally:
        if parent is not None:
            parent.disconnect(handler)
        dialog.destroy()


def _dialog(parent: Gtk.Window, heading: str, words: str) -> Adw.MessageDialog:
    dialog = Adw.MessageDialog.new(None, one_line(heading), one_line(words))
    set_parent(dialog, parent)
    dialog.set_close_response("cancel")
    return dialog
