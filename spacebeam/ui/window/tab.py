"""A tab: one session on two screens. Carries out what the person does there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from gi.repository import Adw, Gio, GLib, GObject, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.library.titles import MAX_TITLE
from spacebeam.library.window_state import TabState
from spacebeam.profiles.profile import Profile
from spacebeam.protocol.endpoint import Endpoint
from spacebeam.protocol.lifecycle import ConnectionState
from spacebeam.protocol.secrets import blank_address
from spacebeam.server.local_chat import LocalChat
from spacebeam.ui.actions import add, enable, insert
from spacebeam.ui.options.connection_options import ConnectionOptions
from spacebeam.ui.pages.connection_page import ConnectionPage
from spacebeam.ui.pages.return_bar import ReturnBar
from spacebeam.ui.pages.upright_layout import UprightLayout
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.template import template
from spacebeam.ui.window import tab_words
from spacebeam.ui.window.headline import ConnectionStatus, Headline
from spacebeam.ui.window.tab_names import TabTitle

if TYPE_CHECKING:
    from spacebeam.recording.errors import StorageError
    from spacebeam.ui.session_adapter import SessionAdapter
    from spacebeam.ui.window.connecting import Connecting
    from spacebeam.ui.window.conversation import Conversation

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
    _conversation_bin: Adw.Bin = Gtk.Template.Child()

    def __init__(self, settings_service: SettingsService, local_chat: LocalChat) -> None:
        GObject.type_ensure(UprightLayout)  # the template has one
        super().__init__()
        self._settings_service = settings_service
        self._local_chat = local_chat
        self._tasks = Tasks()
        self._conversation: Conversation | None = None
        self.name = ""  # given by the person
        self._restored: TabState | None = None  # while it is being restored
        self._received = 0  # messages that were told of
        self._round_trip: float | None = None  # as it is shown
        self._options = ConnectionOptions(
            self._connection_page, settings_service, self._tasks, self._connect
        )
        self._settings_handler = settings_service.connect("changed", self._on_settings_changed)
        self._actions = self._add_actions()

    @property
    def conversation(self) -> Conversation:
        """The tab's conversation, which is made when it is first wanted."""
        if self._conversation is None:
            self._conversation = self._new_conversation()
            self._on_session_changed(self._conversation.session)
            self._on_session_grown(self._conversation.session)
        return self._conversation

    def _new_conversation(self) -> Conversation:
        # Imported when it is first wanted: the start is faster, and its modules are the most.
        from spacebeam.ui.window.conversation import Conversation

        made = Conversation(
            self,
            self._connection_page,
            self._options,
            self._settings_service,
            self._local_chat,
            self._tasks,
            self._actions,
            self._show_toast,
        )
        self._conversation_bin.set_child(made.page)
        made.connecting.connect("connected", self._on_connecting_connected)
        made.connecting.connect("refused", self._on_connecting_refused)
        made.connecting.connect("ended", self._on_connecting_ended)
        made.connecting.connect("tab-requested", self._on_connecting_tab_requested)
        made.session.connect("changed", self._on_session_changed)
        made.session.connect("grown", self._on_session_grown)
        return made

    @property
    def title(self) -> str:
        """The title: the person's, the recording's, or else the endpoint."""
        return self.name or self.automatic_title

    @property
    def automatic_title(self) -> str:
        """The title of a tab that was not renamed."""
        return tab_words.title(self._endpoint, self._known_title)

    @property
    def parts(self) -> TabTitle:
        """What tells the tab from others."""
        return tab_words.parts(self._endpoint, self._known_title, self.name)

    @property
    def whole_title(self) -> str:
        """The title and the address in full, for the tooltip; may be ""."""
        return tab_words.whole_title(self._endpoint, self.name or self._known_title)

    @property
    def _endpoint(self) -> Endpoint | None:
        return None if self._conversation is None else self._conversation.session.endpoint

    @property
    def _known_title(self) -> str:
        return "" if self._conversation is None else self._conversation.title

    @property
    def headline(self) -> Headline:
        """What the header bar shows of the tab."""
        if self._conversation is None or not self.is_conversation:
            return Headline(tab_words.title(None))
        return Headline.of(self._conversation.session, self.title, self.whole_title)

    @property
    def status(self) -> ConnectionStatus | None:
        """The state of the connection as icons show it; None without a conversation."""
        made = self._conversation
        return ConnectionStatus.of(made.session) if made and self.has_conversation else None

    @property
    def actions(self) -> Gio.ActionGroup:
        """The actions `tab.*`, for buttons outside the tab."""
        return self._actions

    @property
    def state(self) -> ConnectionState:
        made = self._conversation
        return ConnectionState.CLOSED if made is None else made.session.state

    @property
    def is_reconnecting(self) -> bool:
        """Whether a lost connection is being brought back."""
        return self._conversation is not None and self._conversation.session.progress is not None

    @property
    def storage_error(self) -> StorageError | None:
        """Why entries are not saved in the recording's file; None if they are."""
        made = self._conversation
        return None if made is None else made.session.recording.storage_error

    @property
    def has_private_messages(self) -> bool:
        """Whether closing the tab loses messages that are only in memory."""
        return self._conversation is not None and self._conversation.session.has_private_messages

    @property
    def is_conversation(self) -> bool:
        """Whether the second screen is shown."""
        return self._stack.get_visible_child_name() == _CONVERSATION

    @property
    def has_conversation(self) -> bool:
        """Whether there is a conversation or a recording, even while the first screen is shown."""
        return self._conversation is not None and self._conversation.session.is_used

    @property
    def chat_number(self) -> int:
        """The number of the tab's chat, in notifications; 0 without one."""
        return 0 if self._conversation is None else self._conversation.chat.number

    @property
    def is_connecting(self) -> bool:
        """Whether an attempt that the person asked for is running."""
        return self._conversation is not None and self._conversation.connecting.is_running

    @property
    def is_untouched(self) -> bool:
        """Whether the person has not used the tab: no address, no attempt, no conversation."""
        typed = self._connection_page.address
        is_busy = self.is_connecting or self._restored is not None
        return not (self.has_conversation or typed or is_busy)

    @property
    def state_to_restore(self) -> TabState:
        """What another tab needs to be like this one."""
        if self._restored is not None:
            return self._restored
        if self._conversation is not None:
            return self._conversation.state(self.name, is_conversation=self.is_conversation)
        address = self._connection_page.address
        profile = self._options.profile_of(address)
        return TabState(address, profile, name=self.name, is_private=not profile.record)

    def restore(self, state: TabState, *, connect: bool = False) -> asyncio.Task[None]:
        """Become like the tab that had this state; connect only if told to, and nothing is asked.

        Until the task ends, the tab has the state already.
        """
        self._restored = state
        self.rename(state.name)
        return self._tasks.start(self._restore(state, connect=connect))

    async def _restore(self, state: TabState, *, connect: bool) -> None:
        try:
            if await self.conversation.show(state) and state.is_conversation:
                self.show_conversation()
        finally:
            self._restored = None
        self._show_state()
        if connect:
            self.conversation.connecting.connect_again()

    def rename(self, name: str) -> None:
        """Give the tab a name; "" for the automatic one."""
        self.name = one_line(name.strip())[:MAX_TITLE]
        if self._conversation is not None:
            self._conversation.file_actions.given_name = self.name
        self._show_state()

    def shows(self, path: Path) -> bool:
        """Return whether the tab has the recording in this file."""
        return self.has_conversation and self.conversation.file_actions.shows(path)

    def show_error(self, explanation: str, advice: str = "") -> None:
        """Show on the first screen why a recording or connection could not be opened."""
        self._connection_page.show_failure(explanation, advice)

    def focus(self) -> None:
        """Focus the composer, or the address on the first screen."""
        if self.is_conversation:
            self.conversation.page.composer.focus()
        else:
            self._connection_page.focus()

    async def close(self) -> None:
        """Disconnect, and release everything the tab holds."""
        self._settings_service.disconnect(self._settings_handler)
        if self._conversation is not None:
            await self._conversation.close()
        self._tasks.cancel()

    def _add_actions(self) -> Gio.SimpleActionGroup:
        group = Gio.SimpleActionGroup()
        reactions: dict[str, Callable[[], object]] = {
            "join-chat": self._join_chat,
            "address": self._show_connection_page,
            "return": self.show_conversation,
            "compose": self.focus,
            "wire": self._open_menu,
        }
        add(group, reactions)
        enable(group, "return", False)
        attach = Gio.SimpleAction.new("attach", GLib.VariantType("as"))
        attach.connect("activate", self._on_attach_activate)
        group.add_action(attach)
        notify = Gio.SimpleAction.new("notify", GLib.VariantType("s"))
        notify.connect("activate", self._on_notify_activate)
        group.add_action(notify)
        insert(self, "tab", group)
        # GTK 4.8 ignores a later first group of this name.
        self.insert_action_group("expert", Gio.SimpleActionGroup())
        return group

    def _open_menu(self) -> None:
        if self.is_conversation:
            self.conversation.page.open_menu()

    def _join_chat(self) -> None:
        self.conversation.connecting.join_local_chat()

    def _connect(self, address: str, profile: Profile) -> None:
        self.conversation.connecting.connect_here_or_elsewhere(address, profile)

    def connect_to(self, address: str, profile: Profile | None) -> None:
        """Connect as if the address had been typed; None is the address's own profile."""
        self.conversation.connecting.connect_to(address, profile)

    async def open_recording(self, path: Path) -> None:
        """Show the recording in a file, or the error if it cannot be read."""
        error = await self.conversation.open_recording(path)
        if error:
            self.show_error(error)
            return
        self.show_conversation()
        self.conversation.page.timeline.focus_row()  # nothing can be sent here

    def show_conversation(self) -> None:
        """Show the second screen if the tab has a conversation; an error of the first is over."""
        if self.has_conversation:
            self._connection_page.hide_failure()
            self._stack.set_visible_child_name(_CONVERSATION)
            self._show_state()
            self.focus()

    def _show_connection_page(self) -> None:
        endpoint = self._endpoint
        if endpoint is not None and not self._connection_page.address:
            self._connection_page.show_address(blank_address(endpoint.url))
        self._stack.set_visible_child(self._first_box)
        self.emit("titled")
        self._connection_page.focus()

    def _show_toast(self, words: str) -> Adw.Toast:
        toast = Adw.Toast(title=GLib.markup_escape_text(words))
        if self.is_conversation:
            self.conversation.page.show_toast(toast)
        else:
            self._toast_overlay.add_toast(toast)
        return toast

    # Changes of the session and the settings

    def _on_session_changed(self, _session: SessionAdapter) -> None:
        self._show_state()

    def _show_state(self) -> None:
        if self._conversation is not None:
            self._conversation.show_state(is_shown=self.is_conversation)
            session = self._conversation.session
            self._return_bar.show_words(tab_words.return_words(session, self.title))
            enable(self._actions, "return", self.has_conversation and not self.is_connecting)
        self.emit("titled")

    def _on_attach_activate(self, _action: Gio.SimpleAction, uris: GLib.Variant) -> None:
        """Let the conversation's own action, which takes this one's place, attach the files."""
        if self._conversation is None and self.conversation:
            self.activate_action("tab.attach", uris)

    def _on_notify_activate(self, _action: Gio.SimpleAction, words: GLib.Variant) -> None:
        self._show_toast(words.get_string())

    def _on_session_grown(self, session: SessionAdapter) -> None:
        self.conversation.show_growth()
        trip = None if session.connection is None else session.connection.round_trip
        if trip != self._round_trip:
            self._round_trip = trip
            self.emit("titled")
        if session.received != self._received:
            self._received = session.received
            self.emit("received")

    def _on_settings_changed(self, settings_service: SettingsService) -> None:
        self._options.show()
        if self.get_mapped() and (error := settings_service.take_error()):
            self._show_toast(error)
        self.emit("titled")  # its recording may have been renamed

    # Signals of connecting and of the second screen

    def _on_connecting_connected(self, _connecting: Connecting) -> None:
        self.show_conversation()

    def _on_connecting_refused(self, _connecting: Connecting) -> None:
        self._show_connection_page()

    def _on_connecting_ended(self, _connecting: Connecting) -> None:
        self._show_state()

    def _on_connecting_tab_requested(
        self, _connecting: Connecting, address: str, profile: Profile | None
    ) -> None:
        self.show_conversation()
        self.emit("tab-requested", address, profile)

    # Signals of the first screen

    @Gtk.Template.Callback()
    def _on_connection_page_cancel_requested(self, _page: ConnectionPage) -> None:
        if self._conversation is not None:
            self._conversation.connecting.cancel()

    @Gtk.Template.Callback()
    def _on_connection_page_chat_requested(self, _page: ConnectionPage) -> None:
        self._join_chat()
