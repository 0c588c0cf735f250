"""The menu of the filter bar: saves and hides by the filter, and lists saved and recent filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gi.repository import GObject, Gtk

from spacebeam.library.filters import MAX_NAME_LENGTH
from spacebeam.search.parser import parse
from spacebeam.ui.focus import select_all
from spacebeam.ui.popover_place import fit, fit_list
from spacebeam.ui.search.filter_row import FilterRow
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _

_WIDTH, _HEIGHT = 300, 400  # pixels, of the menu and of its list
_SAVED, _RECENT = _("Saved"), _("Used Last")


@template("filter_menu.ui")
class FilterMenu(Gtk.Popover):
    """Emits `chosen` (a filter's text), `saved` and `deleted` (a name), `renamed` (two names).

    Other items activate the tab's actions.
    """

    __gtype_name__ = "SpacebeamFilterMenu"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "chosen": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
        "saved": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
        "renamed": (GObject.SignalFlags.RUN_FIRST, None, (str, str)),
        "deleted": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
    }

    _box: Gtk.Box = Gtk.Template.Child()
    _save_button: Gtk.Button = Gtk.Template.Child()
    _hide_button: Gtk.Button = Gtk.Template.Child()
    _pings_button: Gtk.Button = Gtk.Template.Child()
    _name_box: Gtk.Box = Gtk.Template.Child()
    _name_entry: Gtk.Entry = Gtk.Template.Child()
    _done_button: Gtk.Button = Gtk.Template.Child()
    _list_box: Gtk.ListBox = Gtk.Template.Child()
    _scrolled_window: Gtk.ScrolledWindow = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._saved: dict[str, str] = {}
        self._used: list[str] = []
        self._is_outdated = False
        self._renamed = ""  # the filter that is being renamed
        self._name_entry.set_max_length(MAX_NAME_LENGTH)
        self._list_box.set_header_func(_show_heading)
        for button in (self._save_button, self._hide_button, self._pings_button):
            label = button.get_child()
            if isinstance(label, Gtk.Label):
                label.set_xalign(0)
        self.show_text("")

    def show_text(self, text: str) -> None:
        """Offer to save this filter, if it is one without an error."""
        found = parse(text)
        self._save_button.set_sensitive(bool(found.terms) and not found.errors)

    def show_filters(self, saved: Mapping[str, str], used: Sequence[str]) -> None:
        """List the saved filters and those that were used last."""
        if (dict(saved), list(used)) != (self._saved, self._used):
            self._saved, self._used = dict(saved), list(used)
            self._is_outdated = True
            if self.get_mapped():
                self._fill()

    def _fill(self) -> None:
        """Make the rows; of all tabs, only a menu that is opened has them."""
        if not self._is_outdated:
            return
        self._is_outdated = False
        while (row := self._list_box.get_row_at_index(0)) is not None:
            self._list_box.remove(row)
        for name, text in self._saved.items():
            row = FilterRow(text, name)
            row.connect("rename-requested", self._on_row_rename_requested)
            row.connect("deleted", self._on_row_deleted)
            self._list_box.append(row)
        for text in self._used:
            self._list_box.append(FilterRow(text))
        self._scrolled_window.set_visible(bool(self._saved or self._used))

    def _ask_name(self, name: str, renamed: str) -> None:
        self._renamed = renamed
        self._name_entry.set_text(name)
        self._name_box.set_visible(True)
        select_all(self._name_entry)
        self._show_done()

    def _show_done(self) -> None:
        name = self._name_entry.get_text().strip()
        is_other = name in self._saved and name != self._renamed
        self._done_button.set_label(
            _("Rename") if self._renamed else _("Replace") if is_other else _("Save")
        )
        self._done_button.set_sensitive(bool(name) and not (self._renamed and is_other))

    @Gtk.Template.Callback()
    def _on_show(self, _menu: Gtk.Popover) -> None:
        self._fill()
        fit(self, self._box, _WIDTH)
        fit_list(self, self._box, self._scrolled_window, _HEIGHT)

    @Gtk.Template.Callback()
    def _on_closed(self, _menu: Gtk.Popover) -> None:
        self._name_box.set_visible(False)

    @Gtk.Template.Callback()
    def _on_save_button_clicked(self, _button: Gtk.Button) -> None:
        self._ask_name("", "")

    @Gtk.Template.Callback()
    def _on_name_entry_changed(self, _entry: Gtk.Entry) -> None:
        self._show_done()

    @Gtk.Template.Callback()
    def _on_name_given(self, _widget: Gtk.Widget) -> None:
        if not self._done_button.get_sensitive():
            return
        name, renamed = self._name_entry.get_text().strip(), self._renamed
        self._name_box.set_visible(False)
        if renamed:
            self.emit("renamed", renamed, name)
        else:
            self.popdown()
            self.emit("saved", name)

    @Gtk.Template.Callback()
    def _on_action_clicked(self, _button: Gtk.Button) -> None:
        self.popdown()

    @Gtk.Template.Callback()
    def _on_list_box_row_activated(self, _list_box: Gtk.ListBox, row: FilterRow) -> None:
        self.popdown()
        self.emit("chosen", row.text)

    def _on_row_rename_requested(self, row: FilterRow) -> None:
        self._ask_name(row.name, row.name)

    def _on_row_deleted(self, row: FilterRow) -> None:
        self.emit("deleted", row.name)


def _show_heading(row: FilterRow, before: FilterRow | None) -> None:
    """Put a heading above the first saved filter and the first recent one."""
    if before is not None and bool(before.name) is bool(row.name):
        row.set_header(None)
        return
    label = Gtk.Label(label=_SAVED if row.name else _RECENT, xalign=0, margin_start=6, margin_top=6)
    label.add_css_class("caption-heading")
    row.set_header(label)
