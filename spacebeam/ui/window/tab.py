"""A tab: one session on two screens. Carries out what the person does there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from gi.repository import Adw, Gio, GLib, GObject, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.library.titles import MAX_TITLE
from spacebeam.profiles.profile import Profile
from spacebeam.protocol.endpoint import Endpoint
from spacebeam.protocol.lifecycle import ConnectionState
from spacebeam.protocol.secrets import blank_address
from spacebeam.server.local_chat import LocalChat
from spacebeam.ui.actions import enable
from spacebeam.ui.connections.tab_connection import TabConnection
from spacebeam.ui.handlers import weakly
from spacebeam.ui.options.connection_options import ConnectionOptions, MadeFrom
from spacebeam.ui.pages.connection_page import ConnectionPage
from spacebeam.ui.pages.return_bar import ReturnBar
from spacebeam.ui.pages.upright_layout import UprightLayout
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.template import template
from spacebeam.ui.window import tab_words
from spacebeam.ui.window.conversation_making import ConversationMaking
from spacebeam.ui.window.headline import ConnectionStatus, Headline
from spacebeam.ui.window.tab_actions import add_actions
from spacebeam.ui.window.tab_memory import TabMemory
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
        self.making = ConversationMaking(self, self._conversation_bin, self._tasks)
        self.name = ""  # given by the person
        self.memory = TabMemory(self, self._tasks, settings_service)
        self._received = 0  # messages that were told of
        self._round_trip: float | None = None
        self._options = ConnectionOptions(
            self._connection_page, settings_service, self._tasks, weakly(self._connect)
        )
        self.connection = TabConnection(
            self._connection_page,
            self._options,
            settings_service,
            self._tasks,
            weakly(self._show_toast),
            weakly(self._saved_values),
        )
        self.connection.connect("changed", self._on_connection_changed)
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
            self.connection,
            self.making.take(),
        )
        made.file_actions.given_name = self.name
        made.send_on_connect(self.connection.variables.on_connect)
        made.connecting.connect("connected", self._on_connecting_connected)
        made.connecting.connect("refused", self._on_connecting_refused)
        made.connecting.connect("ended", self._on_session_changed)
        made.connecting.connect("tab-requested", self._on_connecting_tab_requested)
        made.session.connect("changed", self._on_session_changed)
        made.session.connect("grown", self._on_session_grown)
        return made

    @property
    def has_made_conversation(self) -> bool:
        """Whether the second screen was wanted yet."""
        return self._conversation is not None

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
        known = None if self._conversation is None else self._conversation.session.endpoint
        return known or self.memory.endpoint

    @property
    def _known_title(self) -> str:
        title = "" if self._conversation is None else self._conversation.title
        return title or self.memory.title or self.connection.name

    @property
    def headline(self) -> Headline:
        """What the header bar shows of the tab."""
        if self._conversation is None or not self.is_conversation:
            return Headline(self.name or self.connection.name or tab_words.title(None))
        return Headline.of(self._conversation.session, self.title, self.whole_title)

    @property
    def status(self) -> ConnectionStatus | None:
        """The state of the connection as icons show it; None without a conversation."""
        made = self._conversation
        if made is None or not self.has_conversation:
            return self.memory.status
        return ConnectionStatus.of(made.session)

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
        """Whether the second screen is shown; a closed tab has none."""
        name = self._stack.get_visible_child_name()
        return name == _CONVERSATION and self._conversation is not None

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
        made = self._conversation
        return self.making.is_running if made is None else made.connecting.is_running

    @property
    def is_untouched(self) -> bool:
        """Whether the person has not used the tab: no address, no attempt, no conversation."""
        typed = self._connection_page.address
        is_busy = self.is_connecting or self.memory.is_restoring
        return not (self.has_conversation or typed or is_busy)

    def rename(self, name: str) -> None:
        """Give the tab a name; "" for the automatic one."""
        self.name = one_line(name.strip())[:MAX_TITLE]
        if self._conversation is not None:
            self._conversation.file_actions.given_name = self.name
        self.show_state()

    def shows(self, path: Path) -> bool:
        """Return whether the tab has the recording in this file."""
        if not self.has_conversation:
            return self.memory.shows(path)
        return self.conversation.file_actions.shows(path)

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
        self.memory.close()
        self.making.close()
        if self._conversation is not None:
            await self._conversation.close()
            self._conversation = None  # its parts hold the tab
        self._tasks.cancel()

    def _add_actions(self) -> Gio.SimpleActionGroup:
        reactions: dict[str, Callable[[], object]] = {
            "join-chat": self._join_chat,
            "address": self._show_connection_page,
            "return": self.show_conversation,
            "compose": self.focus,
            "wire": self._open_menu,
            "save-connection": self.connection.save,
            "options": self._options.edit,
        }
        attach, notify = self._on_attach_activate, self._on_notify_activate
        return add_actions(self, reactions, {"attach": ("as", attach), "notify": ("s", notify)})

    def _open_menu(self) -> None:
        if self.is_conversation:
            self.conversation.page.open_menu()

    def _join_chat(self) -> None:
        self.making.then(lambda made: made.connecting.join_local_chat())

    def _connect(self, address: str, profile: Profile, made_from: MadeFrom | None) -> None:
        attempt = address, profile, made_from
        self.making.then(lambda made: made.connecting.connect_here_or_elsewhere(*attempt))

    def connect_to(self, address: str, profile: Profile | None) -> None:
        """Connect as if the address had been typed; None is the address's own profile."""
        self.making.then(lambda made: made.connecting.connect_to(address, profile))

    async def open_recording(self, path: Path) -> None:
        """Show the recording in a file, or the error if it cannot be read."""
        error = await (await self.making.finish()).open_recording(path)
        if error:
            self.show_error(error)
        else:
            self.show_conversation()
            self.conversation.page.timeline.focus_row()  # nothing can be sent here

    def show_conversation(self) -> None:
        """Show the second screen if the tab has a conversation; an error of the first is over."""
        if self.has_conversation:
            self._connection_page.hide_failure()
            self._stack.set_visible_child_name(_CONVERSATION)
            self.show_state()
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
        self.show_toast(toast)
        return toast

    def show_toast(self, toast: Adw.Toast) -> None:
        """Show a toast on the screen that is shown."""
        if self.is_conversation:
            self.conversation.page.show_toast(toast)
        else:
            self._toast_overlay.add_toast(toast)

    # Changes of the session and the settings

    def _on_session_changed(self, _sender: SessionAdapter | Connecting) -> None:
        self.show_state()

    def show_state(self) -> None:
        """Show the session's state."""
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
        if self._conversation is not None:  # the tab may have been closed meanwhile
            self._conversation.show_growth()
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

    def _on_connecting_connected(self, _connecting: Connecting) -> None:
        if self.connection.is_bound:
            self.conversation.show_saved(self.connection.saved.saved)
        self.show_conversation()

    def _on_connecting_refused(self, _connecting: Connecting) -> None:
        self._show_connection_page()

    def _on_connecting_tab_requested(
        self, _connecting: Connecting, address: str, profile: Profile | None
    ) -> None:
        self.show_conversation()
        self.emit("tab-requested", address, profile)

    def _saved_values(self) -> dict[str, object]:
        return self._conversation.saved_values if self._conversation is not None else {}

    def _on_connection_changed(self, _connection: TabConnection) -> None:
        self.emit("titled")

    # Signals of the first screen

    @Gtk.Template.Callback()
    def _on_connection_page_cancel_requested(self, _page: ConnectionPage) -> None:
        if self._conversation is not None:
            self._conversation.connecting.cancel()

    @Gtk.Template.Callback()
    def _on_connection_page_chat_requested(self, _page: ConnectionPage) -> None:
        self._join_chat()
