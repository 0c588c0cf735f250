"""The second screen: the timeline, the inspector and the composer."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from gi.repository import Adw, GObject, Gtk

from spacebeam.net.backoff import ReconnectProgress
from spacebeam.net.connection import ConnectionState
from spacebeam.protocol.batch import Kind
from spacebeam.recording.entry import Entry, Mark
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.recording import Recording
from spacebeam.ui.chat.chat_list import ChatList
from spacebeam.ui.composer.composer import Composer
from spacebeam.ui.composer.draft import Draft
from spacebeam.ui.focus import has_focus
from spacebeam.ui.inspector.copying import copied, place
from spacebeam.ui.inspector.inspector import SHOWN_BYTES, Inspector
from spacebeam.ui.pages.conversation_keys import ConversationKeys
from spacebeam.ui.pages.page_parts import PageParts
from spacebeam.ui.pages.panes import Panes
from spacebeam.ui.pages.pause_bar import PauseBar
from spacebeam.ui.pages.reconnect_bar import ReconnectBar
from spacebeam.ui.pages.storage_bar import StorageBar
from spacebeam.ui.search.hidden_button import HiddenButton
from spacebeam.ui.surface_width import NARROW, SurfaceWidth
from spacebeam.ui.template import menu, template
from spacebeam.ui.timeline.timeline import Timeline
from spacebeam.ui.timeline.timeline_model import PREVIEW_BYTES, Counts, count_words, read
from spacebeam.wording.i18n import _

_PAUSE = _("Hold back new entries; they are still recorded (Ctrl+P)")
_NO_PAUSE = _("A chat cannot be paused, only the timeline")
WIDE = 900  # pixels at the usual size of text; then the inspector is beside the timeline
_MAX_COPIED_AT_ONCE = 256 * 1024  # bytes; a longer payload is converted in a thread


@template("conversation_page.ui")
class ConversationPage(Gtk.Box):
    """Shows a recording, and where messages are typed.

    Emits `send-requested` (a Draft) and `attach-requested`, and `star-toggled` and `note-changed`
    of the selected entry. Other buttons use the tab's actions.
    """

    __gtype_name__ = "SpacebeamConversationPage"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "send-requested": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
        "attach-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "star-toggled": (GObject.SignalFlags.RUN_FIRST, None, (bool,)),
        "note-changed": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
    }

    _view_stack: Gtk.Stack = Gtk.Template.Child()
    hidden_button: HiddenButton = Gtk.Template.Child("_hidden_button")
    panes: Panes = Gtk.Template.Child("_paned")
    _toast_overlay: Adw.ToastOverlay = Gtk.Template.Child()
    _pause_bar: PauseBar = Gtk.Template.Child()
    _counts_box: Gtk.Box = Gtk.Template.Child()
    _entries_label: Gtk.Label = Gtk.Template.Child()
    _list_buttons_box: Gtk.Box = Gtk.Template.Child()
    _pause_button: Gtk.ToggleButton = Gtk.Template.Child()
    _clear_button: Gtk.Button = Gtk.Template.Child()
    _more_button: Gtk.MenuButton = Gtk.Template.Child()
    _reconnect_bar: ReconnectBar = Gtk.Template.Child()
    storage_bar: StorageBar = Gtk.Template.Child("_storage_bar")

    def __init__(self, parts: PageParts | None = None) -> None:
        """Put the parts together; those that are not prepared are made here."""
        super().__init__()
        self._more_button.set_menu_model(menu(__name__, "conversation_page.ui", "expert_menu"))
        self._recording = Recording()
        parts = parts or PageParts()
        self.filter_bar, self.rate_graph = parts.filter_bar, parts.rate_graph
        self.values = parts.values
        self.timeline, self.chat = parts.timeline, parts.chat
        self.inspector, self.composer = parts.inspector, parts.composer
        self._arrange()
        self._follow_parts()
        self.filter_bar.put_beside(self._counts_box, self._list_buttons_box)
        self._keys = ConversationKeys(self)
        self._surface_width = SurfaceWidth(self, self._on_surface_width_changed)

    def _arrange(self) -> None:
        self.prepend(self.filter_bar)
        self.rate_graph.set_visible(False)
        self.insert_child_after(self.rate_graph, self._pause_bar)
        self.insert_child_after(self.values, self.rate_graph)
        self._view_stack.add_child(self.timeline)
        self._view_stack.add_child(self.chat)
        self.inspector.set_visible(False)
        self.panes.set_end_child(self.inspector)
        self.append(self.composer)

    def _follow_parts(self) -> None:
        self.timeline.connect("entry-selected", self._on_timeline_entry_selected)
        self.timeline.connect("several-selected", self._on_timeline_several_selected)
        self.timeline.connect("shown", self._on_timeline_shown)
        self.chat.chat_list.connect("shown", self._on_chat_list_shown)
        self.inspector.connect("decoder-chosen", self._on_inspector_decoder_chosen)
        self.inspector.connect("whole-requested", self._on_inspector_whole_requested)
        self.inspector.connect("copy-requested", self._on_inspector_copy_requested)
        self.inspector.connect("close-requested", self._on_inspector_close_requested)
        self.inspector.connect("star-toggled", self._on_inspector_star_toggled)
        self.inspector.connect("note-changed", self._on_inspector_note_changed)
        self.composer.connect("send-requested", self._on_composer_send_requested)
        self.composer.connect("attach-requested", self._on_composer_attach_requested)

    def show_recording(self, recording: Recording, begin: int = 0) -> None:
        """Show a recording from the entry `begin` on, and follow what is added."""
        is_other, self._recording = recording is not self._recording, recording
        self.timeline.show_recording(recording, begin)
        if is_other:  # afterwards, as it fills rows, and the recording before may be closed
            self.inspector.show_recording(recording)

    def show_state(self, state: ConnectionState, progress: ReconnectProgress | None = None) -> None:
        """Show whether messages can be sent, and the progress of reconnecting."""
        self._show_progress(progress)
        self.composer.show_open(state is ConnectionState.OPEN)

    def show_toast(self, toast: Adw.Toast) -> None:
        """Show a short notice; it never covers the composer."""
        self._toast_overlay.add_toast(toast)

    @property
    def view(self) -> Gtk.Widget:
        """The timeline or the chat, whichever is shown."""
        return self._view_stack.get_visible_child() or self.timeline

    def open_menu(self) -> None:
        """Open the menu of expert tools."""
        if self.get_mapped():
            self._more_button.popup()

    def _show_progress(self, progress: ReconnectProgress | None) -> None:
        had_focus = has_focus(self._reconnect_bar)
        self._reconnect_bar.show_progress(progress)
        if had_focus and progress is None:
            self.composer.focus()  # the pressed button is hidden

    def selected_entry(self) -> Entry | None:
        """Return the selected entry with its whole payload, or None; also if it is unreadable."""
        number = self.timeline.selected
        with suppress(RecordingError, IndexError):  # the inspector shows the error
            return self._recording.entry(number) if number >= 0 else None
        return None

    def selected_head(self) -> Entry | None:
        """Return the selected entry with the beginning of its payload; None if unreadable."""
        number = self.timeline.selected
        with suppress(RecordingError, IndexError):
            return self._recording.entry(number, PREVIEW_BYTES) if number >= 0 else None
        return None

    def show_mark(self, mark: Mark | None) -> None:
        """Show the star and note of the selected entry."""
        self.inspector.show_mark(mark)

    @property
    def is_chat(self) -> bool:
        """Whether the conversation is shown as a chat."""
        return self._view_stack.get_visible_child() is self.chat

    @property
    def counts(self) -> Counts:
        """The numbers of entries that are shown, in the chat or the timeline."""
        return self.chat.chat_list.counts if self.is_chat else self.timeline.counts

    def follow(self) -> None:
        """Show the newest entries, and follow new ones."""
        (self.chat.chat_list if self.is_chat else self.timeline).follow()

    def show_chat(self, *, is_chat: bool) -> None:
        """Show the conversation as a chat, or as a timeline."""
        self._view_stack.set_visible_child(self.chat if is_chat else self.timeline)
        self.filter_bar.show_steps(has_steps=not is_chat)
        self._pause_button.set_tooltip_text(_NO_PAUSE if is_chat else _PAUSE)
        self._show_counts()
        if is_chat:
            self.timeline.unselect()

    def close_inspector(self) -> None:
        """Select no entry; the focus goes from the inspector back to the row."""
        number, had_focus = self.timeline.selected, has_focus(self.inspector)
        self.timeline.unselect()
        if had_focus:
            self.timeline.focus_row(number)

    def close(self) -> None:
        """Show nothing, so that GTK no longer uses the lists' models."""
        self.composer.encoding.detach()
        self.timeline.close()
        self.chat.close()
        self.inspector.close()

    async def copy_selected(self) -> str:
        """Copy the selected entry's payload; return a notice about the copy, or ""."""
        entry = self.selected_entry()
        if entry is None:
            return ""
        is_long = len(entry.payload) > _MAX_COPIED_AT_ONCE
        copy = await asyncio.to_thread(copied, entry) if is_long else copied(entry)
        return place(copy, self.get_clipboard())

    def _show_entry(self, number: int, limit: int | None) -> None:
        several = self.timeline.several
        self.panes.show_second(number >= 0 or several > 0)
        if number >= 0:
            self.inspector.show_entry(read(self._recording, number, limit))
            self.show_mark(self._recording.marks.get(number))
        elif several:
            self.inspector.show_several(several, self.timeline.selected_chunks())
        else:
            self.inspector.clear()

    def _on_surface_width_changed(self, width: int) -> None:
        is_narrow = width < NARROW
        self.panes.show_beside(width >= WIDE)
        self.filter_bar.show_narrow(is_narrow)
        self.storage_bar.show_narrow(is_narrow)
        self.timeline.rows.show_narrow(is_narrow)
        self.inspector.show_narrow(is_narrow)
        self._clear_button.set_visible(not is_narrow)  # the menu has it too

    def _on_timeline_entry_selected(self, _timeline: Timeline, number: int) -> None:
        self._show_entry(number, SHOWN_BYTES)

    def _on_timeline_several_selected(self, timeline: Timeline, _count: int) -> None:
        self._show_entry(timeline.selected, SHOWN_BYTES)

    def _on_timeline_shown(self, _timeline: Timeline) -> None:
        self._show_counts()

    def _on_chat_list_shown(self, _list: ChatList) -> None:
        self._show_counts()

    def _show_counts(self) -> None:
        recording, counts = self._recording, self.counts
        words = count_words(
            len(recording),
            recording.size,
            recording.first_number,
            counts.shown,
            counts.held_back,
            counts.hidden,
        )
        self._entries_label.set_text(words)
        self._entries_label.set_tooltip_text(words)
        is_paused = self.timeline.is_paused and not self.is_chat  # a chat goes on
        self._pause_bar.show_held_back(is_paused, counts.held_back)

    def _on_inspector_whole_requested(self, _inspector: Inspector) -> None:
        self._show_entry(self.timeline.selected, None)

    def _on_inspector_star_toggled(self, _inspector: Inspector, is_starred: bool) -> None:
        self.emit("star-toggled", is_starred)

    def _on_inspector_note_changed(self, _inspector: Inspector, note: str) -> None:
        self.emit("note-changed", note)

    def _on_inspector_decoder_chosen(self, _inspector: Inspector, kind: Kind, name: str) -> None:
        self.timeline.rows.choose_decoder(kind, name)

    def _on_inspector_copy_requested(self, _inspector: Inspector) -> None:
        self.activate_action("tab.copy", None)

    def _on_inspector_close_requested(self, _inspector: Inspector) -> None:
        self.close_inspector()

    def _on_composer_send_requested(self, _composer: Composer, draft: Draft) -> None:
        self.emit("send-requested", draft)

    def _on_composer_attach_requested(self, _composer: Composer) -> None:
        self.emit("attach-requested")
