"""The second screen: the timeline, the inspector and the composer."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from gi.repository import Gdk, Gio, GLib, GObject, Gtk

from spacebeam.decode.decoder import Context
from spacebeam.net.backoff import ReconnectProgress
from spacebeam.net.connection import ConnectionState
from spacebeam.protocol.batch import Kind
from spacebeam.recording.entry import Entry, Mark
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.recording import Recording
from spacebeam.ui.compat import set_movable
from spacebeam.ui.composer.composer import Composer
from spacebeam.ui.composer.draft import Draft
from spacebeam.ui.inspector.copying import copied, place
from spacebeam.ui.inspector.inspector import SHOWN_BYTES, Inspector
from spacebeam.ui.pages.reconnect_bar import ReconnectBar
from spacebeam.ui.pages.storage_bar import StorageBar
from spacebeam.ui.rates.rate_graph import RateGraph
from spacebeam.ui.search.filter_bar import FilterBar
from spacebeam.ui.search.hidden_button import HiddenButton
from spacebeam.ui.template import template
from spacebeam.ui.timeline.timeline import Timeline
from spacebeam.ui.timeline.timeline_model import count_words, read

NARROW = 560  # pixels; in narrower windows bars stack their parts
WIDE = 1100  # pixels; in wider windows the inspector is beside the timeline
_MAX_COPIED_AT_ONCE = 256 * 1024  # bytes; a longer payload is converted in a thread

_STATE_CLASSES = {
    ConnectionState.CONNECTING: "warning",
    ConnectionState.OPEN: "success",
    ConnectionState.CLOSING: "warning",
    ConnectionState.CLOSED: "dim-label",
}


# The label and tooltip of the button that connects.
_RECONNECT = "Reconnect", "Connect to the same address again (F5)"
_CONNECT_AGAIN = "Connect Again", "Connect to this address in a new tab (F5)"


@template("conversation_page.ui")
class ConversationPage(Gtk.Box):
    """Shows a recording and the state of its connection.

    Emits `send-requested` (a Draft), `file-chosen` (a Gio.File) and `attach-requested`, and
    `star-toggled` and `note-changed` of the selected entry. Other buttons use the tab's actions.
    """

    __gtype_name__ = "SpacebeamConversationPage"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "send-requested": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
        "file-chosen": (GObject.SignalFlags.RUN_FIRST, None, (Gio.File,)),
        "attach-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "star-toggled": (GObject.SignalFlags.RUN_FIRST, None, (bool,)),
        "note-changed": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
    }

    composer: Composer = Gtk.Template.Child("_composer")
    timeline: Timeline = Gtk.Template.Child("_timeline")
    inspector: Inspector = Gtk.Template.Child("_inspector")
    filter_bar: FilterBar = Gtk.Template.Child("_filter_bar")
    hidden_button: HiddenButton = Gtk.Template.Child("_hidden_button")
    _paned: Gtk.Paned = Gtk.Template.Child()
    _state_image: Gtk.Image = Gtk.Template.Child()
    _address_label: Gtk.Label = Gtk.Template.Child()
    _state_label: Gtk.Label = Gtk.Template.Child()
    _notes_box: Gtk.Box = Gtk.Template.Child()
    _round_trip_label: Gtk.Label = Gtk.Template.Child()
    _warning_label: Gtk.Label = Gtk.Template.Child()
    _count_label: Gtk.Label = Gtk.Template.Child()
    _menu_button: Gtk.MenuButton = Gtk.Template.Child()
    _disconnect_button: Gtk.Button = Gtk.Template.Child()
    _reconnect_button: Gtk.Button = Gtk.Template.Child()
    _reconnect_bar: ReconnectBar = Gtk.Template.Child()
    rate_graph: RateGraph = Gtk.Template.Child("_rate_graph")
    storage_bar: StorageBar = Gtk.Template.Child("_storage_bar")

    def __init__(self) -> None:
        super().__init__()
        self._recording = Recording()
        set_movable(self._paned, False)
        self._surface: Gdk.Surface | None = None
        self._layout_handler = 0

    def show_recording(self, recording: Recording, begin: int = 0) -> None:
        """Show a recording from the entry `begin` on, and follow what is added."""
        if recording is not self._recording:
            self.inspector.show_connection(Context())
        self._recording = recording
        self.timeline.show_recording(recording, begin)

    def show_state(
        self,
        state: ConnectionState,
        where: str,
        words: str,
        progress: ReconnectProgress | None = None,
        *,
        is_recording: bool = False,
    ) -> None:
        """Show the state of the connection to `where`, and the progress of reconnecting.

        With `is_recording`, an earlier recording is shown, which connecting leaves as it is.
        """
        self._address_label.set_text(where)
        self._address_label.set_tooltip_text(where)
        self._state_label.set_text(words)
        self._state_label.set_tooltip_text(words)
        self._state_image.set_css_classes([_STATE_CLASSES[state]])
        self._disconnect_button.set_visible(
            state in (ConnectionState.OPEN, ConnectionState.CLOSING)
        )
        can_reconnect = progress is None and state in (
            ConnectionState.CLOSED,
            ConnectionState.CONNECTING,
        )
        self._reconnect_button.set_visible(can_reconnect)
        label, hint = _CONNECT_AGAIN if is_recording else _RECONNECT
        self._reconnect_button.set_label(label)
        self._reconnect_button.set_tooltip_text(hint)
        self._show_progress(progress)
        self.composer.show_open(state is ConnectionState.OPEN)

    def open_menu(self) -> None:
        """Open the menu of expert tools."""
        if self.get_mapped():
            self._menu_button.popup()

    def show_notes(self, round_trip: str, warning: str) -> None:
        """Show the newest round-trip time and a warning; "" hides either."""
        self._round_trip_label.set_text(round_trip)
        self._round_trip_label.set_visible(bool(round_trip))
        self._warning_label.set_text(warning)
        self._warning_label.set_tooltip_text(warning)
        self._warning_label.set_visible(bool(warning))

    def _show_progress(self, progress: ReconnectProgress | None) -> None:
        had_focus = self._reconnect_bar.get_focus_child() is not None
        self._reconnect_bar.show_progress(progress)
        if had_focus and progress is None:
            self.composer.focus()  # the pressed button is hidden

    def selected_entry(self) -> Entry | None:
        """Return the selected entry with its whole payload, or None; also if it is unreadable."""
        number = self.timeline.selected
        with suppress(RecordingError, IndexError):  # the inspector shows the error
            return self._recording.entry(number) if number >= 0 else None
        return None

    def show_mark(self, mark: Mark | None) -> None:
        """Show the star and note of the selected entry."""
        self.inspector.show_mark(mark)

    def close(self) -> None:
        """Show nothing, so that GTK no longer uses the lists' models."""
        self.timeline.close()
        self.inspector.close()

    async def copy_selected(self) -> str:
        """Copy the selected entry's payload; return a notice about the copy, or ""."""
        entry = self.selected_entry()
        if entry is None:
            return ""
        is_long = len(entry.payload) > _MAX_COPIED_AT_ONCE
        copy = await asyncio.to_thread(copied, entry) if is_long else copied(entry)
        return place(copy, self.get_clipboard(), len(entry.payload))

    def do_map(self) -> None:
        Gtk.Box.do_map(self)
        native = self.get_native()
        self._surface = native.get_surface() if native else None
        if self._surface is not None:
            self._layout_handler = self._surface.connect("layout", self._on_surface_layout)
            self._arrange(self._surface.get_width())

    def do_unmap(self) -> None:
        if self._surface is not None:
            self._surface.disconnect(self._layout_handler)
            self._surface = None
        Gtk.Box.do_unmap(self)

    def _arrange(self, width: int) -> None:
        wide = Gtk.Orientation.HORIZONTAL if width >= WIDE else Gtk.Orientation.VERTICAL
        if self._paned.get_orientation() != wide:
            self._paned.set_orientation(wide)
            # It resets the handle's position first, so it is set in the next frame.
            self._paned.add_tick_callback(self._on_paned_tick)
        is_narrow = width < NARROW
        upright = Gtk.Orientation.VERTICAL if is_narrow else Gtk.Orientation.HORIZONTAL
        self.filter_bar.show_narrow(is_narrow)
        self.storage_bar.show_narrow(is_narrow)
        self.inspector.show_narrow(is_narrow)
        self._notes_box.set_orientation(upright)
        self._notes_box.set_spacing(0 if is_narrow else 9)

    def _make_room(self) -> None:
        """Give the inspector 55 % of the space, until the person moves the handle."""
        beside = self._paned.get_orientation() == Gtk.Orientation.HORIZONTAL
        room = self._paned.get_width() if beside else self._paned.get_height()
        self._paned.set_position(int(room * 0.45))

    def _on_paned_tick(self, _paned: Gtk.Widget, _clock: Gdk.FrameClock) -> bool:
        self._make_room()
        return GLib.SOURCE_REMOVE

    def _show_entry(self, number: int, limit: int | None) -> None:
        if number >= 0 and not self.inspector.get_visible():
            self._make_room()
        self.inspector.set_visible(number >= 0)
        set_movable(self._paned, number >= 0)
        if number >= 0:
            self.inspector.show_entry(read(self._recording, number, limit))
            self.show_mark(self._recording.marks.get(number))
        else:
            self.inspector.clear()

    def _on_surface_layout(self, _surface: Gdk.Surface, width: int, _height: int) -> None:
        self._arrange(width)

    @Gtk.Template.Callback()
    def _on_timeline_entry_selected(self, _timeline: Timeline, number: int) -> None:
        self._show_entry(number, SHOWN_BYTES)

    @Gtk.Template.Callback()
    def _on_timeline_shown(self, _timeline: Timeline) -> None:
        recording, counts = self._recording, self.timeline.counts
        words = count_words(
            len(recording),
            recording.size,
            recording.first_number,
            counts.shown,
            counts.held_back,
            counts.hidden,
        )
        self._count_label.set_text(words)
        self._count_label.set_tooltip_text(words)

    @Gtk.Template.Callback()
    def _on_inspector_whole_requested(self, _inspector: Inspector) -> None:
        self._show_entry(self.timeline.selected, None)

    @Gtk.Template.Callback()
    def _on_inspector_star_toggled(self, _inspector: Inspector, is_starred: bool) -> None:
        self.emit("star-toggled", is_starred)

    @Gtk.Template.Callback()
    def _on_inspector_note_changed(self, _inspector: Inspector, note: str) -> None:
        self.emit("note-changed", note)

    @Gtk.Template.Callback()
    def _on_inspector_decoder_chosen(self, _inspector: Inspector, kind: Kind, name: str) -> None:
        self.timeline.choose_decoder(kind, name)

    @Gtk.Template.Callback()
    def _on_inspector_copy_requested(self, _inspector: Inspector) -> None:
        self.activate_action("tab.copy", None)

    @Gtk.Template.Callback()
    def _on_inspector_close_requested(self, _inspector: Inspector) -> None:
        self.timeline.unselect()

    @Gtk.Template.Callback()
    def _on_composer_send_requested(self, _composer: Composer, draft: Draft) -> None:
        self.emit("send-requested", draft)

    @Gtk.Template.Callback()
    def _on_composer_file_dropped(self, _composer: Composer, file: Gio.File) -> None:
        self.emit("file-chosen", file)

    @Gtk.Template.Callback()
    def _on_composer_attach_requested(self, _composer: Composer) -> None:
        self.emit("attach-requested")
