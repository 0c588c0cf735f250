"""The button “1,204 hidden” and its list of what is hidden at this address."""

from __future__ import annotations

from collections.abc import Mapping

from gi.repository import Adw, GObject, Gtk

from spacebeam.ui.popover_place import fit, fit_list
from spacebeam.ui.search.hidden_row import HiddenRow
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _

_WIDTH, _HEIGHT = 290, 320  # pixels, of the popover and of its list


def hidden_words(count: int, *, is_on: bool) -> str:
    """Return “1,204 hidden”, or what the button says while nothing is to be hidden."""
    return _("{count:,} hidden").format(count=count) if is_on else _("Hiding is off")


@template("hidden_button.ui")
class HiddenButton(Adw.Bin):
    """Shown while there are filters that hide entries.

    Emits `switched` (a filter's text, and whether it hides), `removed` (a filter's text) and
    `all-switched` (whether all hide).
    """

    __gtype_name__ = "SpacebeamHiddenButton"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "switched": (GObject.SignalFlags.RUN_FIRST, None, (str, bool)),
        "removed": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
        "all-switched": (GObject.SignalFlags.RUN_FIRST, None, (bool,)),
    }

    _button: Gtk.MenuButton = Gtk.Template.Child()
    _popover: Gtk.Popover = Gtk.Template.Child()
    _popover_box: Gtk.Box = Gtk.Template.Child()
    _scrolled_window: Gtk.ScrolledWindow = Gtk.Template.Child()
    _label: Gtk.Label = Gtk.Template.Child()
    _list_box: Gtk.ListBox = Gtk.Template.Child()
    _about_label: Gtk.Label = Gtk.Template.Child()
    _all_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[str, HiddenRow] = {}
        self._is_on = False

    def show_hidden(self, hidden: Mapping[str, bool], about: str) -> None:
        """List the filters, whether each hides its entries, and a sentence about all."""
        for text in self._rows.keys() - hidden.keys():
            self._list_box.remove(self._rows.pop(text))
        for text in hidden:
            if text not in self._rows:
                row = self._rows[text] = HiddenRow(text)
                row.connect("switched", self._on_row_switched)
                row.connect("removed", self._on_row_removed)
                self._list_box.append(row)
            self._rows[text].show_on(hidden[text])
        self._is_on = any(hidden.values())
        self._about_label.set_text(about)
        self._all_button.set_label(_("Show All") if self._is_on else _("Hide Again"))
        if not hidden:
            self._popover.popdown()
        self.set_visible(bool(hidden))

    def show_count(self, count: int) -> None:
        """Show how many entries are hidden."""
        words = hidden_words(count, is_on=self._is_on)
        if words != self._label.get_text():
            self._label.set_text(words)

    def _on_row_switched(self, row: HiddenRow, is_on: bool) -> None:
        self.emit("switched", row.text, is_on)

    def _on_row_removed(self, row: HiddenRow) -> None:
        self.emit("removed", row.text)

    @Gtk.Template.Callback()
    def _on_popover_show(self, popover: Gtk.Popover) -> None:
        fit(popover, self._popover_box, _WIDTH)
        fit_list(popover, self._popover_box, self._scrolled_window, _HEIGHT)

    @Gtk.Template.Callback()
    def _on_all_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("all-switched", not self._is_on)
