"""The timeline: the list of entries that follows the newest until the person scrolls up."""

from __future__ import annotations

from typing import NamedTuple

from gi.repository import Adw, Gdk, GLib, GObject, Gtk

from spacebeam.recording.filter_terms import Filter
from spacebeam.recording.matching import Matcher
from spacebeam.recording.recording import Recording
from spacebeam.recording.view import View
from spacebeam.ui.template import template
from spacebeam.ui.text_marks import marks_text
from spacebeam.ui.timeline.timeline_model import TimelineItem, TimelineModel
from spacebeam.ui.timeline.timeline_row import TimelineRow

# Following at the full frame rate costs half of the messages a second that can be taken in, and
# nobody reads faster than this.
_FOLLOW_INTERVAL = 50_000  # microseconds
# The list makes about two hundred row widgets and then uses them again and again. Making them all
# in one frame would hold up the window for a fifth of a second.
_ROWS_MADE = 240
_ROWS_A_FRAME = 8
_NOTHING_SAID = "Nothing has been said yet"
_NOTHING_FOUND = "Nothing here passes the filter"
_LOOK_AT_ONCE = 0.004  # seconds of a frame that looking through the recording may take


class Counts(NamedTuple):
    """How many entries are where."""

    passing: int  # that the filter lets through, as far as is known
    shown: int
    held_back: int  # by the pause
    looked_at: int
    is_all_looked_at: bool


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
    _empty_label: Gtk.Label = Gtk.Template.Child()
    _newest_revealer: Gtk.Revealer = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._recording = Recording()
        self._filter: Filter | None = None
        self._marked: Filter | None = None  # the filter, where it finds something in a text
        self._model = TimelineModel()
        self._view = self._model.view
        self._begin = 0  # what is before was cleared away
        self._oldest_shown = 0
        self._paused_at: int | None = None  # what is from this number on is held back
        self._is_stopped = False
        self._is_for_empty = True
        self._anchor = -1  # the number of an entry that is to be in sight
        self._must_select = False
        self._selection = Gtk.SingleSelection(
            model=self._model, autoselect=False, can_unselect=True
        )
        self._selection.connect("notify::selected", self._on_selection_notify_selected)
        factory = Gtk.SignalListItemFactory()
        factory.connect("setup", self._on_factory_setup)
        factory.connect("bind", self._on_factory_bind)
        self._list_view.set_factory(factory)
        self._list_view.set_model(self._selection)
        self._is_following = True
        self._tick = 0
        self._looking = 0  # the source that looks on between frames
        self._shown_at = 0
        self._value = 0.0
        self._must_scroll = False
        adjustment = self._scrolled_window.get_vadjustment()
        adjustment.connect("value-changed", self._on_adjustment_value_changed)
        adjustment.connect("notify::page-size", self._on_adjustment_notify_page_size)
        self._add_keys()

    @property
    def is_following(self) -> bool:
        """Whether the newest entry is kept in sight."""
        return self._is_following

    @property
    def selected(self) -> int:
        """The number of the selected entry, or -1."""
        return self._model.number(self._selection.get_selected())

    @property
    def counts(self) -> Counts:
        """How many entries are where."""
        held_back = 0 if self._paused_at is None else len(self._recording) - self._paused_at
        view = self._view
        return Counts(
            len(view), self._model.get_n_items(), held_back, view.scanned, view.is_current
        )

    # What is shown

    def show_recording(self, recording: Recording, begin: int = 0) -> None:
        """Show this recording from the entry `begin` on, and what is new in it, at the next
        frames."""
        if recording is not self._recording:
            self._selection.set_selected(Gtk.INVALID_LIST_POSITION)
            self._paused_at = None
        if recording is not self._recording or begin < self._begin:
            self._recording, self._begin = recording, begin
            self._look_anew()
        self._begin = begin
        self._wake()

    def show_filtered(self, filter_: Filter | None) -> None:
        """Show only what this filter lets through."""
        self._filter = filter_
        self._marked = filter_ if filter_ is not None and marks_text(filter_) else None
        self._anchor = -1 if self._is_following else max(self.selected, self._first_in_sight())
        self._must_select = self.selected >= 0
        self._look_anew()

    def stop_looking(self, *, is_stopped: bool = True) -> None:
        """Look through no more of the recording, or go on."""
        self._is_stopped = is_stopped
        self._wake()

    def look_again(self) -> None:
        """What the person said of an entry is another thing now."""
        self.show_filtered(self._filter)

    def show_marks(self) -> None:
        """What the person said of the selected entry is another thing now."""
        self._model.refresh(self._selection.get_selected())

    def pause(self, *, is_paused: bool) -> None:
        """Hold back what is new from now on, or show it again."""
        self._paused_at = len(self._recording) if is_paused else None
        self._wake()

    def _look_anew(self) -> None:
        recording = self._recording
        matcher = None
        if self._filter is not None and self._filter.terms:
            matcher = Matcher(self._filter, recording.began, recording.stars)
        self._view = View(recording, matcher)
        self._view.drop(max(self._begin, recording.first_number))
        self._is_for_empty = not len(recording)
        self._is_stopped = False
        self._view.advance(_LOOK_AT_ONCE)
        self._model.show(recording, self._view, min(self._wanted(), _ROWS_MADE // 2))
        self._wake()

    # Where it is looked at

    def unselect(self) -> None:
        """Let go of the selected entry."""
        self._selection.set_selected(Gtk.INVALID_LIST_POSITION)

    def follow(self) -> None:
        """Go to the newest entry and stay there."""
        self._anchor = -1
        self._set_following(True)
        self._must_scroll = True
        self._wake()

    def go_to(self, number: int) -> None:
        """Go to the entry with this number, or to the next that is shown, and select it."""
        self._set_following(False)
        self._anchor, self._must_select = number, True
        self._wake()

    def step(self, by: int) -> None:
        """Select the next entry that is shown, or with -1 the one before."""
        count = self._model.get_n_items()
        at = self._selection.get_selected()
        if at == Gtk.INVALID_LIST_POSITION:
            at = self._model.position_behind(self._first_in_sight()) - (by > 0)
        position = min(max(0, at + by), count - 1)
        if count:
            self._set_following(False)
            self._scroll_to(position)
            self._selection.set_selected(position)

    def _first_in_sight(self) -> int:
        adjustment = self._scrolled_window.get_vadjustment()
        share = adjustment.get_value() / max(1.0, adjustment.get_upper())
        return self._model.number(int(share * self._model.get_n_items()))

    def _return_to_anchor(self) -> None:
        """Scroll to the entry that is to be in sight, once it is known where it stands."""
        is_seen = self._view.is_current or self._view.scanned + self._begin > self._anchor
        count = self._model.get_n_items()
        if not is_seen or count < self._wanted():
            return
        position = min(self._view.position(self._anchor), count - 1)
        self._anchor = -1
        if position >= 0:
            self._scroll_to(position)
            if self._must_select:
                self._selection.set_selected(position)

    # Frame by frame

    def _wanted(self) -> int:
        """How many entries are to be shown."""
        if self._paused_at is None:
            return len(self._view)
        return self._view.position(self._paused_at)

    def _wake(self) -> None:
        if not self._tick:
            self._tick = self.add_tick_callback(self._on_tick)

    def _on_tick(self, _widget: Gtk.Widget, clock: Gdk.FrameClock) -> bool:
        # The list is scrolled a frame after it grew: only then does it know its new height.
        if self._must_scroll:
            self._must_scroll = False
            self._scroll_to(self._model.get_n_items() - 1)
            return GLib.SOURCE_CONTINUE
        if self._is_for_empty and len(self._recording):
            self._look_anew()  # only now it is known on which day it began
        if not self._is_stopped:
            self._view.advance(_LOOK_AT_ONCE)
            self._look_between_frames()
        self._show_more(clock.get_frame_time())
        if self._anchor >= 0:
            self._return_to_anchor()
        if self._is_shown_whole():
            self._tick = 0
            return GLib.SOURCE_REMOVE
        return GLib.SOURCE_CONTINUE

    def _look_between_frames(self) -> None:
        """Look on while there is nothing else to do, until the next frame or the end."""
        if not self._looking and not self._view.is_current:
            self._looking = GLib.idle_add(self._on_idle, priority=GLib.PRIORITY_LOW)

    def _on_idle(self) -> bool:
        if self._is_stopped or not self.get_mapped() or not self._view.advance(_LOOK_AT_ONCE):
            self._looking = 0
            return GLib.SOURCE_REMOVE
        return GLib.SOURCE_CONTINUE

    def _show_more(self, now: int) -> None:
        oldest = max(self._begin, self._recording.first_number)
        if oldest > self._oldest_shown:
            self._model.drop(oldest)
        self._oldest_shown = oldest
        count = self._model.get_n_items()
        is_young = count < _ROWS_MADE
        if not is_young and now - self._shown_at < _FOLLOW_INTERVAL:
            return
        wanted = self._wanted()
        self._shown_at = now
        if wanted != count:
            self._model.show(
                self._recording,
                self._view,
                min(wanted, count + _ROWS_A_FRAME) if is_young else wanted,
            )
            self._must_scroll = self._is_following
        self._empty_label.set_visible(not wanted)
        is_filtered = self._filter is not None and len(self._recording) > oldest
        self._empty_label.set_text(_NOTHING_FOUND if is_filtered else _NOTHING_SAID)
        self.emit("shown")

    def _is_shown_whole(self) -> bool:
        is_looked_at = self._view.is_current or self._is_stopped
        is_shown = self._model.get_n_items() == self._wanted()
        return is_looked_at and is_shown and self._anchor < 0 and not self._must_scroll

    def _scroll_to(self, position: int) -> None:
        if position >= 0:
            target = GLib.Variant.new_uint32(position)
            self._list_view.activate_action("list.scroll-to-item", target)

    def _set_following(self, is_following: bool) -> None:
        self._is_following = is_following
        self._newest_revealer.set_reveal_child(not is_following)

    def _add_keys(self) -> None:
        controller = Gtk.EventControllerKey(propagation_phase=Gtk.PropagationPhase.CAPTURE)
        controller.connect("key-pressed", self._on_key_pressed)
        self._list_view.add_controller(controller)

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

    def _on_adjustment_value_changed(self, adjustment: Gtk.Adjustment) -> None:
        before, self._value = self._value, adjustment.get_value()
        is_at_end = self._value + adjustment.get_page_size() >= adjustment.get_upper() - 1
        if is_at_end and not self._is_following:
            self._set_following(True)
        elif self._value < before - 1 and not is_at_end and self._is_following:
            self._set_following(False)

    def _on_adjustment_notify_page_size(
        self, _adjustment: Gtk.Adjustment, _property: GObject.ParamSpec
    ) -> None:
        if self._is_following:
            self.follow()

    def _on_selection_notify_selected(
        self, _selection: Gtk.SingleSelection, _property: GObject.ParamSpec
    ) -> None:
        self.emit("entry-selected", self.selected)

    @Gtk.Template.Callback()
    def _on_list_view_activate(self, _list_view: Gtk.ListView, position: int) -> None:
        self._selection.set_selected(position)

    @Gtk.Template.Callback()
    def _on_newest_button_clicked(self, _button: Gtk.Button) -> None:
        self.follow()

    def _on_factory_setup(self, _factory: Gtk.ListItemFactory, item: Gtk.ListItem) -> None:
        item.set_child(TimelineRow())

    def _on_factory_bind(self, _factory: Gtk.ListItemFactory, item: Gtk.ListItem) -> None:
        row, shown = item.get_child(), item.get_item()
        if isinstance(row, TimelineRow) and isinstance(shown, TimelineItem):
            row.show_entry(shown.entry, shown.mark, self._marked)
