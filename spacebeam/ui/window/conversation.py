"""A tab's conversation: its session, the second screen, and what connects the two.

A tab makes it when a connection or a recording is first wanted. So a start, which shows the first
screen alone, neither imports nor builds it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from gi.repository import Adw, Gio, Gtk

from spacebeam.library.window_state import TabState
from spacebeam.net.connection import ConnectionState
from spacebeam.profiles.collection import SavedConnection
from spacebeam.protocol.batch import Kind
from spacebeam.recording.errors import RecordingError
from spacebeam.server.local_chat import LocalChat
from spacebeam.session.oauth.opening import SignInFlow
from spacebeam.session.on_connect import OnConnect
from spacebeam.session.outgoing import OutgoingMessage
from spacebeam.ui.actions import enable, turn
from spacebeam.ui.chat.chat_controller import ChatController
from spacebeam.ui.compare.compare_actions import CompareActions
from spacebeam.ui.composer.draft import Draft
from spacebeam.ui.connections.tab_connection import TabConnection
from spacebeam.ui.exchange.export_actions import ExportActions
from spacebeam.ui.expert.expert_tools import ExpertTools
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.messages.message_variables import MessageVariables
from spacebeam.ui.options.connection_options import ConnectionOptions
from spacebeam.ui.pages.connection_page import ConnectionPage
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.pairs.pair_controller import PairController
from spacebeam.ui.recordings.file_actions import RecordingFileActions
from spacebeam.ui.replay.replay_actions import ReplayActions
from spacebeam.ui.scenario.scenario_actions import ScenarioActions
from spacebeam.ui.search.search_controller import SearchController
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.sign_in.window_prompt import WindowPrompt
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.timeline.column_controller import ColumnController
from spacebeam.ui.timeline.entry_actions import EntryActions
from spacebeam.ui.values.value_controller import ValueController
from spacebeam.ui.window.composer_controller import ComposerController
from spacebeam.ui.window.connecting import Connecting
from spacebeam.ui.window.conversation_parts import ConversationParts
from spacebeam.ui.window.decoding import Decoding
from spacebeam.ui.window.sending import Sending
from spacebeam.ui.window.tab_restorer import TabRestorer
from spacebeam.ui.window.timeline_actions import TimelineActions
from spacebeam.ui.window.view_controller import ViewController
from spacebeam.wording.i18n import _
from spacebeam.wording.recordings import recording_error_words

_LOCAL_CHAT = _("Chat on This Computer")


@weak_handlers
class Conversation:
    """Assembles the session, its page and their controllers.

    Adds its actions to the tab's; `notify` shows a short message.
    """

    def __init__(
        self,
        tab: Gtk.Widget,
        connection_page: ConnectionPage,
        options: ConnectionOptions,
        settings_service: SettingsService,
        local_chat: LocalChat,
        tasks: Tasks,
        actions: Gio.SimpleActionGroup,
        notify: Callable[[str], Adw.Toast],
        connection: TabConnection,
        parts: ConversationParts,
    ) -> None:
        self._tab = tab
        self._local_chat = local_chat
        self._tasks = tasks
        self._actions = actions
        self.session = session = SessionAdapter(
            settings_service.cookies, settings_service.new_recording
        )
        self.page = page = parts.page
        self.connecting = Connecting(
            connection_page, session, options, settings_service, local_chat, tasks
        )
        self.connecting.add_actions(actions)
        prompt = WindowPrompt(tab, self.connecting.cancel)
        session.session.sign_in = SignInFlow(settings_service.tokens, prompt)
        self._timeline_actions = TimelineActions(session, page, actions, notify)
        self.file_actions = RecordingFileActions(
            tab, session, settings_service, tasks, actions, notify
        )
        self._view_controller = ViewController(page, settings_service)
        self._search_controller = SearchController(
            tab, session, page, actions, settings_service, notify
        )
        self._pairs = PairController(tab, session, page, self._search_controller, actions)
        self._add_uses(settings_service, notify)
        self._entry_actions = EntryActions(session, page, tasks, actions, notify)
        self._compare_actions = CompareActions(
            session, page, settings_service, tasks, actions, notify
        )
        self._columns = ColumnController(page.timeline, settings_service, actions)
        self._expert_tools = ExpertTools(tab, session, page, tasks)
        self.chat = ChatController(tab, session, page, actions, settings_service, local_chat)
        self._composing = ComposerController(session, page, settings_service, tasks, actions)
        self.sending = Sending(session, parts, tasks, actions, notify, settings_service, connection)
        self._message_variables = MessageVariables(page.composer, connection)
        search, connecting = self._search_controller, self.connecting
        self._decoding = Decoding(
            tab, session, page, options, connecting, connection, search, actions, notify
        )
        self._restorer = TabRestorer(
            session, connecting, connection_page, page, search, self.file_actions, actions
        )
        page.connect("send-requested", self._on_page_send_requested)
        page.connect("attach-requested", self._on_page_attach_requested)

    def _add_uses(
        self, settings_service: SettingsService, notify: Callable[[str], Adw.Toast]
    ) -> None:
        """Add what can be done with the entries outside the tab: files, scenarios, replays."""
        session, page, files = self.session, self.page, self.file_actions
        tasks, actions = self._tasks, self._actions
        self._export_actions = ExportActions(session, page, files, tasks, actions)
        self._scenario_actions = ScenarioActions(
            session, page, files, settings_service, tasks, actions, notify
        )
        search = self._search_controller
        self._values = ValueController(
            self._tab,
            session,
            page,
            actions,
            settings_service,
            tasks,
            self._search_controller.show_filter,
            notify,
        )
        self._replay_actions = ReplayActions(
            session, page, search, files, settings_service, tasks, actions, notify
        )

    @property
    def saved_values(self) -> dict[str, object]:
        """What is saved of the conversation with its connection."""
        inspector = self.page.inspector
        return {
            "filter": self.page.filter_bar.text,
            "decoder": inspector.decoder_of(Kind.TEXT),
            "binary_decoder": inspector.decoder_of(Kind.BINARY),
        }

    def send_on_connect(self, make: Callable[[], Sequence[OutgoingMessage]]) -> None:
        """Send the messages that `make` returns after each connect."""
        session = self.session.session
        session.observers.add(OnConnect(session, weakly(make)))

    def show_saved(self, saved: SavedConnection) -> None:
        """Use the filter and the decoders of a saved connection, unless others were chosen."""
        if saved.filter and not self.page.filter_bar.text:
            self._search_controller.show_filter(saved.filter)
        inspector = self.page.inspector
        for kind, name in ((Kind.TEXT, saved.decoder), (Kind.BINARY, saved.binary_decoder)):
            if name and not inspector.decoder_of(kind):
                inspector.choose_decoder(kind, name)

    @property
    def title(self) -> str:
        """The recording's title, or the name of the room of this computer, or ""."""
        endpoint = self.session.endpoint
        is_local_chat = endpoint is not None and endpoint.url == self._local_chat.url
        return self.file_actions.name or (_LOCAL_CHAT if is_local_chat else "")

    async def close(self) -> None:
        """Disconnect, and release everything the conversation holds."""
        self._decoding.close()
        self.sending.close()
        self._message_variables.close()
        self._composing.close()
        self._expert_tools.close()
        self._columns.close()
        self._export_actions.close()
        self._scenario_actions.close()
        self._entry_actions.close()
        self._values.close()
        self._pairs.close()
        self._compare_actions.close()
        self._search_controller.close()
        self._view_controller.close()
        await self.chat.close()
        self._tasks.cancel()
        await self.session.close()
        self.page.close()

    def state(self, name: str, *, is_conversation: bool) -> TabState:
        """Return what another tab needs to be like this one."""
        return self._restorer.state(name, is_conversation=is_conversation)

    async def show(self, state: TabState) -> bool:
        """Show a state without connecting; return whether its recording is shown."""
        return await self._restorer.show(state)

    async def open_recording(self, path: Path) -> str:
        """Show the recording in a file; return why it cannot be read, or ""."""
        try:
            await self.file_actions.open(path)
        except RecordingError as error:
            return recording_error_words(error)
        return ""

    def show_state(self, *, is_shown: bool) -> None:
        """Show the session's state; enable what is possible now, on the screen that `is_shown`."""
        session, page = self.session, self.page
        opening, state = session.session.opening, session.state
        endpoint = session.endpoint if opening is None else opening.typed_endpoint
        if state is ConnectionState.CONNECTING and endpoint is not None:
            self.connecting.prepare(endpoint)
        page.show_state(state, session.progress)
        page.storage_bar.show_state(session.recording.storage_error, session.remark)
        self.connecting.enable_actions(self._actions, can_reconnect=is_shown)
        # Another recording is not paused.
        turn(self._actions, "pause", page.timeline.is_paused)

    def show_growth(self) -> None:
        """Show the session's recording as it is now."""
        session = self.session
        self.page.show_recording(session.recording, session.shown_from)
        enable(self._actions, "show-cleared", session.shown_from > 0)

    def _on_page_send_requested(self, _page: ConversationPage, draft: Draft) -> None:
        self._tasks.start(self.sending.send(draft))

    def _on_page_attach_requested(self, _page: ConversationPage) -> None:
        self._tasks.start(self._composing.attaching.choose_and_attach())
