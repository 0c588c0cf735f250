"""The timeline: a list of entries that follows the newest one until the person scrolls up."""

from __future__ import annotations

from gi.repository import Adw, Gdk, GLib, GObject, Gtk

from spacebeam.protocol.batch import Kind
from spacebeam.recording.recording import Recording
from spacebeam.search.filter import Filter, HasQuality, Quality
from spacebeam.search.highlights import has_highlights
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse
from spacebeam.search.view import FilteredView
from spacebeam.ui.template import template
from spacebeam.ui.timeline.empty_state import EmptyState
from spacebeam.ui.timeline.row_menu import RowMenu
from spacebeam.ui.timeline.rows import Rows
from spacebeam.ui.timeline.scrolling import Scrolling
from spacebeam.ui.timeline.selection import EntrySelection, RowFocus
from spacebeam.ui.timeline.timeline_model import Counts, TimelineModel
from spacebeam.ui.timeline.view_advancer import ViewAdvancer
from spacebeam.wording.events import event_words

# Updating the list in every frame would halve the rate at which messages are received.
_UPDATE_INTERVAL_US = 50_000
# The list makes about two hundred row widgets and reuses them. Making all of them in one frame
# would block the window for a fifth of a second.
_MAX_ROWS = 240
_NEW_ROWS_A_FRAME = 5


@template("timeline.ui")
class Timeline(Adw.Bin):
    """Shows a recording.

    Emits `entry-selected` (the entry's number, or -1 for none) and `shown` when the list or its
    counts changed.
    """

    __gtype_name__ = "SpacebeamTimeline"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "entry-selected": (GObject.SignalFlags.RUN_FIRST, None, (GObject.TYPE_INT64,)),
        "shown": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _scrolled_window: Gtk.ScrolledWindow = Gtk.Template.Child()
    _list_view: Gtk.ListView = Gtk.Template.Child()
    _empty_state: EmptyState = Gtk.Template.Child()
    _newest_revealer: Gtk.Revealer = Gtk.Template.Child()

    def __init__(self) -> None:
        GObject.type_ensure(RowMenu)  # the template has one
        super().__init__()
        self._recording = Recording()
        self._filter: Filter | None = None
        self._hidden: tuple[Filter, ...] = ()
        self._model = TimelineModel()
        self._advancer = ViewAdvancer(self, self._model.view)
        self._begin = 0  # number of the first entry after the last clearing
        self._paused_at: int | None = None  # number of the first entry that is held back
        self._is_settling = False
        self._announced: tuple[int, Counts] | None = None
        self._entry_selection = EntrySelection(self._model, self._on_entry_selection_changed)
        self._selection = self._entry_selection.selection
        adjustment = self._scrolled_window.get_vadjustment()
        self._scrolling = Scrolling(
            self._list_view, adjustment, self._model, self._on_scrolled, self._on_resized
        )
        self._visible, self._anchor = self._scrolling.visible, self._scrolling.anchor
        self._rows = Rows(self._visible)
        self._list_view.set_factory(self._rows.factory)
        self._list_view.set_model(self._selection)
        self._tick = self._shown_at = 0
        self._row_focus = RowFocus(self._list_view)

    @property
    def is_following(self) -> bool:
        """Whether the list scrolls to new entries."""
        return self._scrolling.is_following

    @property
    def selected(self) -> int:
        """The number of the selected entry, or -1."""
        return self._entry_selection.number

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
            self.unselect()
            self._paused_at = None
            self._anchor.forget()
            self._set_following(True)
            self._recording, self._begin = recording, begin
            self._restart_view()
        elif begin < self._begin:
            self._scrolling.save_position()
            self._begin = begin
            self._restart_view()
        elif begin > self._begin:
            self._begin = begin
            self._set_following(True)
        self._wake()

    def show_filtered(self, filter_: Filter | None, hidden: tuple[Filter, ...] = ()) -> None:
        """Show only the entries that match a filter (None: all), and none of the hidden filters."""
        self._filter, self._hidden = filter_, hidden
        is_highlighted = filter_ is not None and has_highlights(filter_)
        self._rows.highlighted = filter_ if is_highlighted else None
        self._scrolling.save_position()
        self._restart_view()

    def choose_decoder(self, kind: Kind, name: str) -> None:
        """Show entries of a kind with the decoder of this name; "" for the best one."""
        self._rows.choose_decoder(kind, name)
        self._wake()  # to fill the rows that are not visible

    def stop_search(self, *, is_stopped: bool = True) -> None:
        """Stop scanning the recording for matches, or continue."""
        self._advancer.is_stopped = is_stopped
        if is_stopped:
            self._anchor.drop()
        self._wake()

    def update_star(self) -> None:
        """Show that the selected entry's star changed, which may change whether it matches."""
        filters = self._hidden if self._filter is None else (self._filter, *self._hidden)
        asked = (one for filter_ in filters for one in filter_.conditions)
        if any(isinstance(one, HasQuality) and one.quality is Quality.STARRED for one in asked):
            self.show_filtered(self._filter, self._hidden)
        else:
            self.update_mark()

    def update_mark(self) -> None:
        """Show that the selected entry's star or note changed."""
        position = self._selection.get_selected()
        if position != Gtk.INVALID_LIST_POSITION:
            with self._entry_selection.preserved():
                self._model.refresh(position)
            self._settle(position)

    def pause(self, *, is_paused: bool) -> None:
        """Hold back new entries, or show them again."""
        self._paused_at = len(self._recording) if is_paused else None
        self._wake()

    def _restart_view(self) -> None:
        recording = self._recording
        self._announced = None
        self._advancer.start(FilteredView(recording, self._new_matcher()), self._oldest)
        with self._entry_selection.preserved():
            count = min(self._target_count(), _MAX_ROWS // 2)
            self._model.show(recording, self._advancer.view, count)
        self._scrolling.must_scroll = self._scrolling.is_following
        self._wake()

    def _new_matcher(self) -> Matcher | None:
        """Return a matcher of the entries that are shown; None if all are."""
        filter_ = self._filter or parse("")
        if not (filter_.terms or self._hidden):
            return None
        return Matcher(filter_, self._recording.stars, event_words, self._hidden)

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
        self._show_newest_button()
        self._wake()

    def scroll_to(self, number: int, *, is_jump: bool = False) -> None:
        """Scroll to this entry or the next shown one; a jump also shows the entries around it."""
        self._set_following(False)
        self._anchor.set(number, is_jump=is_jump)
        self._wake()

    def go_to(self, number: int) -> None:
        """Scroll to this entry or the next shown one, select it and focus its row."""
        self.scroll_to(number, is_jump=True)
        self._entry_selection.select_later(number)
        self.focus_row()

    def focus_row(self) -> None:
        """Give the selected entry's row the keyboard focus, or the last row if none is selected."""
        self._row_focus.request()
        self._wake()

    def step(self, by: int) -> None:
        """Select the next shown entry, or the previous one with -1."""
        count = self._model.get_n_items()
        at = self._selection.get_selected()
        if at == Gtk.INVALID_LIST_POSITION:
            number = self._entry_selection.chosen
            number = self._model.number(self._visible.first) if number < 0 else number
            at = self._model.position_from(number) - (by > 0)
        position = min(max(0, at + by), count - 1)
        if count:
            self._set_following(False)
            self._scrolling.scroll_to(position)
            self._selection.set_selected(position)
            if self._row_focus.is_in_list:
                self.focus_row()

    def _restore_position(self) -> None:
        """Scroll to the anchor and select the pending entry once their positions are known."""
        self._scrolling.restore_position(self._known_position(self._anchor.number))
        position = self._known_position(self._entry_selection.pending)
        if position is not None:
            self._settle(position)

    def _settle(self, position: int) -> None:
        """Select the pending entry at its position."""
        self._is_settling = True
        self._entry_selection.settle(position)
        self._is_settling = False

    def _known_position(self, number: int) -> int | None:
        """Return the position of an entry or the next shown one, or else of the last row.

        -1 if the list is empty; None if the position is not known yet, or `number` is negative.
        """
        position, count = self._advancer.view.position(number), self._model.get_n_items()
        if number < 0:
            return None
        if position < count:
            return position
        is_complete = self._advancer.view.is_current and count == self._target_count()
        return count - 1 if is_complete else None

    # Updates, frame by frame

    def _target_count(self) -> int:
        """Return the number of entries that the list should have."""
        if self._paused_at is None:
            return len(self._advancer.view)
        return self._advancer.view.position(self._paused_at)

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
        if not self._is_up_to_date():
            return GLib.SOURCE_CONTINUE
        self._rows.fill_rest()
        if not self._rows.are_filled:
            return GLib.SOURCE_CONTINUE
        self._tick = 0
        return GLib.SOURCE_REMOVE

    def _update_list(self, now: int) -> None:
        count = self._model.get_n_items()
        is_growing = count < _MAX_ROWS
        if not is_growing and now - self._shown_at < _UPDATE_INTERVAL_US:
            return
        wanted = self._target_count()
        self._shown_at = now
        if wanted != count:
            shown = min(wanted, count + _NEW_ROWS_A_FRAME) if is_growing else wanted
            self._model.show(self._recording, self._advancer.view, shown)
            self._scrolling.must_scroll = self._scrolling.is_following
        self._empty_state.explain(self._recording, self._begin, self._advancer.view, wanted)
        self._announced = (len(self._recording), self.counts)
        self.emit("shown")

    def _is_up_to_date(self) -> bool:
        is_shown = self._model.get_n_items() == self._target_count()
        is_announced = self._announced == (len(self._recording), self.counts)
        is_still = not (
            self._scrolling.must_scroll
            or self._scrolling.is_restoring
            or self._row_focus.is_pending
        )
        return (
            self._advancer.is_done and is_shown and is_announced and self._is_in_place and is_still
        )

    @property
    def _is_in_place(self) -> bool:
        """Whether nothing is left to scroll to or to select."""
        is_pending = self._anchor.is_set or self._entry_selection.pending >= 0
        return self._advancer.is_stopped or not is_pending

    def _set_following(self, is_following: bool) -> None:
        self._scrolling.set_following(is_following)
        self._show_newest_button()

    def _show_newest_button(self) -> None:
        self._newest_revealer.set_reveal_child(self._scrolling.is_away)

    @Gtk.Template.Callback()
    def _on_key_pressed(
        self, _controller: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        if self.selected < 0:
            return False
        if key == Gdk.KEY_c and state & Gdk.ModifierType.CONTROL_MASK:
            return bool(self.activate_action("tab.copy", None))
        return False

    def _on_scrolled(self) -> None:
        self._rows.fill_visible()
        self._wake()  # to fill the other rows
        self._show_newest_button()

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
            self._set_following(False)  # or the selected entry would scroll away
        self.emit("entry-selected", number)

    @Gtk.Template.Callback()
    def _on_list_view_activate(self, _list_view: Gtk.ListView, position: int) -> None:
        self._selection.set_selected(position)

    @Gtk.Template.Callback()
    def _on_newest_button_clicked(self, _button: Gtk.Button) -> None:
        self.follow()
