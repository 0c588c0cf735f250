"""The timeline: the list of entries that follows the newest until the person scrolls up."""

from __future__ import annotations

from gi.repository import Adw, Gdk, GLib, GObject, Gtk

from spacebeam.recording.recording import Recording
from spacebeam.search.filter import Filter, HasQuality, Quality
from spacebeam.search.highlights import has_highlights
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.view import FilteredView
from spacebeam.ui.template import template
from spacebeam.ui.timeline.counts import Counts
from spacebeam.ui.timeline.empty_state import EmptyState
from spacebeam.ui.timeline.rows import Rows
from spacebeam.ui.timeline.scroll_anchor import ScrollAnchor, VisibleRows
from spacebeam.ui.timeline.selection import EntrySelection, RowFocus
from spacebeam.ui.timeline.timeline_model import TimelineModel
from spacebeam.ui.timeline.view_advancer import ViewAdvancer

# Following at the full frame rate costs half of the messages a second that can be taken in, and
# nobody reads faster than this.
_FOLLOW_INTERVAL = 50_000  # microseconds
# The list makes about two hundred row widgets and then uses them again and again. Making them all
# in one frame would hold up the window for a fifth of a second.
_ROWS_MADE = 240
_ROWS_A_FRAME = 5


@template("timeline.ui")
class Timeline(Adw.Bin):
    """Shows a recording. `entry-selected` carries an entry's number, or -1 for none; `shown`
    says that new entries are in the list."""

    __gtype_name__ = "SpacebeamTimeline"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "entry-selected": (GObject.SignalFlags.RUN_FIRST, None, (GObject.TYPE_INT64,)),
        "shown": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _scrolled_window: Gtk.ScrolledWindow = Gtk.Template.Child()
    _list_view: Gtk.ListView = Gtk.Template.Child()
    _nothing_shown: EmptyState = Gtk.Template.Child()
    _newest_revealer: Gtk.Revealer = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._recording = Recording()
        self._filter: Filter | None = None
        self._model = TimelineModel()
        self._looking = ViewAdvancer(self, self._model.view)
        self._begin = 0  # what is before was cleared away
        self._paused_at: int | None = None  # what is from this number on is held back
        self._is_for_empty = True
        self._place = -1  # the number of the entry that was to be in sight, for the last time
        self._is_returning = self._is_settling = False
        self._told: tuple[int, Counts] | None = None
        self._choice = EntrySelection(self._model, self._on_choice_told)
        self._selection = self._choice.selection
        adjustment = self._scrolled_window.get_vadjustment()
        self._sight = VisibleRows(adjustment, self._model)
        self._anchor = ScrollAnchor(self._sight)
        self._rows = Rows(self._sight)
        self._list_view.set_factory(self._rows.factory)
        self._list_view.set_model(self._selection)
        self._is_following = True
        self._tick = 0
        self._shown_at = 0
        self._value = self._height = 0.0
        self._must_scroll = False
        self._cursor = RowFocus(self._list_view)
        adjustment.connect("changed", self._on_adjustment_changed)
        adjustment.connect("value-changed", self._on_adjustment_value_changed)
        adjustment.connect("notify::page-size", self._on_adjustment_notify_page_size)

    @property
    def is_following(self) -> bool:
        """Whether the newest entry is kept in sight."""
        return self._is_following

    @property
    def selected(self) -> int:
        """The number of the selected entry, or -1."""
        return self._choice.number

    @property
    def is_paused(self) -> bool:
        """Whether what is new is held back."""
        return self._paused_at is not None

    @property
    def counts(self) -> Counts:
        """How many entries are where."""
        held_back, view = 0, self._looking.view
        if self._paused_at is not None:
            held_back = len(self._recording) - max(self._paused_at, self._oldest)
        return Counts(len(view), self._wanted(), held_back, view.scanned, view.is_current)

    # What is shown

    def show_recording(self, recording: Recording, begin: int = 0) -> None:
        """Show this recording from the entry `begin` on, and what is new, at the next frames."""
        if recording is not self._recording:
            self.unselect()
            self._paused_at = None
            self._forget_place()
            self._set_following(True)
            self._recording, self._begin = recording, begin
            self._look_anew()
        elif begin < self._begin:
            self._keep_place()
            self._begin = begin
            self._look_anew()
        elif begin > self._begin:
            self._begin = begin
            self._set_following(True)
        self._wake()

    def show_filtered(self, filter_: Filter | None) -> None:
        """Show only what this filter lets through."""
        self._filter = filter_
        self._rows.marked = filter_ if filter_ is not None and has_highlights(filter_) else None
        self._keep_place()
        self._look_anew()

    def stop_looking(self, *, is_stopped: bool = True) -> None:
        """Look through no more of the recording, or go on."""
        self._looking.is_stopped = is_stopped
        if is_stopped:
            self._anchor.drop()
        self._wake()

    def look_again(self) -> None:
        """What the person said of the selected entry is another thing now, the star perhaps."""
        asked = () if self._filter is None else self._filter.conditions
        if any(isinstance(one, HasQuality) and one.quality is Quality.STARRED for one in asked):
            self.show_filtered(self._filter)
        else:
            self.show_marks()

    def show_marks(self) -> None:
        """What the person said of the selected entry is another thing now."""
        position = self._selection.get_selected()
        if position != Gtk.INVALID_LIST_POSITION:
            with self._choice.kept():
                self._model.refresh(position)
            self._settle(position)

    def pause(self, *, is_paused: bool) -> None:
        """Hold back what is new from now on, or show it again."""
        self._paused_at = len(self._recording) if is_paused else None
        self._wake()

    def _look_anew(self) -> None:
        recording = self._recording
        matcher = None
        if self._filter is not None and self._filter.terms:
            matcher = Matcher(self._filter, recording.began, recording.stars)
        self._is_for_empty = not len(recording)
        self._told = None
        self._looking.begin(FilteredView(recording, matcher), self._oldest)
        with self._choice.kept():
            self._model.show(recording, self._looking.view, min(self._wanted(), _ROWS_MADE // 2))
        self._must_scroll = self._is_following
        self._wake()

    @property
    def _oldest(self) -> int:
        return max(self._begin, self._recording.first_number)

    # Where it is looked at

    def unselect(self) -> None:
        """Let go of the selected entry."""
        self._choice.clear()

    def follow(self) -> None:
        """Go to the newest entry and stay there."""
        self._forget_place()
        self._set_following(True)
        self._must_scroll = True
        self._wake()

    def look_at(self, number: int, *, is_jump: bool = False) -> None:
        """Go to this entry, or the next that is shown; in a jump one sees what is around it too."""
        self._set_following(False)
        self._place = number
        self._anchor.set(number, is_jump=is_jump)
        self._wake()

    def go_to(self, number: int) -> None:
        """Go there as well, select it, and have the keys go on from there."""
        self.look_at(number, is_jump=True)
        self._choice.seek(number)
        self.take_cursor()

    def take_cursor(self) -> None:
        """Have keys go to the selected entry, once it is known where it stands, or to the last."""
        self._cursor.ask()
        self._wake()

    def step(self, by: int) -> None:
        """Select the next entry that is shown, or with -1 the one before."""
        count = self._model.get_n_items()
        at = self._selection.get_selected()
        if at == Gtk.INVALID_LIST_POSITION:
            number = self._choice.chosen
            number = self._model.number(self._sight.first) if number < 0 else number
            at = self._model.position_behind(number) - (by > 0)
        position = min(max(0, at + by), count - 1)
        if count:
            self._set_following(False)
            self._scroll_to(position)
            self._selection.set_selected(position)
            if self._cursor.is_in_list:
                self.take_cursor()

    def _forget_place(self) -> None:
        self._place = -1
        self._anchor.drop()

    def _keep_place(self) -> None:
        """Have what is in sight so again in a list that is made anew."""
        if self._is_following or self._anchor.is_set:
            return
        # Where the person has not gone away from what was returned to, it is that once more: it
        # may be hidden, and another stand for it.
        place = self._model.position_behind(self._place)
        if self._model.get_n_items() and (self._place < 0 or not self._sight.holds(place)):
            self._place = self._model.number(self._sight.first)
        self._anchor.set(self._place)

    def _return(self) -> None:
        """Scroll and select as it was to be, once it is known where that is."""
        position = self._known_position(self._anchor.number)
        if position is not None and (target := self._anchor.aim(position)) is not None:
            self._is_returning = True
            self._scroll_to(min(target, self._model.get_n_items() - 1))
        position = self._known_position(self._choice.sought)
        if position is not None:
            self._settle(position)

    def _settle(self, position: int) -> None:
        """What was selected is so again, at this position."""
        self._is_settling = True
        self._choice.settle(position)
        self._is_settling = False

    def _known_position(self, number: int) -> int | None:
        """Where an entry, or the next, is in the list; at its end (-1: nowhere) without one.

        None where that is not known yet, or nothing is asked for.
        """
        position, count = self._looking.view.position(number), self._model.get_n_items()
        if number < 0:
            return None
        if position < count:
            return position
        is_all = self._looking.view.is_current and count == self._wanted()
        return count - 1 if is_all else None

    # Frame by frame

    def _wanted(self) -> int:
        """How many entries are to be shown."""
        if self._paused_at is None:
            return len(self._looking.view)
        return self._looking.view.position(self._paused_at)

    def _wake(self) -> None:
        if not self._tick:
            self._tick = self.add_tick_callback(self._on_tick)

    def _on_tick(self, _widget: Gtk.Widget, clock: Gdk.FrameClock) -> bool:
        self._is_returning = False
        # The list is scrolled a frame after it grew: only then does it know its new height.
        if self._must_scroll:
            self._must_scroll = False
            self._scroll_to(self._model.get_n_items() - 1)
            return GLib.SOURCE_CONTINUE
        if self._is_for_empty and len(self._recording):
            self._look_anew()  # only now it is known on which day it began
        self._model.drop(self._oldest)
        self._looking.look_on(self._oldest)
        self._show_more(clock.get_frame_time())
        self._return()
        if self._is_there and not self._is_returning:
            last = self._model.number(self._model.get_n_items() - 1)
            self._cursor.put(self.selected if self.selected >= 0 else last)
        if not self._is_shown_whole():
            return GLib.SOURCE_CONTINUE
        self._rows.fill_rest()
        if not self._rows.are_filled:
            return GLib.SOURCE_CONTINUE
        self._tick = 0
        return GLib.SOURCE_REMOVE

    def _show_more(self, now: int) -> None:
        count = self._model.get_n_items()
        is_young = count < _ROWS_MADE
        if not is_young and now - self._shown_at < _FOLLOW_INTERVAL:
            return
        wanted = self._wanted()
        self._shown_at = now
        if wanted != count:
            self._model.show(
                self._recording,
                self._looking.view,
                min(wanted, count + _ROWS_A_FRAME) if is_young else wanted,
            )
            self._must_scroll = self._is_following
        self._nothing_shown.explain(self._recording, self._begin, self._looking.view, wanted)
        self._told = (len(self._recording), self.counts)
        self.emit("shown")

    def _is_shown_whole(self) -> bool:
        is_shown = self._model.get_n_items() == self._wanted()
        is_told = self._told == (len(self._recording), self.counts)
        is_still = not (self._must_scroll or self._is_returning or self._cursor.is_awaited)
        return self._looking.is_done and is_shown and is_told and self._is_there and is_still

    @property
    def _is_there(self) -> bool:
        """Whether nothing is to be brought into sight or selected that can be."""
        is_awaited = self._anchor.is_set or self._choice.sought >= 0
        return self._looking.is_stopped or not is_awaited

    def _scroll_to(self, position: int) -> None:
        if position >= 0:
            target = GLib.Variant.new_uint32(position)
            self._list_view.activate_action("list.scroll-to-item", target)

    def _set_following(self, is_following: bool) -> None:
        self._is_following = is_following
        self._must_scroll &= is_following  # what was to follow would go away from it again
        self._show_newest_button()

    def _show_newest_button(self) -> None:
        self._newest_revealer.set_reveal_child(not self._is_following and not self._sight.is_at_end)

    @Gtk.Template.Callback()
    def _on_key_pressed(
        self, _controller: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        if self.selected < 0:
            return False
        if key == Gdk.KEY_Escape:
            self.unselect()
            return True
        if key == Gdk.KEY_c and state & Gdk.ModifierType.CONTROL_MASK:
            return bool(self.activate_action("tab.copy", None))
        return False

    def _on_adjustment_changed(self, adjustment: Gtk.Adjustment) -> None:
        # It comes before `value-changed`, so that a value that goes with another length or height
        # is not taken for the person's scrolling.
        self._value = adjustment.get_value()
        self._rows.fill_seen()
        self._show_newest_button()

    def _on_adjustment_value_changed(self, adjustment: Gtk.Adjustment) -> None:
        before, self._value = self._value, adjustment.get_value()
        self._rows.fill_seen()
        self._wake()  # to fill the others
        self._show_newest_button()
        if self._value == before or self._is_returning or self._anchor.is_set:
            return
        if self._sight.is_at_end and self._sight.is_part and not self._is_following:
            self._set_following(True)
        elif self._value < before - 1 and not self._sight.is_at_end and self._is_following:
            self._set_following(False)

    def _on_adjustment_notify_page_size(
        self, adjustment: Gtk.Adjustment, _property: GObject.ParamSpec
    ) -> None:
        before, self._height = self._height, adjustment.get_page_size()
        lost = self._sight.rows_in(before - self._height)
        if self._is_following:
            self.follow()
        elif self.selected >= 0 and self._sight.holds(self._model.position(self.selected), lost):
            self._anchor.hold(self.selected)  # the inspector may have taken its place
            self._wake()

    def _on_choice_told(self, number: int) -> None:
        position = self._model.position(number)
        if number >= 0 and self._sight.holds(position):
            self._place = number
        if 0 <= position < self._model.get_n_items() - 1 and not self._is_settling:
            self._set_following(False)  # or what is being read would go away
        self.emit("entry-selected", number)

    @Gtk.Template.Callback()
    def _on_list_view_activate(self, _list_view: Gtk.ListView, position: int) -> None:
        self._selection.set_selected(position)

    @Gtk.Template.Callback()
    def _on_newest_button_clicked(self, _button: Gtk.Button) -> None:
        self.follow()
