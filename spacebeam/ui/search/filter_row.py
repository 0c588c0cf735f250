"""A filter in the menu of saved and recent filters."""

from __future__ import annotations

from gi.repository import GObject, Gtk

from spacebeam.ui.template import template
from spacebeam.wording.i18n import _


@template("filter_row.ui")
class FilterRow(Gtk.ListBoxRow):
    """Emits `rename-requested` and `deleted`, by the buttons of a saved filter."""

    __gtype_name__ = "SpacebeamFilterRow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "rename-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "deleted": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _name_label: Gtk.Label = Gtk.Template.Child()
    _text_label: Gtk.Label = Gtk.Template.Child()
    _buttons_box: Gtk.Box = Gtk.Template.Child()
    _rename_button: Gtk.Button = Gtk.Template.Child()
    _delete_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self, text: str, name: str = "") -> None:
        """`name` is that of a saved filter."""
        super().__init__()
        self.text, self.name = text, name
        self._text_label.set_text(text)
        self._name_label.set_text(name)
        self._name_label.set_visible(bool(name))
        self._buttons_box.set_visible(bool(name))
        self.set_tooltip_text(text)
        named = (
            (self, f"{name}: {text}" if name else text),
            (self._rename_button, _("Rename {name}").format(name=name)),
            (self._delete_button, _("Delete {name}").format(name=name)),
        )
        for widget, label in named:
            widget.update_property([Gtk.AccessibleProperty.LABEL], [label])

    @Gtk.Template.Callback()
    def _on_rename_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("rename-requested")

    @Gtk.Template.Callback()
    def _on_delete_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("deleted")
