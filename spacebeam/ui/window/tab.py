"""A tab: one session on two screens. Carries out what the person does there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from gi.repository import Adw, Gio, GLib, GObject, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.library.recording_info import MAX_TITLE
from spacebeam.library.window_state import TabState
from spacebeam.net.connection import ConnectionState
from spacebeam.profiles.profile import Profile
from spacebeam.protocol.secrets import blank_address
from spacebeam.recording.errors import RecordingError, StorageError
from spacebeam.server.local_chat import LocalChat
from spacebeam.ui.actions import add, enable, insert, turn
from spacebeam.ui.chat.chat_controller import ChatController
from spacebeam.ui.composer.draft import Draft
from spacebeam.ui.expert.expert_tools import ExpertTools
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
from spacebeam.ui.timeline.column_controller import ColumnController
from spacebeam.ui.timeline.entry_actions import EntryActions
from spacebeam.ui.window import tab_words
from spacebeam.ui.window.composer_controller import ComposerController
from spacebeam.ui.window.connecting import Connecting
from spacebeam.ui.window.headline import ConnectionStatus, Headline
from spacebeam.ui.window.sending import Sending
from spacebeam.ui.window.tab_names import TabTitle
from spacebeam.ui.window.tab_restorer import TabRestorer
from spacebeam.ui.window.timeline_actions import TimelineActions
from spacebeam.ui.window.view_controller import ViewController
from spacebeam.wording.recordings import recording_error_words

_CONVERSATION = "conversation"  # the second screen's name in the template


@template("tab.ui")
class Tab(Adw.Bin):
    """One connection's two screens.

    Emits `titled` when its title or state changed, `received` when messages came in (once a turn of
    the loop), and `tab-requested` (an address, and its Profile or None) to connect in another tab,
    as this one must keep what it has.
    """

    __gtype_name__ = "SpacebeamTab"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "titled": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "received": (GObject.SignalFlags.RUN_FIRST, None, ()),
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
        self._session = SessionAdapter(settings_service.cookies, settings_service.new_recording)
        self._tasks = Tasks()
        self.name = ""  # given by the person
        self._restored: TabState | None = None  # while it is being restored
        self._received = 0  # messages that were told of
        self._round_trip: float | None = None  # as it is shown
        self._connecting = Connecting(
            self._connection_page, self._session, settings_service, local_chat, self._tasks
        )
        self._connecting.connect("connected", self._on_connecting_connected)
        self._connecting.connect("refused", self._on_connecting_refused)
        self._connecting.connect("ended", self._on_connecting_ended)
        self._connecting.connect("tab-requested", self._on_connecting_tab_requested)
        self._session.connect("changed", self._on_session_changed)
        self._session.connect("grown", self._on_session_grown)
        self._settings_handler = settings_service.connect("changed", self._on_settings_changed)
        self._on_settings_changed(settings_service)
        self._actions = self._add_actions()
        self._timeline_actions = TimelineActions(
            self._session, self._conversation_page, self._actions, self._show_toast
        )
        self._file_actions = RecordingFileActions(
            self, self._session, settings_service, self._tasks, self._actions, self._show_toast
        )
        session, page = self._session, self._conversation_page
        self._view_controller = ViewController(page, settings_service)
        self._search_controller = SearchController(
            self, self._session, page, self._actions, settings_service, self._show_toast
        )
        self._entry_actions = EntryActions(
            self._session, page, self._tasks, self._actions, self._show_toast
        )
        self._columns = ColumnController(page.timeline, settings_service, self._actions)
        self._expert_tools = ExpertTools(self, self._session, page, self._tasks)
        self.chat = ChatController(self, session, page, self._actions, settings_service, local_chat)
        self._composing = ComposerController(
            session, page, settings_service, self._tasks, self._actions
        )
        self.sending = Sending(
            self._session, page, self._tasks, self._actions, self._show_toast, settings_service
        )
        self._restorer = TabRestorer(
            self._session,
            self._connecting,
            self._connection_page,
            self._conversation_page,
            self._search_controller,
            self._file_actions,
            self._actions,
        )
        self._on_session_changed(self._session)
        self._on_session_grown(self._session)

    @property
    def title(self) -> str:
        """The title: the person's, the recording's, or else the endpoint."""
        return self.name or self.automatic_title

    @property
    def automatic_title(self) -> str:
        """The title of a tab that was not renamed."""
        return tab_words.title(self._session.endpoint, self._file_actions.name)

    @property
    def parts(self) -> TabTitle:
        """What tells the tab from others."""
        return tab_words.parts(self._session.endpoint, self._file_actions.name, self.name)

    @property
    def whole_title(self) -> str:
        """The title and the address in full, for the tooltip; may be ""."""
        title = self.name or self._file_actions.name
        return tab_words.whole_title(self._session.endpoint, title)

    @property
    def headline(self) -> Headline:
        """What the header bar shows of the tab."""
        if not self.is_conversation:
            return Headline(tab_words.title(None))
        return Headline.of(self._session, self.title, self.whole_title)

    @property
    def status(self) -> ConnectionStatus | None:
        """The state of the connection as icons show it; None without a conversation."""
        return ConnectionStatus.of(self._session) if self.has_conversation else None

    @property
    def actions(self) -> Gio.ActionGroup:
        """The actions `tab.*`, for buttons outside the tab."""
        return self._actions

    @property
    def state(self) -> ConnectionState:
        return self._session.state

    @property
    def is_reconnecting(self) -> bool:
        """Whether a lost connection is being brought back."""
        return self._session.progress is not None

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
        is_busy = self._connecting.is_running or self._restored is not None
        return not (self.has_conversation or typed or is_busy)

    @property
    def state_to_restore(self) -> TabState:
        """What another tab needs to be like this one."""
        if self._restored is not None:
            return self._restored
        return self._restorer.state(self.name, is_conversation=self.is_conversation)

    def restore(self, state: TabState, *, connect: bool = False) -> asyncio.Task[None]:
        """Become like the tab that had this state; connect only if told to, and nothing is asked.

        Until the task ends, the tab has the state already.
        """
        self._restored = state
        self.rename(state.name)
        return self._tasks.start(self._restore(state, connect=connect))

    async def _restore(self, state: TabState, *, connect: bool) -> None:
        try:
            if await self._restorer.show(state) and state.is_conversation:
                self.show_conversation()
        finally:
            self._restored = None
        self._on_session_changed(self._session)
        if connect:
            self._connecting.connect_again()

    def rename(self, name: str) -> None:
        """Give the tab a name; "" for the automatic one."""
        self.name = self._file_actions.given_name = one_line(name.strip())[:MAX_TITLE]
        self._on_session_changed(self._session)

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
        self.sending.close()
        self._composing.close()
        self._expert_tools.close()
        self._columns.close()
        self._entry_actions.close()
        self._search_controller.close()
        self._view_controller.close()
        await self.chat.close()
        self._tasks.cancel()
        await self._session.close()
        self._conversation_page.close()

    def _add_actions(self) -> Gio.SimpleActionGroup:
        group = Gio.SimpleActionGroup()
        reactions: dict[str, Callable[[], object]] = {
            "join-chat": self._connecting.join_local_chat,
            "address": self._show_connection_page,
            "return": self.show_conversation,
            "compose": self.focus,
            "wire": self._conversation_page.open_menu,
        }
        add(group, reactions)
        notify = Gio.SimpleAction.new("notify", GLib.VariantType("s"))
        notify.connect("activate", self._on_notify_activate)
        group.add_action(notify)
        self._connecting.add_actions(group)
        insert(self, "tab", group)
        return group

    def connect_to(self, address: str, profile: Profile | None) -> None:
        """Connect as if the address had been typed; None is the address's own profile."""
        self._connecting.connect_to(address, profile)

    async def open_recording(self, path: Path) -> None:
        """Show the recording in a file, or the error if it cannot be read."""
        try:
            await self._file_actions.open(path)
        except RecordingError as error:
            self.show_error(recording_error_words(error))
            return
        self.show_conversation()
        self._conversation_page.timeline.focus_row()  # nothing can be sent here

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

    def _show_toast(self, words: str) -> Adw.Toast:
        toast = Adw.Toast(title=GLib.markup_escape_text(words))
        if self.is_conversation:
            self._conversation_page.show_toast(toast)
        else:
            self._toast_overlay.add_toast(toast)
        return toast

    # Changes of the session and the settings

    def _on_session_changed(self, session: SessionAdapter) -> None:
        opening, state = session.session.opening, session.state
        endpoint = session.endpoint if opening is None else opening.typed_endpoint
        if state is ConnectionState.CONNECTING and endpoint is not None:
            self._connecting.prepare(endpoint)
        self._conversation_page.show_state(state, session.progress)
        self._return_bar.show_words(tab_words.return_words(session, self.title))
        self._conversation_page.storage_bar.show_state(
            session.recording.storage_error, session.remark
        )
        self._connecting.enable_actions(self._actions, can_reconnect=self.is_conversation)
        enable(self._actions, "return", self.has_conversation and not self._connecting.is_running)
        # Another recording is not paused.
        turn(self._actions, "pause", self._conversation_page.timeline.is_paused)
        self.emit("titled")

    def _on_notify_activate(self, _action: Gio.SimpleAction, words: GLib.Variant) -> None:
        self._show_toast(words.get_string())

    def _on_session_grown(self, session: SessionAdapter) -> None:
        self._conversation_page.show_recording(session.recording, session.shown_from)
        trip = None if session.connection is None else session.connection.round_trip
        if trip != self._round_trip:
            self._round_trip = trip
            self.emit("titled")
        enable(self._actions, "show-cleared", session.shown_from > 0)
        if session.received != self._received:
            self._received = session.received
            self.emit("received")

    def _on_settings_changed(self, settings_service: SettingsService) -> None:
        self._connecting.show_settings()
        if self.get_mapped() and (error := settings_service.take_error()):
            self._show_toast(error)
        self.emit("titled")  # its recording may have been renamed

    # Signals of connecting and of the second screen

    def _on_connecting_connected(self, _connecting: Connecting) -> None:
        self.show_conversation()

    def _on_connecting_refused(self, _connecting: Connecting) -> None:
        self._show_connection_page()

    def _on_connecting_ended(self, _connecting: Connecting) -> None:
        self._on_session_changed(self._session)

    def _on_connecting_tab_requested(
        self, _connecting: Connecting, address: str, profile: Profile | None
    ) -> None:
        self.show_conversation()
        self.emit("tab-requested", address, profile)

    @Gtk.Template.Callback()
    def _on_conversation_page_send_requested(self, _page: ConversationPage, draft: Draft) -> None:
        self._tasks.start(self.sending.send(draft))

    @Gtk.Template.Callback()
    def _on_conversation_page_attach_requested(self, _page: ConversationPage) -> None:
        self._tasks.start(self._composing.attaching.choose_and_attach())
