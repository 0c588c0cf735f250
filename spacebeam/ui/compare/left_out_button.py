"""The button “2 left out”, and its list of the paths that are left out."""

from __future__ import annotations

from collections.abc import Sequence

from gi.repository import Adw, GObject, Gtk, Pango

from spacebeam.decode.visible import one_line
from spacebeam.ui.popover_place import fit, fit_list
from spacebeam.ui.template import template
from spacebeam.wording.differences import left_out_count_words, put_back_words

_WIDTH, _HEIGHT = 290, 320  # pixels, of the popover and of its list


@template("left_out_button.ui")
class LeftOutButton(Adw.Bin):
    """Shown while paths are left out. Emits `removed` with a path that is to be compared again."""

    __gtype_name__ = "SpacebeamLeftOutButton"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "removed": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
    }

    _label: Gtk.Label = Gtk.Template.Child()
    _popover: Gtk.Popover = Gtk.Template.Child()
    _popover_box: Gtk.Box = Gtk.Template.Child()
    _about_label: Gtk.Label = Gtk.Template.Child()
    _scrolled_window: Gtk.ScrolledWindow = Gtk.Template.Child()
    _list_box: Gtk.ListBox = Gtk.Template.Child()

    def show_paths(self, paths: Sequence[str], about: str) -> None:
        """List the paths, with a sentence about how long they stay."""
        while (row := self._list_box.get_first_child()) is not None:
            self._list_box.remove(row)
        for path in paths:
            self._list_box.append(self._row(path))
        self._label.set_text(left_out_count_words(len(paths)))
        self._about_label.set_text(about)
        if not paths:
            self._popover.popdown()
        self.set_visible(bool(paths))

    def _row(self, path: str) -> Gtk.ListBoxRow:
        label = Gtk.Label(label=one_line(path), xalign=0, hexpand=True, tooltip_text=one_line(path))
        label.set_ellipsize(Pango.EllipsizeMode.MIDDLE)
        label.add_css_class("monospace")
        name = put_back_words(path)
        button = Gtk.Button(icon_name="list-remove-symbolic", tooltip_text=name)
        button.add_css_class("flat")
        button.update_property([Gtk.AccessibleProperty.LABEL], [name])
        button.connect("clicked", self._on_button_clicked, path)
        box = Gtk.Box(spacing=9)
        box.append(label)
        box.append(button)
        return Gtk.ListBoxRow(child=box, activatable=False)

    def _on_button_clicked(self, _button: Gtk.Button, path: str) -> None:
        self.emit("removed", path)

    @Gtk.Template.Callback()
    def _on_popover_show(self, popover: Gtk.Popover) -> None:
        fit(popover, self._popover_box, _WIDTH)
        fit_list(popover, self._popover_box, self._scrolled_window, _HEIGHT)
