"""Dialogs that are kept while their tab lives, so that they remember what was typed.

Functions, not a class to be made others of: PyGObject gives a template only to direct children of
GTK's own classes.
"""

from __future__ import annotations

from gi.repository import Gdk, Gtk


def keep(dialog: Gtk.Window, first: Gtk.Widget) -> None:
    """Make a window a modal dialog that closing hides; only its owner ends it, with `destroy`.

    Whenever it is shown the cursor is put into `first`.
    """
    dialog.set_modal(True)
    keys = Gtk.ShortcutController()
    escape = Gtk.KeyvalTrigger.new(Gdk.KEY_Escape, Gdk.ModifierType(0))
    keys.add_shortcut(Gtk.Shortcut.new(escape, Gtk.NamedAction.new("window.close")))
    dialog.add_controller(keys)
    dialog.connect("map", lambda _dialog: first.grab_focus())
    dialog.connect("close-request", _on_dialog_close_request)


def show_over(dialog: Gtk.Window, widget: Gtk.Widget) -> None:
    """Show a dialog in front of the window that holds `widget`."""
    root = widget.get_root()
    if isinstance(root, Gtk.Window):
        dialog.set_transient_for(root)
        dialog.present()


def _on_dialog_close_request(dialog: Gtk.Window) -> bool:
    dialog.set_visible(False)
    # A hidden window of the application would keep it running.
    dialog.set_transient_for(None)
    dialog.set_application(None)
    return True
