"""Modal dialogs that remember the typed values: closing hides them; their owner destroys them.

Functions and no base class, as PyGObject gives a template only to direct children of GTK's classes.
"""

from __future__ import annotations

from gi.repository import Gdk, Gtk

from spacebeam.ui.compat import set_parent
from spacebeam.ui.input_method import Composing


def make_remembered(dialog: Gtk.Window, first: Gtk.Widget) -> None:
    """Make a window a modal dialog that closing hides and only `destroy` ends.

    `first` gets the keyboard focus whenever the dialog is shown.
    """
    dialog.set_modal(True)
    Composing(dialog)
    keys = Gtk.ShortcutController()
    escape = Gtk.KeyvalTrigger.new(Gdk.KEY_Escape, Gdk.ModifierType(0))
    keys.add_shortcut(Gtk.Shortcut.new(escape, Gtk.NamedAction.new("window.close")))
    dialog.add_controller(keys)
    dialog.connect("map", lambda _dialog: first.grab_focus())
    dialog.connect("close-request", _on_dialog_close_request)


def show_over(dialog: Gtk.Window, widget: Gtk.Widget) -> None:
    """Show a dialog in front of the window that contains `widget`."""
    root = widget.get_root()
    if isinstance(root, Gtk.Window):
        set_parent(dialog, root)
        dialog.present()


def _on_dialog_close_request(dialog: Gtk.Window) -> bool:
    dialog.set_visible(False)
    # A hidden window that belongs to the application would keep it running.
    dialog.set_transient_for(None)
    dialog.set_application(None)
    return True
