"""The list of a chat: the timeline's entries as bubbles, following the newest."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from gi.repository import Adw, Gdk, GLib, GObject, Gtk

from spacebeam.recording.recording import Recording
from spacebeam.search.decoding import connection_of
from spacebeam.search.filter import Filter, HasQuality, Quality
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.pair_index import PairIndex
from spacebeam.search.parser import parse
from spacebeam.search.view import FilteredView
from spacebeam.ui.chat.chat_row import ChatRow
from spacebeam.ui.chat.links import Link
from spacebeam.ui.chat.picture_loader import PictureLoader
from spacebeam.ui.chat.speech import ChatPaths, Place, Speech, SpeechReader
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.template import template
from spacebeam.ui.timeline.timeline_model import Counts, TimelineModel, read
from spacebeam.ui.timeline.view_advancer import ViewAdvancer
from spacebeam.wording.days import new_day
from spacebeam.wording.events import event_words

_UPDATE_INTERVAL_US = 50_000
_MAX_ROWS = 240  # that the list creates; a few a frame, or the window would stop
_NEW_ROWS_A_FRAME = 3
_MAX_CACHED = 1024  # speeches
_MAX_SKIPPED = 4  # entries before a speech that are shown nowhere
_NOT_SAID = parse("-is:ping -is:pong -is:close")


@template("chat_list.ui")
class ChatList(Adw.Bin):
    """Shows a recording as a chat.

    Emits `shown` when the list or its counts changed, `link-chosen` (a Link) and
    `details-requested` (an entry's number).
    """

    __gtype_name__ = "SpacebeamChatList"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "shown": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "link-chosen": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
        "details-requested": (GObject.SignalFlags.RUN_FIRST, None, (GObject.TYPE_INT64,)),
    }

    _scrolled_window: Gtk.ScrolledWindow = Gtk.Template.Child()
    _list_view: Gtk.ListView = Gtk.Template.Child()
    _newest_revealer: Gtk.Revealer = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._recording = Recording()
        self._filter: Filter | None = None
        self._hidden: tuple[Filter, ...] = ()  # what matches one of them is not shown
        self._model = TimelineModel()
        self._advancer = ViewAdvancer(self, self._model.view)
        self._reader = SpeechReader()
        self._read_as = (ChatPaths(), False)  # and whether it is a room
        self._speeches: OrderedDict[int, Speech] = OrderedDict()
        self._pictures = PictureLoader()
        self._tasks = Tasks()
        self._rows: set[ChatRow] = set()  # that show an entry
        self.pairs: Callable[[Recording], PairIndex] = PairIndex  # of a recording
        self._begin = 0
        self._first_new = -1  # number of the first entry that the person has not seen
        self._is_following = True
        self._must_scroll = False
        self._tick = self._shown_at = 0
        self._announced: tuple[int, Counts] | None = None
        self._value = self._upper = 0.0
        factory = Gtk.SignalListItemFactory()
        factory.connect("setup", self._on_factory_setup)
        factory.connect("bind", self._on_factory_bind)
        factory.connect("unbind", self._on_factory_unbind)
        self._list_view.set_factory(factory)
        self._list_view.set_model(Gtk.NoSelection(model=self._model))
        adjustment = self._scrolled_window.get_vadjustment()
        adjustment.connect("changed", self._on_adjustment_changed)
        adjustment.connect("value-changed", self._on_adjustment_value_changed)

    @property
    def is_following(self) -> bool:
        """Whether the list scrolls to new entries."""
        return self._is_following

    @property
    def counts(self) -> Counts:
        """The numbers of entries that are in the list."""
        view = self._advancer.view
        searched = view.scanned, view.is_current, view.unsearched
        return Counts(len(view), len(view), 0, *searched, view.hidden(len(self._recording)))

    def close(self) -> None:
        """Show nothing. GTK would use the model to its end, which may be after Python's."""
        self._tasks.cancel()
        self.show_recording(Recording())
        self._list_view.set_model(None)

    # Content

    def show_recording(self, recording: Recording, begin: int = 0) -> None:
        """Show this recording from the entry `begin` on; the list follows in the next frames."""
        if recording is not self._recording or begin < self._begin:
            if recording is not self._recording:
                self._first_new = -1
                self.follow()
            self._recording, self._begin = recording, begin
            self._restart()
        self._begin = begin
        self._wake()

    def show_filtered(self, filter_: Filter | None, hidden: tuple[Filter, ...] = ()) -> None:
        """Show only the entries that match a filter (None: all), and none of the hidden filters."""
        if (filter_, hidden) != (self._filter, self._hidden):
            self._filter, self._hidden = filter_, hidden
            self._restart()

    def search_again(self, quality: Quality) -> None:
        """Search again if the filter asks for a quality that entries have gained or lost."""
        filters = self._hidden if self._filter is None else (self._filter, *self._hidden)
        if HasQuality(quality) in [one for filter_ in filters for one in filter_.conditions]:
            self._restart()

    def read_as(self, paths: ChatPaths, *, is_room: bool) -> None:
        """Read names and texts at these paths; or the messages of a room."""
        if self._read_as == (paths, is_room):
            return
        self._read_as = paths, is_room
        self._reader = SpeechReader(paths, is_room=is_room)
        self._speeches.clear()
        self._restart()

    @property
    def has_new(self) -> bool:
        """Whether entries are shown as new."""
        return self._first_new >= 0

    def show_new_from(self, number: int) -> None:
        """Show that the entries from this one on are new; -1 for none."""
        if number != self._first_new:
            changed, self._first_new = (self._first_new, number), number
            for row in self._rows:
                if row.speech is not None and row.speech.number in changed:
                    self._fill(row, row.speech.number)

    def follow(self) -> None:
        """Scroll to the newest entry and follow new ones."""
        self._set_following(True)
        self._must_scroll = True
        self._wake()

    def speech(self, number: int) -> Speech:
        """Return what an entry is in the chat."""
        found = self._speeches.get(number)
        if found is None:
            found = self._speeches[number] = self._reader.read(self._recording, number)
            if len(self._speeches) > _MAX_CACHED:
                self._speeches.popitem(last=False)
        return found

    def _restart(self) -> None:
        recording, terms = self._recording, _NOT_SAID.terms
        if self._filter is not None:
            terms += self._filter.terms
        matcher = Matcher(
            Filter("", terms, ()),
            recording.stars,
            event_words,
            self._hidden,
            connection_of(recording),
            self.pairs(recording),
        )
        self._speeches.clear()
        self._pictures.forget()
        self._announced = None
        self._advancer.start(FilteredView(recording, matcher), self._oldest)
        count = min(len(self._advancer.view), _MAX_ROWS // 2)
        self._model.show(recording, self._advancer.view, count)
        self._must_scroll = self._is_following
        self._wake()

    @property
    def _oldest(self) -> int:
        return max(self._begin, self._recording.first_number)

    # Updates, frame by frame

    def _wake(self) -> None:
        if not self._tick:
            self._tick = self.add_tick_callback(self._on_tick)

    def _on_tick(self, _widget: Gtk.Widget, clock: Gdk.FrameClock) -> bool:
        # The list knows its new height only in the frame after it grew.
        if self._must_scroll:
            self._must_scroll = False
            self._scroll_to_end()
            return GLib.SOURCE_CONTINUE
        self._model.drop(self._oldest)
        self._advancer.advance(self._oldest)
        self._update(clock.get_frame_time())
        is_shown = self._model.get_n_items() == len(self._advancer.view)
        is_announced = self._announced == (len(self._recording), self.counts)
        if not (self._advancer.is_done and is_shown and is_announced) or self._must_scroll:
            return GLib.SOURCE_CONTINUE
        self._tick = 0
        return GLib.SOURCE_REMOVE

    def _update(self, now: int) -> None:
        count, wanted = self._model.get_n_items(), len(self._advancer.view)
        is_growing = count < _MAX_ROWS
        if not is_growing and now - self._shown_at < _UPDATE_INTERVAL_US:
            return
        self._shown_at = now
        if wanted != count:
            shown = min(wanted, count + _NEW_ROWS_A_FRAME) if is_growing else wanted
            self._model.show(self._recording, self._advancer.view, shown)
            self._must_scroll = self._is_following
        self._announced = (len(self._recording), self.counts)
        self.emit("shown")

    def _scroll_to_end(self) -> None:
        last = self._model.get_n_items() - 1
        if last >= 0:
            self._list_view.activate_action("list.scroll-to-item", GLib.Variant.new_uint32(last))
            # Newer GTK stays at the beginning if the rows before are higher than the list.
            adjustment = self._scrolled_window.get_vadjustment()
            adjustment.set_value(adjustment.get_upper())

    def _set_following(self, is_following: bool) -> None:
        self._is_following = is_following
        self._must_scroll &= is_following
        self._newest_revealer.set_reveal_child(not is_following)

    # Rows

    def _fill(self, row: ChatRow, number: int, position: int | None = None) -> None:
        at = self._model.position(number) if position is None else position
        speech, before = self.speech(number), self._before(at)
        day = "" if before is None else new_day(speech.time, before.time)
        row.show_speech(speech, before, day=day, is_first_new=number == self._first_new)
        if speech.has_picture:
            texture = self._pictures.cached(number)
            if texture is not None:
                row.show_picture(texture)
            else:
                self._tasks.start(self._load_picture(row, number))

    def _before(self, position: int) -> Speech | None:
        """Return the speech that is shown before a position."""
        for at in range(position - 1, max(-1, position - 1 - _MAX_SKIPPED), -1):
            number = self._model.number(at)
            speech = self.speech(number) if number >= 0 else None
            if speech is not None and speech.place is not Place.NOWHERE:
                return speech
        return None

    async def _load_picture(self, row: ChatRow, number: int) -> None:
        recording = self._recording
        entry = read(recording, number, None)
        texture = await self._pictures.load(number, entry.payload)
        is_current = row.speech is not None and row.speech.number == number
        if is_current and recording is self._recording and row in self._rows:
            row.show_picture(texture)
            self._must_scroll |= self._is_following
            self._wake()

    def _on_factory_setup(self, _factory: Gtk.ListItemFactory, item: Gtk.ListItem) -> None:
        row = ChatRow()
        row.connect("link-chosen", self._on_row_link_chosen)
        row.connect("details-requested", self._on_row_details_requested)
        item.set_child(row)
        item.set_activatable(False)

    def _on_factory_bind(self, _factory: Gtk.ListItemFactory, item: Gtk.ListItem) -> None:
        row, position = item.get_child(), item.get_position()
        number = self._model.number(position)
        if isinstance(row, ChatRow) and number >= 0:
            self._rows.add(row)
            self._fill(row, number, position)

    def _on_factory_unbind(self, _factory: Gtk.ListItemFactory, item: Gtk.ListItem) -> None:
        row = item.get_child()
        if isinstance(row, ChatRow):
            self._rows.discard(row)

    def _on_row_link_chosen(self, _row: ChatRow, link: Link) -> None:
        self.emit("link-chosen", link)

    def _on_row_details_requested(self, row: ChatRow) -> None:
        if row.speech is not None:
            self.emit("details-requested", row.speech.number)

    # Scrolling

    def _on_adjustment_changed(self, adjustment: Gtk.Adjustment) -> None:
        # This signal comes before `value-changed`: what changes with the height is no scrolling.
        self._value, self._upper = adjustment.get_value(), adjustment.get_upper()

    def _on_adjustment_value_changed(self, adjustment: Gtk.Adjustment) -> None:
        before, self._value = self._value, adjustment.get_value()
        end = adjustment.get_upper() - adjustment.get_page_size()
        if self._must_scroll or adjustment.get_upper() != self._upper:
            return
        if self._value >= end - 1 and not self._is_following:
            self._set_following(True)
        elif self._value < before - 1 and self._value < end - 1 and self._is_following:
            self._set_following(False)

    @Gtk.Template.Callback()
    def _on_newest_button_clicked(self, _button: Gtk.Button) -> None:
        self.follow()
