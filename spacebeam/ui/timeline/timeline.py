"""The timeline: the list of entries that follows the newest until the person scrolls up."""

from __future__ import annotations

from gi.repository import Adw, Gdk, GLib, GObject, Gtk

from spacebeam.recording.recording import Recording
from spacebeam.ui.template import template
from spacebeam.ui.timeline.timeline_model import TimelineItem, TimelineModel
from spacebeam.ui.timeline.timeline_row import TimelineRow

# Following at the full frame rate costs half of the messages a second that can be taken in, and
# nobody reads faster than this.
_FOLLOW_INTERVAL = 50_000  # microseconds
# The list makes about two hundred row widgets and then uses them again and again. Making them all
# in one frame would hold up the window for a fifth of a second.
_ROWS_MADE = 240
_ROWS_A_FRAME = 10


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
        self._model = TimelineModel()
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
        position = self._selection.get_selected()
        return -1 if position == Gtk.INVALID_LIST_POSITION else int(position)

    def show_recording(self, recording: Recording) -> None:
        """Show this recording and what is new in it, at the next frames."""
        if recording is not self._recording:
            self._selection.set_selected(Gtk.INVALID_LIST_POSITION)
            self._model.show(Recording())  # now: there may be no further frame
        self._recording = recording
        self._wake()

    def unselect(self) -> None:
        """Let go of the selected entry."""
        self._selection.set_selected(Gtk.INVALID_LIST_POSITION)

    def follow(self) -> None:
        """Go to the newest entry and stay there."""
        self._set_following(True)
        self._must_scroll = True
        self._wake()

    def _wake(self) -> None:
        if not self._tick:
            self._tick = self.add_tick_callback(self._on_tick)

    def _on_tick(self, _widget: Gtk.Widget, clock: Gdk.FrameClock) -> bool:
        now = clock.get_frame_time()
        # The list is scrolled a frame after it grew: only then does it know its new height.
        if self._must_scroll:
            self._must_scroll = False
            self._scroll_to_newest()
            return GLib.SOURCE_CONTINUE
        if self._is_shown_whole():
            self._tick = 0
            return GLib.SOURCE_REMOVE
        is_young = self._model.get_n_items() < _ROWS_MADE
        if is_young or now - self._shown_at >= _FOLLOW_INTERVAL:
            self._shown_at = now
            self._model.show(self._recording, _ROWS_A_FRAME if is_young else None)
            self._empty_label.set_visible(not len(self._recording))
            self._must_scroll = self._is_following
            self.emit("shown")
        return GLib.SOURCE_CONTINUE

    def _is_shown_whole(self) -> bool:
        is_current = self._model.recording is self._recording
        return is_current and self._model.get_n_items() == len(self._recording)

    def _scroll_to_newest(self) -> None:
        count = self._model.get_n_items()
        if count:
            newest = GLib.Variant.new_uint32(count - 1)
            self._list_view.activate_action("list.scroll-to-item", newest)

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
            row.show_entry(shown.entry)
