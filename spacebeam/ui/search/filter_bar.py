"""The bar above the timeline in which is written what it shows."""

from __future__ import annotations

from gi.repository import Adw, Gdk, GLib, GObject, Gtk

from spacebeam.search.edits import has_term, with_term
from spacebeam.search.parser import parse
from spacebeam.ui.search.filter_chips import FilterChips
from spacebeam.ui.search.filter_entry import FilterEntry
from spacebeam.ui.search.filter_help import FilterHelp
from spacebeam.ui.search.filter_words import count_words, nothing_words
from spacebeam.ui.template import template

_PATIENCE = 300  # milliseconds of searching, after which it is shown and can be stopped


@template("filter_bar.ui")
class FilterBar(Adw.Bin):
    """Says what is written with `filter-changed`, at once; "" is no filter.

    `next-match` and `previous-match` ask to go to one. `search-stopped` and `search-resumed` come
    from the buttons that a long search has. `was-shut` says that the cursor belongs elsewhere.
    """

    __gtype_name__ = "SpacebeamFilterBar"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "filter-changed": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
        "next-match": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "previous-match": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "search-stopped": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "search-resumed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "was-shut": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _revealer: Gtk.Revealer = Gtk.Template.Child()
    _entry: FilterEntry = Gtk.Template.Child()
    _help: FilterHelp = Gtk.Template.Child()
    _chips: FilterChips = Gtk.Template.Child()
    _count_label: Gtk.Label = Gtk.Template.Child()
    _stop_button: Gtk.Button = Gtk.Template.Child()
    _resume_button: Gtk.Button = Gtk.Template.Child()
    _status_box: Gtk.Box = Gtk.Template.Child()
    _lower_box: Gtk.Box = Gtk.Template.Child()
    _mistake_label: Gtk.Label = Gtk.Template.Child()
    _nothing_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._timer = 0
        self._is_long = False  # the search takes long enough to be told of
        self._is_stopped = False
        self._counts = 0, 0, 0  # shown, every, scanned
        keys = Gtk.EventControllerKey()
        keys.connect("key-pressed", self._on_key_pressed)
        self.add_controller(keys)
        self._show_status()

    @property
    def is_open(self) -> bool:
        """Whether the bar is there."""
        return bool(self._revealer.get_reveal_child())

    @property
    def text(self) -> str:
        """The filter, as it is written."""
        return self._entry.get_text() if self.is_open else ""

    def open(self) -> None:
        """Show the bar and put the cursor in it; what stands there is replaced by typing."""
        self._revealer.set_reveal_child(True)
        self._entry.grab_focus()
        self._entry.select_region(0, -1)

    def shut(self) -> None:
        """Put the bar away. Nothing is filtered then."""
        if not self.is_open:
            return
        self._entry.remember()
        self._entry.set_text("")
        self._revealer.set_reveal_child(False)
        self.emit("was-shut")

    def show_text(self, text: str) -> None:
        """Write a filter, as a menu does; the cursor stays where it is."""
        if text:
            self._revealer.set_reveal_child(True)
        self._entry.replace(text)

    def show_narrow(self, is_narrow: bool) -> None:
        """Whether there is little room: the count stands below the chips then."""
        upright = Gtk.Orientation.VERTICAL if is_narrow else Gtk.Orientation.HORIZONTAL
        self._lower_box.set_orientation(upright)
        self._count_label.set_hexpand(is_narrow)
        self._show_status()

    def show_count(self, shown: int, every: int, scanned: int, is_done: bool) -> None:
        """So many of so many entries are let through; so many were looked at."""
        self._counts = shown, every, scanned
        if is_done:
            self._finish()
        elif not self._timer and not self._is_long and not self._is_stopped:
            self._timer = GLib.timeout_add(_PATIENCE, self._on_timer)
        if shown or not is_done:
            self._nothing_label.set_visible(False)
        self._show_status()

    def show_nothing_found(self, text: str) -> None:
        """Say why the filter `text` may have let nothing through."""
        self._nothing_label.set_text(nothing_words(text))
        self._nothing_label.set_visible(bool(text.strip()))

    def _show_status(self) -> None:
        shown, every, scanned = self._counts
        is_part = self._is_long or self._is_stopped
        is_filtering = bool(self._entry.get_text().strip()) and (every > 0 or is_part)
        words = count_words(shown, every, scanned if is_part else None) if is_filtering else ""
        self._count_label.set_text(words)
        self._stop_button.set_visible(self._is_long)
        self._resume_button.set_visible(self._is_stopped)
        self._status_box.set_visible(is_filtering)
        fraction = scanned / every if every and self._is_long else 0.0
        self._entry.set_progress_fraction(min(fraction, 1.0))

    def _finish(self) -> None:
        """No search goes on."""
        if self._timer:
            GLib.source_remove(self._timer)
            self._timer = 0
        self._keep_cursor()
        self._is_long = self._is_stopped = False

    def _keep_cursor(self) -> None:
        """A button that goes away while it has the cursor leaves it to the entry."""
        if self._status_box.get_focus_child() is not None:
            self._entry.grab_focus_without_selecting()

    def _on_timer(self) -> bool:
        self._timer = 0
        self._is_long = True
        self._show_status()
        return GLib.SOURCE_REMOVE

    def _step(self, signal: str) -> None:
        self._entry.remember()
        self.emit(signal)

    def _on_key_pressed(
        self, _controller: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        pressed = state & Gtk.accelerator_get_default_mod_mask()
        control, shift = Gdk.ModifierType.CONTROL_MASK, Gdk.ModifierType.SHIFT_MASK
        if key == Gdk.KEY_Escape and not pressed:
            self.shut()
        elif key in (Gdk.KEY_g, Gdk.KEY_G) and pressed in (control, control | shift):
            self._step("previous-match" if pressed & shift else "next-match")
        elif key in (Gdk.KEY_Return, Gdk.KEY_KP_Enter) and pressed == shift:
            self._step("previous-match")
        else:
            return False
        return True

    @Gtk.Template.Callback()
    def _on_entry_text_changed(self, _entry: FilterEntry) -> None:
        text = self._entry.get_text()
        mistakes = parse(text).errors
        self._entry.show_mistakes(mistakes)
        self._mistake_label.set_text(mistakes[0].message if mistakes else "")
        self._mistake_label.set_visible(bool(mistakes))
        self._nothing_label.set_visible(False)
        self._chips.show_text(text)
        self._finish()
        self._counts = 0, 0, 0  # they were another filter's
        self._show_status()
        self.emit("filter-changed", text)

    @Gtk.Template.Callback()
    def _on_entry_activate(self, _entry: FilterEntry) -> None:
        self._step("next-match")

    @Gtk.Template.Callback()
    def _on_next_button_clicked(self, _button: Gtk.Button) -> None:
        self._step("next-match")

    @Gtk.Template.Callback()
    def _on_previous_button_clicked(self, _button: Gtk.Button) -> None:
        self._step("previous-match")

    @Gtk.Template.Callback()
    def _on_shut_button_clicked(self, _button: Gtk.Button) -> None:
        self.shut()

    @Gtk.Template.Callback()
    def _on_chips_text_changed(self, _chips: FilterChips, text: str) -> None:
        self._entry.replace(text)

    @Gtk.Template.Callback()
    def _on_help_example_chosen(self, _help: FilterHelp, term: str) -> None:
        text = with_term(self._entry.get_text(), term)
        self._entry.replace(text)
        self._entry.grab_focus_without_selecting()
        if has_term(text, term) and text.endswith(term):
            self._entry.select_region(len(text) - len(term), -1)

    @Gtk.Template.Callback()
    def _on_stop_button_clicked(self, _button: Gtk.Button) -> None:
        self._finish()
        self._is_stopped = True
        self._show_status()
        self.emit("search-stopped")

    @Gtk.Template.Callback()
    def _on_resume_button_clicked(self, _button: Gtk.Button) -> None:
        self._finish()
        self._is_long = True  # it is known to be
        self._show_status()
        self.emit("search-resumed")
