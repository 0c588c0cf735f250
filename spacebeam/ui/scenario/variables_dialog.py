"""Asks for the values of variables that a run needs and that no file has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gi.repository import Adw, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.protocol.secrets import is_secret_name
from spacebeam.ui.compat import set_parent
from spacebeam.ui.input_method import Composing
from spacebeam.ui.recordings.dialogs import answer

_MAX_ASKED = 20  # variables
_RUN = "run"


async def ask_values(
    parent: Gtk.Window, names: Sequence[str], known: Mapping[str, str]
) -> dict[str, str] | None:
    """Ask for values, proposing those of the last time; return None if the person cancels."""
    words = "No file and no environment has these values. They are used until the window is closed."
    dialog = Adw.MessageDialog.new(None, "Values for This Run", words)
    set_parent(dialog, parent)
    group = Adw.PreferencesGroup()
    rows: dict[str, Adw.EntryRow] = {}
    for name in names[:_MAX_ASKED]:
        row = Adw.PasswordEntryRow() if is_secret_name(name) else Adw.EntryRow()
        row.set_use_markup(False)
        row.set_title(one_line(name))
        row.set_text(known.get(name, ""))
        row.set_activates_default(True)
        group.add(row)
        rows[name] = row
    dialog.set_extra_child(group)
    Composing(dialog)
    dialog.add_response("cancel", "_Cancel")
    dialog.add_response(_RUN, "_Run")
    dialog.set_response_appearance(_RUN, Adw.ResponseAppearance.SUGGESTED)
    dialog.set_default_response(_RUN)
    dialog.set_close_response("cancel")
    if rows:
        first = next(iter(rows.values()))
        dialog.connect("map", lambda _dialog: first.grab_focus())
    if await answer(dialog) != _RUN:
        return None
    return {name: row.get_text() for name, row in rows.items()}
