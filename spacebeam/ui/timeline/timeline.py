"""The timeline: a list of entries that follows the newest one until the person scrolls up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from gi.repository import Adw, Gdk, GLib, GObject, Gtk

from spacebeam.recording.recording import Recording
from spacebeam.search.filter import Filter, Quality
from spacebeam.search.number_ranges import NumberRanges
from spacebeam.search.selected import Chunk, chunks
from spacebeam.search.view import FilteredView
from spacebeam.ui.compat import leave_by_tab
from spacebeam.ui.tab_stop import TabStop
from spacebeam.ui.template import template
from spacebeam.ui.timeline.empty_state import EmptyState
from spacebeam.ui.timeline.newest_bar import NewestBar
from spacebeam.ui.timeline.row_menu import RowMenu
from spacebeam.ui.timeline.rows import Rows
from spacebeam.ui.timeline.scrolling import Scrolling
from spacebeam.ui.timeline.selection import EntrySelection, RowFocus
from spacebeam.ui.timeline.timeline_model import Counts, TimelineModel
from spacebeam.ui.timeline.view_advancer import ViewAdvancer
from spacebeam.ui.timeline.wanted import Wanted

# Updating the list in every frame would halve the rate at which messages are received.
_UPDATE_INTERVAL_US = 50_000
# Where each update replaces all that is seen, nobody reads more of them.
_FLOOD_INTERVAL_US = 100_000
_COUNT_INTERVAL_US = 250_000  # of the counts, whose labels are laid out again
# The list makes about two hundred row widgets and reuses them. Making all of them in one frame
# would block the window for a fifth of a second.
_MAX_ROWS = 240
_NEW_ROWS_A_FRAME = 5


@template("timeline.ui")
class Timeline(Adw.Bin):
    """Shows a recording.

    Emits `entry-selected` (the entry's number, or -1 for none), `several-selected` (how many
    entries are, or 0 if none or one is), and `shown` when the list or its counts changed.
    """

    __gtype_name__ = "SpacebeamTimeline"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "entry-selected": (GObject.SignalFlags.RUN_FIRST, None, (GObject.TYPE_INT64,)),
        "several-selected": (GObject.SignalFlags.RUN_FIRST, None, (GObject.TYPE_INT64,)),
        "shown": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _scrolled_window: Gtk.ScrolledWindow = Gtk.Template.Child()
    _list_view: Gtk.ListView = Gtk.Template.Child()
    _empty_state: EmptyState = Gtk.Template.Child()
    _newest_bar: NewestBar = Gtk.Template.Child()

    def __init__(self) -> None:
        for part in (RowMenu, TabStop):
            GObject.type_ensure(part)  # the template has one
        super().__init__()
        self._recording, self.wanted = Recording(), Wanted()
        self._model = TimelineModel()
        self._advancer = ViewAdvancer(self, self._model.view)
        self._begin = 0  # number of the first entry after the last clearing
        self._paused_at: int | None = None  # number of the first entry that is held back
        self._is_settling = False
        self._announced: tuple[int, Counts] | None = None
        self._entry_selection = EntrySelection(
            self._model,
            self._on_entry_selection_changed,
            self._on_entry_selection_several,
            self._list_view,
        )
        adjustment = self._scrolled_window.get_vadjustment()
        self._scrolling = Scrolling(
            self._list_view, adjustment, self._model, self._on_scrolled, self._on_resized
        )
        self._visible, self._anchor = self._scrolling.visible, self._scrolling.anchor
        self.rows = Rows(self._visible, self._wake)
        leave_by_tab(self._list_view)
        self._list_view.set_factory(self.rows.factory)
        self._list_view.set_model(self._entry_selection.rows)
        self._tick = self._timer = self._shown_at = self._announced_at = 0
        self._row_focus = RowFocus(self._list_view)

    @property
    def is_following(self) -> bool:
        """Whether the list scrolls to new entries."""
        return self._scrolling.is_following

    @property
    def selected(self) -> int:
        """The number of the selected entry, or -1 if none or several are selected."""
        return self._entry_selection.number

    @property
    def several(self) -> int:
        """How many entries are selected, or 0 if none or one is."""
        return self._entry_selection.several

    @property
    def is_paused(self) -> bool:
        """Whether new entries are held back."""
        return self._paused_at is not None

    @property
    def counts(self) -> Counts:
        """The numbers of entries that pass the filter, are shown, held back and scanned."""
        held_back, view = 0, self._advancer.view
        if self._paused_at is not None:
            held_back = len(self._recording) - max(self._paused_at, self._oldest)
        end = len(self._recording) if self._paused_at is None else self._paused_at
        searched = view.scanned, view.is_current, view.unsearched, view.hidden(end)
        return Counts(len(view), self._target_count(), held_back, *searched)

    def close(self) -> None:
        """Show nothing. GTK would use the model to its end, which may be after Python's."""
        self._list_view.set_model(None)

    # Content

    def show_recording(self, recording: Recording, begin: int = 0) -> None:
        """Show this recording from the entry `begin` on; the list follows in the next frames."""
        if recording is not self._recording:
            with self.rows.unfilled():
                self.unselect()
            self._paused_at = None
            self._anchor.forget()
            self._scrolling.set_following(True)
            self._recording, self._begin = recording, begin
            self.wanted.removed = NumberRanges()
            self._restart_view()
        elif begin < self._begin:
            self._scrolling.save_position()
            self._begin = begin
            self._restart_view()
        elif begin > self._begin:
            self._begin = begin
            self._scrolling.set_following(True)
        self._wake()

    def show_filtered(self, filter_: Filter | None, hidden: tuple[Filter, ...] = ()) -> None:
        """Show only the entries that match a filter (None: all), and none of the hidden filters."""
        self.wanted.filter, self.wanted.hidden = filter_, hidden
        self.rows.highlighted = self.wanted.highlighted
        self._scrolling.save_position()
        self._restart_view()

    def stop_search(self, *, is_stopped: bool = True) -> None:
        """Stop scanning the recording for matches, or continue."""
        self._advancer.is_stopped = is_stopped
        if is_stopped:
            self._anchor.drop()
        self._wake()

    def search_again(self, quality: Quality) -> bool:
        """Search again if the filter asks for a quality that entries have gained or lost."""
        if is_asked := self.wanted.asks_for(quality):
            self.show_filtered(self.wanted.filter, self.wanted.hidden)
        return is_asked

    def update_star(self) -> None:
        """Show that a selected entry's star changed, which may change whether it matches."""
        if not self.search_again(Quality.STARRED):
            self.rows.refill()

    def pause(self, *, is_paused: bool) -> None:
        """Hold back new entries, or show them again."""
        self._paused_at = len(self._recording) if is_paused else None
        self._wake()

    def selected_chunks(self, numbers: NumberRanges | None = None) -> Iterator[Chunk]:
        """Return a generator of the entries that are selected now, or the shown ones of these."""
        chosen = self._entry_selection.rows.numbers if numbers is None else numbers
        return chunks(self._recording, self._advancer.view, chosen)

    @property
    def has_removed(self) -> bool:
        """Whether entries were removed from this view."""
        return bool(self.wanted.removed)

    def remove_selected(self) -> Callable[[], None]:
        """Hide the selected entries until another recording is shown; return what undoes it."""
        before = self.wanted.removed
        removed, numbers = before.copy(), list(self._entry_selection.rows.numbers)
        for start, end in numbers:
            removed.add(start, end)
        self._show_without(removed, self._recording)
        if numbers:
            self._entry_selection.select_later(numbers[0][0])  # the next one
        return partial(self._show_without, before, self._recording)

    def show_removed(self) -> None:
        """Show again what was removed from this view."""
        self._show_without(NumberRanges(), self._recording)

    def _show_without(self, removed: NumberRanges, recording: Recording) -> None:
        if recording is self._recording:
            self.wanted.removed = removed
            self._scrolling.save_position()
            self._restart_view()

    def _restart_view(self) -> None:
        self._announced = None
        matcher = self.wanted.matcher(self._recording)
        self._advancer.start(FilteredView(self._recording, matcher), self._oldest)
        with self._entry_selection.preserved():
            count = min(self._target_count(), _MAX_ROWS // 2)
            self._model.show(self._recording, self._advancer.view, count)
        self._scrolling.must_scroll = self._scrolling.is_following
        self._wake()

    @property
    def _oldest(self) -> int:
        return max(self._begin, self._recording.first_number)

    # Position

    def unselect(self) -> None:
        """Select no entry."""
        self._entry_selection.clear()

    def follow(self) -> None:
        """Scroll to the newest entry and follow new ones."""
        self._scrolling.follow()
        self._wake()

    def scroll_to(self, number: int, *, is_jump: bool = False) -> None:
        """Scroll to this entry or the next shown one; a jump also shows the entries around it."""
        self._scrolling.set_following(False)
        self._anchor.set(number, is_jump=is_jump)
        self._wake()

    def go_to(self, number: int, *, scrolls: bool = True) -> None:
        """Select this entry or the next shown one; also scroll to it and focus its row."""
        if scrolls:
            self.scroll_to(number, is_jump=True)
            self.focus_row()
        self._entry_selection.select_later(number)
        self._wake()

    def focus_row(self, number: int = -1) -> None:
        """Focus an entry's row; by default the selected entry's, or the last row if none is."""
        self._row_focus.request(number)
        self._wake()

    def step(self, by: int) -> None:
        """Select the next shown entry, or the previous one with -1."""
        count, at = self._model.get_n_items(), self._model.position(self.selected)
        if at < 0:
            number = self._entry_selection.chosen
            number = self._model.number(self._visible.first) if number < 0 else number
            at = self._model.position_from(number) - (by > 0)
        position = min(max(0, at + by), count - 1)
        if count:
            self._scrolling.set_following(False)
            self._scrolling.scroll_to(position)
            self._entry_selection.rows.select(position)
            if self._row_focus.is_in_list:
                self.focus_row()

    def _restore_position(self) -> None:
        """Scroll to the anchor and select the pending entry once their positions are known."""
        position = self._known_position(self._anchor.number)
        self._scrolling.restore_position(position, is_complete=self._is_complete)
        position = self._known_position(self._entry_selection.pending)
        if position is not None:
            self._settle(position)

    def _settle(self, position: int) -> None:
        """Select the pending entry at its position, in sight if a filter had hidden it."""
        was_hidden, self._is_settling = self._entry_selection.is_hidden, True
        self._entry_selection.settle(position)
        self._is_settling = False
        if was_hidden and self.selected >= 0 and not self.is_following:
            self.scroll_to(self.selected)

    def _known_position(self, number: int) -> int | None:
        """Return the position of an entry or the next shown one, or else of the last row.

        -1 if the list is empty; None if the position is not known yet, or `number` is negative.
        """
        position, count = self._advancer.view.position(number), self._model.get_n_items()
        if number < 0 or (position >= count and not self._is_complete):
            return None
        return min(position, count - 1)

    @property
    def _is_complete(self) -> bool:
        """Whether the list has all rows that it should have."""
        return self._advancer.view.is_current and self._model.get_n_items() == self._target_count()

    # Updates, frame by frame

    def _target_count(self) -> int:
        """Return the number of entries that the list should have."""
        view = self._advancer.view
        return len(view) if self._paused_at is None else view.position(self._paused_at)

    def _wake(self) -> None:
        if not self._tick:
            self._tick = self.add_tick_callback(self._on_tick)

    def _on_tick(self, _widget: Gtk.Widget, clock: Gdk.FrameClock) -> bool:
        self._scrolling.is_restoring = False
        # The list knows its new height only in the frame after it grew.
        if self._scrolling.scroll_to_end():
            return GLib.SOURCE_CONTINUE
        self._model.drop(self._oldest)
        self._advancer.advance(self._oldest)
        self._update_list(clock.get_frame_time())
        self._restore_position()
        if self._is_in_place and not self._scrolling.is_restoring:
            last = self._model.number(self._model.get_n_items() - 1)
            self._row_focus.apply(self.selected if self.selected >= 0 else last)
        if not (self._is_up_to_date() and self.rows.fill_rest()):
            return GLib.SOURCE_CONTINUE
        self._tick = 0
        if not (self._timer or self._announced == (len(self._recording), self.counts)):
            self._timer = GLib.timeout_add(_COUNT_INTERVAL_US // 1000, self._on_timeout)
        return GLib.SOURCE_REMOVE

    def _on_timeout(self) -> bool:
        self._timer = 0
        self._wake()  # frames until then would cost more than the counts
        return GLib.SOURCE_REMOVE

    def _update_list(self, now: int) -> None:
        count = self._model.get_n_items()
        is_growing = count < _MAX_ROWS
        wanted = self._target_count()
        self.rows.show_recording(self._recording)
        is_flood = wanted - count > self._visible.rows
        interval = _FLOOD_INTERVAL_US if is_flood else _UPDATE_INTERVAL_US
        if not is_growing and now - self._shown_at < interval:
            return
        self._shown_at = now
        if wanted != count:
            shown = min(wanted, count + _NEW_ROWS_A_FRAME) if is_growing else wanted
            self._model.show(self._recording, self._advancer.view, shown)
            self._scrolling.must_scroll = self._scrolling.is_following
        view = self._advancer.view
        self._empty_state.explain(self._recording, self._begin, view, wanted, self.wanted)
        is_due = now - self._announced_at >= _COUNT_INTERVAL_US or self._announced is None
        if is_due or self.is_paused:  # then the list is woken for the counts
            self._announced, self._announced_at = (len(self._recording), self.counts), now
            self._newest_bar.show_new(self._scrolling.count_new(wanted))
            self.emit("shown")

    def _is_up_to_date(self) -> bool:
        is_shown = self._model.get_n_items() == self._target_count()
        is_still = not (self._scrolling.is_moving or self._row_focus.is_pending)
        return self._advancer.is_done and is_shown and self._is_in_place and is_still

    @property
    def _is_in_place(self) -> bool:
        """Whether nothing is left to scroll to or to select."""
        is_pending = self._anchor.is_set or self._entry_selection.pending >= 0
        return self._advancer.is_stopped or not is_pending

    def _on_scrolled(self) -> None:
        self.rows.fill_visible()
        self._wake()  # to fill the other rows
        self._newest_bar.set_visible(self._scrolling.is_away)

    def _on_resized(self, lost_rows: int) -> None:
        if self._scrolling.is_following:
            self.follow()
        elif self.selected >= 0 and self._visible.contains(
            self._model.position(self.selected), lost_rows
        ):
            self._anchor.hold(self.selected)  # the inspector may cover it
            self._wake()

    def _on_entry_selection_changed(self, number: int) -> None:
        position = self._model.position(number)
        if number >= 0 and self._visible.contains(position):
            self._anchor.remember(number)
        if 0 <= position < self._model.get_n_items() - 1 and not self._is_settling:
            self._scrolling.set_following(False)  # or the selected entry would scroll away
            if self._newest_bar.get_visible() and self._visible.contains(position):
                self._scrolling.scroll_to(position + 1)  # the bar covers the last row
        self.emit("entry-selected", number)

    def _on_entry_selection_several(self, count: int) -> None:
        if count:
            self._scrolling.set_following(False)  # or the selected entries would scroll away
        self.emit("several-selected", count)

    @Gtk.Template.Callback()
    def _on_list_view_activate(self, _list_view: Gtk.ListView, position: int) -> None:
        self._entry_selection.rows.select(position)

    @Gtk.Template.Callback()
    def _on_newest_bar_clicked(self, _bar: NewestBar) -> None:
        self.follow()
