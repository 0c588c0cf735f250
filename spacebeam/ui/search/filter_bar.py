"""The line above the timeline, with the filter, and what belongs to the filter below it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from gi.repository import Adw, Gdk, GLib, GObject, Gtk

from spacebeam.search.edits import has_term, with_term
from spacebeam.search.parser import parse
from spacebeam.ui.focus import has_focus, select_all
from spacebeam.ui.search.filter_chips import FilterChips
from spacebeam.ui.search.filter_entry import FilterEntry
from spacebeam.ui.search.filter_help import FilterHelp
from spacebeam.ui.search.filter_menu import FilterMenu
from spacebeam.ui.search.filter_words import match_count_words, no_match_words
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _
from spacebeam.wording.search import unsearched_words
from spacebeam.wording.violations import no_schema_words

_SHOW_SEARCH_AFTER_MS = 300  # then a search shows its progress and can be stopped

_STEPS = _("Previous match (Shift+Enter, Ctrl+Shift+G)"), _("Next match (Enter, Ctrl+G)")
_NO_STEPS = _("A chat shows the matches alone")


@template("filter_bar.ui")
class FilterBar(Adw.Bin):
    """The entry is in the line; chips, counts and messages are shown below while the bar is open.

    In a narrow window, the line has the entry alone while the bar is open, and a button otherwise.

    Emits `filter-changed` with every change of the text; "" is no filter.

    Emits `filter-used` with a text to remember, `next-match` and `previous-match`, `search-stopped`
    and `search-resumed` from the buttons of a long search, `opened`, and `closed`, after which
    the focus belongs elsewhere.
    """

    __gtype_name__ = "SpacebeamFilterBar"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "filter-changed": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
        "filter-used": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
        "next-match": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "previous-match": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "search-stopped": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "search-resumed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "opened": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "closed": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    menu: FilterMenu = Gtk.Template.Child("_menu")
    _line_box: Gtk.Box = Gtk.Template.Child()
    _entry_box: Gtk.Box = Gtk.Template.Child()
    _previous_button: Gtk.Button = Gtk.Template.Child()
    _next_button: Gtk.Button = Gtk.Template.Child()
    _find_button: Gtk.Button = Gtk.Template.Child()
    _open_box: Gtk.Box = Gtk.Template.Child()
    _entry: FilterEntry = Gtk.Template.Child()
    _help: FilterHelp = Gtk.Template.Child()
    _chips: FilterChips = Gtk.Template.Child()
    _count_label: Gtk.Label = Gtk.Template.Child()
    _stop_button: Gtk.Button = Gtk.Template.Child()
    _resume_button: Gtk.Button = Gtk.Template.Child()
    _status_box: Gtk.Box = Gtk.Template.Child()
    _lower_box: Gtk.Box = Gtk.Template.Child()
    _error_label: Gtk.Label = Gtk.Template.Child()
    _unsearched_label: Gtk.Label = Gtk.Template.Child()
    _no_matches_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._is_narrow = False
        self._beside: tuple[Gtk.Widget, ...] = ()  # what else is in the line
        self._timer = 0
        self._is_long = False  # the search takes long enough to be shown
        self._is_stopped = False
        self._counts = 0, 0, 0  # shown, every, scanned
        keys = Gtk.EventControllerKey()
        keys.connect("key-pressed", self._on_key_pressed)
        self.add_controller(keys)
        click = Gtk.GestureClick(propagation_phase=Gtk.PropagationPhase.CAPTURE)
        click.connect("pressed", self._on_entry_pressed)
        self._entry.add_controller(click)
        self.show_steps(has_steps=True)
        self._show_status()

    def put_beside(self, before: Gtk.Widget, after: Gtk.Widget) -> None:
        """Put widgets into the line, before and after the entry."""
        self._line_box.prepend(before)
        self._line_box.append(after)
        self._beside = before, after

    @property
    def is_open(self) -> bool:
        """Whether a filter is in use or about to be typed."""
        return bool(self._open_box.get_visible())

    @property
    def text(self) -> str:
        """The filter's text."""
        return self._entry.get_text() if self.is_open else ""

    def open(self) -> None:
        """Open the bar, focus its entry and select the text."""
        self._set_open(True)
        select_all(self._entry)

    def close(self) -> None:
        """Close the bar and clear the filter."""
        if not self.is_open:
            return
        self._entry.remember()
        self._entry.set_text("")
        self.emit("closed")  # while the entry may still have the focus
        self._set_open(False)

    def show_text(self, text: str) -> None:
        """Set the filter's text without moving the focus."""
        if text:
            self._set_open(True)
        self._entry.replace(text)

    def replace(self, text: str) -> None:
        """Show another filter, and remember both it and the one before."""
        self._entry.remember()
        self._entry.replace(text)
        self._entry.remember()
        self._entry.grab_focus_without_selecting()

    def show_history(self, used: Sequence[str]) -> None:
        """Let the arrow keys step through these filters too, the newest first."""
        self._entry.show_history(used)

    def propose_pairs(self, names: Callable[[], Iterable[str] | None]) -> None:
        """Complete `pair:` by the names that `names` returns."""
        self._entry.pair_names = names

    def show_narrow(self, is_narrow: bool) -> None:
        """Show the entry only while the bar is open if the window is narrow."""
        self._is_narrow = is_narrow
        self._set_open(self.is_open)
        upright = Gtk.Orientation.VERTICAL if is_narrow else Gtk.Orientation.HORIZONTAL
        self._lower_box.set_orientation(upright)
        self._count_label.set_hexpand(is_narrow)
        self._show_status()

    def show_steps(self, *, has_steps: bool) -> None:
        """Enable the buttons that go from match to match, or say why they are not needed."""
        hints = _STEPS if has_steps else (_NO_STEPS, _NO_STEPS)
        for button, hint in zip((self._previous_button, self._next_button), hints, strict=True):
            button.set_sensitive(has_steps)
            button.set_tooltip_text(hint)

    def show_count(self, shown: int, every: int, scanned: int, is_done: bool) -> None:
        """Show that `shown` of `every` entries match; `scanned` were searched so far."""
        self._counts = shown, every, scanned
        if is_done:
            self._finish()
        elif not self._timer and not self._is_long and not self._is_stopped:
            self._timer = GLib.timeout_add(_SHOW_SEARCH_AFTER_MS, self._on_timer)
        if shown or not is_done:
            self._no_matches_label.set_visible(False)
        self._show_status()

    def show_unsearched(self, count: int) -> None:
        """Show that `count` messages could not be searched."""
        self._unsearched_label.set_text(unsearched_words(count))
        self._unsearched_label.set_visible(count > 0)

    def show_no_matches(self, text: str) -> None:
        """Explain why no entries match the filter `text`."""
        self._no_matches_label.set_text(no_match_words(text))
        self._no_matches_label.set_visible(bool(text.strip()))

    def show_no_schema(self) -> None:
        """Say that the filter is about a JSON Schema, and none is chosen."""
        self._no_matches_label.set_text(no_schema_words())
        self._no_matches_label.set_visible(True)

    def _set_open(self, is_open: bool) -> None:
        if is_open and not self.is_open:
            self.emit("opened")
        self._open_box.set_visible(is_open)
        self._entry_box.set_visible(is_open or not self._is_narrow)
        self._entry_box.set_hexpand(self._is_narrow)
        self._entry.set_hexpand(self._is_narrow)
        self._find_button.set_visible(self._is_narrow and not is_open)
        for widget in self._beside:
            widget.set_visible(not (self._is_narrow and is_open))

    def _show_status(self) -> None:
        shown, every, scanned = self._counts
        is_part = self._is_long or self._is_stopped
        is_filtering = bool(self._entry.get_text().strip()) and (every > 0 or is_part)
        words = (
            match_count_words(shown, every, scanned if is_part else None) if is_filtering else ""
        )
        self._count_label.set_text(words)
        self._stop_button.set_visible(self._is_long)
        self._resume_button.set_visible(self._is_stopped)
        self._status_box.set_visible(is_filtering)
        fraction = scanned / every if every and self._is_long else 0.0
        self._entry.set_progress_fraction(min(fraction, 1.0))

    def _finish(self) -> None:
        """Reset the display of a search."""
        if self._timer:
            GLib.source_remove(self._timer)
            self._timer = 0
        self._keep_focus()
        self._is_long = self._is_stopped = False

    def _keep_focus(self) -> None:
        """Focus the entry if a button that is about to be hidden has the focus."""
        if has_focus(self._status_box):
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
        if key in (Gdk.KEY_g, Gdk.KEY_G) and pressed in (control, control | shift):
            self._step("previous-match" if pressed & shift else "next-match")
        elif key in (Gdk.KEY_Return, Gdk.KEY_KP_Enter) and pressed == shift:
            self._step("previous-match")
        else:
            return False
        return True

    def _on_entry_pressed(
        self, _click: Gtk.GestureClick, _count: int, _x: float, _y: float
    ) -> None:
        self._set_open(True)

    @Gtk.Template.Callback()
    def _on_entry_text_changed(self, _entry: FilterEntry) -> None:
        text = self._entry.get_text()
        if text:
            self._set_open(True)
        errors = parse(text).errors
        self._entry.show_errors(errors)
        self._error_label.set_text(errors[0].message if errors else "")
        self._error_label.set_visible(bool(errors))
        self._no_matches_label.set_visible(False)
        self._unsearched_label.set_visible(False)
        self._chips.show_text(text)
        self.menu.show_text(text)
        self._finish()
        self._counts = 0, 0, 0  # of the new filter
        self._show_status()
        self.emit("filter-changed", text)

    @Gtk.Template.Callback()
    def _on_entry_used(self, _entry: FilterEntry, text: str) -> None:
        self.emit("filter-used", text)

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
    def _on_close_button_clicked(self, _button: Gtk.Button) -> None:
        self.close()

    @Gtk.Template.Callback()
    def _on_chips_text_changed(self, _chips: FilterChips, text: str) -> None:
        self._entry.replace(text)

    @Gtk.Template.Callback()
    def _on_menu_chosen(self, _menu: FilterMenu, text: str) -> None:
        self.replace(text)

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
        self._is_long = True  # it was long before it was stopped
        self._show_status()
        self.emit("search-resumed")
