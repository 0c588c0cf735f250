"""A tab: one session on two screens. Carries out what the person does there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from gi.repository import Adw, Gio, GLib, GObject, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.net.backoff import Backoff
from spacebeam.net.connection import ConnectionState
from spacebeam.net.handshake import HandshakeError
from spacebeam.profiles.profile import Profile
from spacebeam.protocol.endpoint import Endpoint, EndpointError
from spacebeam.protocol.secrets import blank_address, has_mask, without_secrets
from spacebeam.recording.errors import RecordingError, StorageError
from spacebeam.server.local_chat import LocalChat
from spacebeam.ui.actions import add, add_switch, enable, turn
from spacebeam.ui.composer.draft import Draft
from spacebeam.ui.expert.expert_tools import ExpertTools
from spacebeam.ui.options.connection_options import ConnectionOptions
from spacebeam.ui.pages.connection_page import ConnectionPage
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.pages.return_bar import ReturnBar
from spacebeam.ui.pages.upright_layout import UprightLayout
from spacebeam.ui.recordings.file_actions import RecordingFileActions
from spacebeam.ui.search.search_controller import SearchController
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.template import template
from spacebeam.ui.window import tab_words
from spacebeam.ui.window.sending import Sending
from spacebeam.wording.recordings import recording_error_words

_CONVERSATION = "conversation"  # the second screen's name in the template


@template("tab.ui")
class Tab(Adw.Bin):
    """One connection's two screens.

    Emits `titled` when its title or state changed, and `tab-requested` (an address, and its Profile
    or None) to connect in another tab, as this one must keep what it has.
    """

    __gtype_name__ = "SpacebeamTab"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "titled": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "tab-requested": (GObject.SignalFlags.RUN_FIRST, None, (str, object)),
    }

    _toast_overlay: Adw.ToastOverlay = Gtk.Template.Child()
    _stack: Gtk.Stack = Gtk.Template.Child()
    _first_box: Gtk.Box = Gtk.Template.Child()
    _return_bar: ReturnBar = Gtk.Template.Child()
    _connection_page: ConnectionPage = Gtk.Template.Child()
    _conversation_page: ConversationPage = Gtk.Template.Child()

    def __init__(self, settings_service: SettingsService, local_chat: LocalChat) -> None:
        GObject.type_ensure(UprightLayout)  # the template has one
        super().__init__()
        self._settings_service = settings_service
        self._local_chat = local_chat
        self._session = SessionAdapter(settings_service.cookies, settings_service.new_recording)
        self._tasks = Tasks()
        self._connecting: asyncio.Task[None] | None = None
        self._copying: asyncio.Task[None] | None = None
        self._options = ConnectionOptions(
            self._connection_page, settings_service, self._tasks, self._connect_here_or_elsewhere
        )
        self._session.connect("changed", self._on_session_changed)
        self._session.connect("grown", self._on_session_grown)
        self._settings_handler = settings_service.connect("changed", self._on_settings_changed)
        self._on_settings_changed(settings_service)
        self._actions = self._add_actions()
        self._file_actions = RecordingFileActions(
            self, self._session, settings_service, self._tasks, self._actions, self._show_toast
        )
        self._search_controller = SearchController(
            self, self._session, self._conversation_page, self._actions
        )
        self._expert_tools = ExpertTools(self, self._session, self._conversation_page, self._tasks)
        self._sending = Sending(
            self._session, self._conversation_page, self._tasks, self._actions, self._show_toast
        )
        self._on_session_changed(self._session)
        self._on_session_grown(self._session)

    @property
    def title(self) -> str:
        """The title: the recording's, or else the endpoint."""
        return tab_words.title(self._session.endpoint, self._file_actions.name)

    @property
    def whole_title(self) -> str:
        """The title and the address in full, for the tooltip; may be ""."""
        return tab_words.whole_title(self._session.endpoint, self._file_actions.name)

    @property
    def state(self) -> ConnectionState:
        return self._session.state

    @property
    def storage_error(self) -> StorageError | None:
        """Why entries are not saved in the recording's file; None if they are."""
        return self._session.recording.storage_error

    @property
    def has_private_messages(self) -> bool:
        """Whether closing the tab loses messages that are only in memory."""
        return self._session.has_private_messages

    @property
    def is_conversation(self) -> bool:
        """Whether the second screen is shown."""
        return self._stack.get_visible_child_name() == _CONVERSATION

    @property
    def has_conversation(self) -> bool:
        """Whether there is a conversation or a recording, even while the first screen is shown."""
        return self._session.is_used

    @property
    def is_untouched(self) -> bool:
        """Whether the person has not used the tab: no address, no attempt, no conversation."""
        typed = self._connection_page.address
        return not (self.has_conversation or typed or self._connecting)

    def shows(self, path: Path) -> bool:
        """Return whether the tab has the recording in this file."""
        return self.has_conversation and self._file_actions.shows(path)

    def show_error(self, explanation: str, advice: str = "") -> None:
        """Show on the first screen why a recording or connection could not be opened."""
        self._connection_page.show_failure(explanation, advice)

    def focus(self) -> None:
        """Focus the composer, or the address on the first screen."""
        if self.is_conversation:
            self._conversation_page.composer.focus()
        else:
            self._connection_page.focus()

    async def close(self) -> None:
        """Disconnect, and release everything the tab holds."""
        self._settings_service.disconnect(self._settings_handler)
        self._sending.close()
        self._expert_tools.close()
        self._search_controller.close()
        self._tasks.cancel()
        await self._session.close()
        self._conversation_page.close()

    def _add_actions(self) -> Gio.SimpleActionGroup:
        group = Gio.SimpleActionGroup()
        reactions: dict[str, Callable[[], object]] = {
            "disconnect": self._disconnect,
            "reconnect": self._reconnect,
            "stop-reconnecting": self._session.session.stop_reconnecting,
            "address": self._show_connection_page,
            "return": self.show_conversation,
            "clear": self._clear,
            "show-cleared": self._session.show_cleared,
            "newest": self._conversation_page.timeline.follow,
            "copy": self._copy,
            "compose": self.focus,
            "wire": self._conversation_page.open_menu,
        }
        add(group, reactions)
        notify = Gio.SimpleAction.new("notify", GLib.VariantType("s"))
        notify.connect("activate", self._on_notify_activate)
        group.add_action(notify)
        add_switch(group, "auto-reconnect", self._on_auto_reconnect_change_state)
        add_switch(group, "pause", self._on_pause_change_state)
        self.insert_action_group("tab", group)
        return group

    # Connecting

    def connect_to(self, address: str, profile: Profile | None) -> None:
        """Connect as if the address had been typed; None is the address's own profile."""
        self._connection_page.show_address(address)
        if has_mask(address):
            self._connection_page.show_gap(
                address, "The recording does not contain the secret part of the address."
            )
        elif profile is None:
            self._options.connect_to(address)
        else:
            self._start_connecting(address, profile)

    def _connect_here_or_elsewhere(self, address: str, profile: Profile) -> None:
        """Connect in this tab, or in another one if this one must keep what it has."""
        if not self._session.must_stay(address, profile):
            self._start_connecting(address, profile)
            return
        endpoint = self._session.endpoint
        self._connection_page.show_address("" if endpoint is None else endpoint.url)
        self.show_conversation()
        self.emit("tab-requested", address, profile)

    def _start_connecting(self, address: str, profile: Profile | None = None) -> None:
        if self._connecting is None:
            self._connecting = self._tasks.start(self._connect(address, profile))

    async def _connect(self, address: str, settings: Profile | None) -> None:
        try:
            await self._session.connect_to(address, settings)
        except EndpointError as error:
            advice = "" if error.part == "address" else f"Look at the {error.part}."
            self._connection_page.show_failure(error.explanation, advice)
        except HandshakeError as error:
            self._show_connection_page()
            self._options.show_failure(error, address, settings or Profile())
        except asyncio.CancelledError:
            self._connection_page.show_idle()
            raise
        else:
            self._connected()
        finally:
            self._connecting = None
            self._on_session_changed(self._session)

    def _connected(self) -> None:
        endpoint = self._session.endpoint
        if endpoint is not None:
            self._options.remember(endpoint.url_with_user, self._session.profile)
        self._connection_page.show_idle()
        self.show_conversation()

    async def open_recording(self, path: Path) -> None:
        """Show the recording in a file, or the error if it cannot be read."""
        try:
            await self._file_actions.open(path)
        except RecordingError as error:
            self.show_error(recording_error_words(error))
            return
        self.show_conversation()
        self._conversation_page.timeline.focus_row()  # nothing can be sent here

    def _disconnect(self) -> None:
        self._tasks.start(self._session.session.close())

    def _reconnect(self) -> None:
        endpoint = self._session.endpoint
        if self._session.progress is not None:
            self._session.session.reconnect_now()
        elif endpoint is not None and self._session.shows_earlier:
            self.emit("tab-requested", endpoint.url, None)
        elif endpoint is not None and self._session.state is ConnectionState.CLOSED:
            if endpoint.url == self._local_chat.url:
                self._local_chat.address()  # serves the room if its server has quit
            self._start_connecting(endpoint.url_with_user, self._session.profile)

    def show_conversation(self) -> None:
        """Show the second screen if the tab has a conversation; an error of the first is over."""
        if self.has_conversation:
            self._connection_page.hide_failure()
            self._stack.set_visible_child_name(_CONVERSATION)
            self._on_session_changed(self._session)
            self.focus()

    def _show_connection_page(self) -> None:
        endpoint = self._session.endpoint
        if endpoint is not None and not self._connection_page.address:
            self._connection_page.show_address(blank_address(endpoint.url))
        self._stack.set_visible_child(self._first_box)
        self.emit("titled")
        self._connection_page.focus()

    def _copy(self) -> None:
        if self._copying is not None:
            self._copying.cancel()  # what is copied last is in the clipboard
        self._copying = self._tasks.start(self._copy_selected())

    async def _copy_selected(self) -> None:
        notice = await self._conversation_page.copy_selected()
        if notice:
            self._show_toast(notice)

    def _clear(self) -> None:
        if len(self._session.recording) == self._session.shown_from:
            return
        undo = self._session.clear()
        toast = self._show_toast("Timeline cleared")
        toast.set_button_label("Undo")
        toast.connect("button-clicked", lambda _toast: undo())

    def _show_toast(self, words: str) -> Adw.Toast:
        toast = Adw.Toast(title=GLib.markup_escape_text(words))
        self._toast_overlay.add_toast(toast)
        return toast

    # Changes of the session and the settings

    def _on_session_changed(self, session: SessionAdapter) -> None:
        opening, state = session.session.opening, session.state
        endpoint = session.endpoint if opening is None else opening.typed_endpoint
        words = tab_words.STATE_WORDS[state]
        if session.why_closed and (state is ConnectionState.CLOSED or session.progress):
            words = one_line(session.why_closed)
        if state is ConnectionState.CONNECTING and endpoint is not None:
            self._make_ready(endpoint)
        where = f"{endpoint.display_host}{endpoint.resource}" if endpoint else self.title
        where = without_secrets(where)
        self._conversation_page.show_state(
            state, where, words, session.progress, is_recording=session.shows_earlier
        )
        self._return_bar.show_words(tab_words.return_words(session, self.title))
        self._conversation_page.storage_bar.show_state(
            session.recording.storage_error, session.remark
        )
        enable(
            self._actions,
            "disconnect",
            state is ConnectionState.OPEN or session.progress is not None,
        )
        enable(self._actions, "reconnect", state is ConnectionState.CLOSED and self.is_conversation)
        enable(self._actions, "stop-reconnecting", session.progress is not None)
        enable(self._actions, "return", self.has_conversation and self._connecting is None)
        turn(self._actions, "auto-reconnect", session.backoff is not None)
        # Another recording is not paused.
        turn(self._actions, "pause", self._conversation_page.timeline.is_paused)
        self.emit("titled")

    def _make_ready(self, endpoint: Endpoint) -> None:
        """Prepare for an attempt to connect, by the person or by reconnecting."""
        if endpoint.url == self._local_chat.url:
            self._local_chat.address()  # serves the room if its server has quit
        if self._connecting is not None:
            self._connection_page.show_connecting(endpoint.display_host)

    def _on_notify_activate(self, _action: Gio.SimpleAction, words: GLib.Variant) -> None:
        self._show_toast(words.get_string())

    def _on_auto_reconnect_change_state(
        self, _action: Gio.SimpleAction, is_on: GLib.Variant
    ) -> None:
        self._session.backoff = Backoff() if is_on.get_boolean() else None

    def _on_pause_change_state(self, action: Gio.SimpleAction, is_on: GLib.Variant) -> None:
        action.set_state(is_on)
        self._conversation_page.timeline.pause(is_paused=is_on.get_boolean())

    def _on_session_grown(self, session: SessionAdapter) -> None:
        self._conversation_page.show_recording(session.recording, session.shown_from)
        enable(self._actions, "show-cleared", session.shown_from > 0)

    def _on_settings_changed(self, settings_service: SettingsService) -> None:
        self._connection_page.show_recent(settings_service.settings.recent)
        self._options.show()
        if self.get_mapped() and (error := settings_service.take_error()):
            self._show_toast(error)
        self.emit("titled")  # its recording may have been renamed

    # Signals of the two screens

    @Gtk.Template.Callback()
    def _on_connection_page_connect_requested(self, _page: ConnectionPage, typed: str) -> None:
        self._options.connect_to(typed)

    @Gtk.Template.Callback()
    def _on_connection_page_recent_chosen(self, page: ConnectionPage, address: str) -> None:
        address = self._settings_service.settings.typed.get(address, address)
        if has_mask(address):
            page.show_gap(address, "The secret part of this address was not saved.")
        else:
            page.show_address(address)
            self._options.connect_to(address)

    @Gtk.Template.Callback()
    def _on_connection_page_cancel_requested(self, _page: ConnectionPage) -> None:
        if self._connecting is not None:
            self._connecting.cancel()

    @Gtk.Template.Callback()
    def _on_connection_page_chat_requested(self, _page: ConnectionPage) -> None:
        self._connect_here_or_elsewhere(self._local_chat.address(), Profile())

    @Gtk.Template.Callback()
    def _on_connection_page_forget_requested(self, _page: ConnectionPage, address: str) -> None:
        self._settings_service.forget(address)

    @Gtk.Template.Callback()
    def _on_conversation_page_send_requested(self, _page: ConversationPage, draft: Draft) -> None:
        self._tasks.start(self._sending.send(draft))

    @Gtk.Template.Callback()
    def _on_conversation_page_file_chosen(self, _page: ConversationPage, file: Gio.File) -> None:
        self._tasks.start(self._sending.attach(file))

    @Gtk.Template.Callback()
    def _on_conversation_page_attach_requested(self, _page: ConversationPage) -> None:
        self._tasks.start(self._sending.choose_and_attach())
