"""Asks for values of variables for the runs of one window: missing ones, or any that are used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gi.repository import Adw, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.profiles.collection import Variable
from spacebeam.protocol.secrets import is_secret_name
from spacebeam.ui.compat import set_parent
from spacebeam.ui.input_method import Composing
from spacebeam.ui.recordings.dialogs import answer
from spacebeam.wording.i18n import _

_MAX_ASKED = 200  # variables
_MAX_SHOWN = 60  # characters of a value in a title
_DONE = "done"


async def ask_values(
    parent: Gtk.Window, names: Sequence[str], known: Mapping[str, str]
) -> dict[str, str] | None:
    """Ask for values, proposing those of the last time; return None if the person cancels."""
    words = _(
        "No file and no environment has these values. They are used until the window is closed."
    )
    titles = {name: one_line(name) for name in names}
    return await _ask(parent, (_("Values for This Run"), words, "_Run"), titles, known)


async def ask_other_values(
    parent: Gtk.Window,
    names: Sequence[str],
    otherwise: Mapping[str, Variable],
    chosen: Mapping[str, str],
) -> dict[str, str] | None:
    """Ask for values in place of those of files and environments; None if the person cancels.

    An empty field leaves a variable as it is; it is not in what is returned.
    """
    words = (
        _(
            "They are used in place of those of the file and the environment, until the window is "
            "closed. An empty field changes nothing."
        )
        if names
        else _("The text has no variables. One is written as in {{host}}.")
    )
    titles = {name: _title(name, otherwise.get(name)) for name in names}
    given = await _ask(parent, (_("Variables"), words, "_Use"), titles, chosen)
    return None if given is None else {name: value for name, value in given.items() if value}


def _title(name: str, variable: Variable | None) -> str:
    if variable is None or variable.value is None:
        return one_line(name)
    if variable.is_secret or is_secret_name(name):
        return _("{name} (has a value)").format(name=one_line(name))
    value = one_line(variable.value)
    shown = value if len(value) <= _MAX_SHOWN else f"{value[: _MAX_SHOWN - 1]}…"
    return f"{one_line(name)} ({shown})"


async def _ask(
    parent: Gtk.Window,
    words: tuple[str, str, str],
    titles: Mapping[str, str],
    texts: Mapping[str, str],
) -> dict[str, str] | None:
    """Show a dialog; `words` are its heading, its text and the label of its button."""
    heading, body, label = words
    dialog = Adw.MessageDialog.new(None, heading, body)
    set_parent(dialog, parent)
    group = Adw.PreferencesGroup()
    rows: dict[str, Adw.EntryRow] = {}
    for name, title in list(titles.items())[:_MAX_ASKED]:
        row = Adw.PasswordEntryRow() if is_secret_name(name) else Adw.EntryRow()
        row.set_use_markup(False)
        row.set_title(title)
        row.set_text(texts.get(name, ""))
        row.set_activates_default(True)
        group.add(row)
        rows[name] = row
    if rows:
        scroller = Gtk.ScrolledWindow(child=group, propagate_natural_height=True)
        scroller.set_policy(Gtk.PolicyType.NEVER, Gtk.PolicyType.AUTOMATIC)
        scroller.set_max_content_height(320)
        dialog.set_extra_child(scroller)
        first = next(iter(rows.values()))
        dialog.connect("map", lambda _dialog: first.grab_focus())
    Composing(dialog)
    dialog.add_response("cancel", _("_Cancel"))
    dialog.add_response(_DONE, label)
    dialog.set_response_appearance(_DONE, Adw.ResponseAppearance.SUGGESTED)
    dialog.set_default_response(_DONE)
    dialog.set_close_response("cancel")
    if await answer(dialog) != _DONE:
        return None
    return {name: row.get_text() for name, row in rows.items()}
