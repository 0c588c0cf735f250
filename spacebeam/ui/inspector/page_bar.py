"""The bar below a long text that leads from page to page."""

from __future__ import annotations

from enum import IntEnum

from gi.repository import GObject, Gtk

from spacebeam.ui.template import template
from spacebeam.wording.i18n import _


class PageStep(IntEnum):
    """A way to another page."""

    FIRST = 0
    PREVIOUS = 1
    NEXT = 2
    LAST = 3


@template("page_bar.ui")
class PageBar(Gtk.Box):
    """Shows the number of the page. Emits `step-requested` (a PageStep) and `stopped`."""

    __gtype_name__ = "SpacebeamPageBar"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "step-requested": (GObject.SignalFlags.RUN_FIRST, None, (int,)),
        "stopped": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _first_button: Gtk.Button = Gtk.Template.Child()
    _previous_button: Gtk.Button = Gtk.Template.Child()
    _label: Gtk.Label = Gtk.Template.Child()
    _next_button: Gtk.Button = Gtk.Template.Child()
    _last_button: Gtk.Button = Gtk.Template.Child()
    _progress_bar: Gtk.ProgressBar = Gtk.Template.Child()
    _stop_button: Gtk.Button = Gtk.Template.Child()

    def show_page(self, number: int, count: int | None) -> None:
        """Show a page, counted from 0, of `count` pages; None if their number is unknown."""
        words = (
            _("Page {number:,}").format(number=number + 1)
            if count is None
            else _("Page {number:,} of {count:,}").format(number=number + 1, count=count)
        )
        self._label.set_text(words)
        is_last = count is not None and number + 1 == count
        for button in (self._first_button, self._previous_button):
            button.set_sensitive(number > 0)
        for button in (self._next_button, self._last_button):
            button.set_sensitive(not is_last)

    def show_progress(self, progress: float | None) -> None:
        """Show how much was read on the way to a page, from 0 to 1; None if nothing is read."""
        is_reading = progress is not None
        self._progress_bar.set_visible(is_reading)
        self._stop_button.set_visible(is_reading)
        self._progress_bar.set_fraction(progress or 0)

    @Gtk.Template.Callback()
    def _on_first_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("step-requested", PageStep.FIRST)

    @Gtk.Template.Callback()
    def _on_previous_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("step-requested", PageStep.PREVIOUS)

    @Gtk.Template.Callback()
    def _on_next_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("step-requested", PageStep.NEXT)

    @Gtk.Template.Callback()
    def _on_last_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("step-requested", PageStep.LAST)

    @Gtk.Template.Callback()
    def _on_stop_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("stopped")
