"""A filter whose entries are hidden, with a switch and a button to remove it."""

from __future__ import annotations

from gi.repository import GObject, Gtk

from spacebeam.ui.template import template
from spacebeam.wording.i18n import _


@template("hidden_row.ui")
class HiddenRow(Gtk.ListBoxRow):
    """Emits `switched` (whether it hides) and `removed`, by the person."""

    __gtype_name__ = "SpacebeamHiddenRow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "switched": (GObject.SignalFlags.RUN_FIRST, None, (bool,)),
        "removed": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _switch: Gtk.Switch = Gtk.Template.Child()
    _label: Gtk.Label = Gtk.Template.Child()
    _remove_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self._label.set_text(text)
        self._label.set_tooltip_text(text)
        names = (
            (self._switch, _("Hide {text}").format(text=text)),
            (self._remove_button, _("Remove {text}").format(text=text)),
        )
        for widget, name in names:
            widget.update_property([Gtk.AccessibleProperty.LABEL], [name])
        self._is_showing = False

    def show_on(self, is_on: bool) -> None:
        """Show whether the filter's entries are hidden."""
        self._is_showing = True
        self._switch.set_active(is_on)
        self._is_showing = False

    @Gtk.Template.Callback()
    def _on_switch_notify_active(self, switch: Gtk.Switch, _property: GObject.ParamSpec) -> None:
        if not self._is_showing:
            self.emit("switched", switch.get_active())

    @Gtk.Template.Callback()
    def _on_remove_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("removed")
