"""Connects a tab's chat with its session: what is shown, who is there, what is new."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from itertools import count

from gi.repository import Gio, GLib, GObject, Gtk

from spacebeam.library.chat_choices import ChatChoice
from spacebeam.net.connection import ConnectionState
from spacebeam.recording.entry import Entry
from spacebeam.recording.recording import Recording
from spacebeam.server.local_chat import LocalChat
from spacebeam.server.room_protocol import TakeName, clean_name, encode
from spacebeam.session.outgoing import NotSentError
from spacebeam.ui.actions import add, add_switch, enable, turn
from spacebeam.ui.chat.chat_list import ChatList
from spacebeam.ui.chat.chat_pane import ChatPane
from spacebeam.ui.chat.link_dialog import offer_link
from spacebeam.ui.chat.links import Link
from spacebeam.ui.chat.nickname import named
from spacebeam.ui.chat.notifier import Notifier
from spacebeam.ui.chat.room_state import MAX_GREETING, RoomState
from spacebeam.ui.chat.share_controller import ShareController
from spacebeam.ui.chat.speech import ChatPaths
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.wording.i18n import _

# Actions that a chat has no part in: it is never paused, and shows all matches.
_OF_TIMELINE = ("pause", "next-match", "previous-match", "first", "go-to")
_READ_TIME_S = 0.004  # a turn of the loop
_numbers = count(1)


@weak_handlers
class ChatController:
    """Shows a tab's conversation as a chat if the person wants that, or if it is of a room."""

    def __init__(
        self,
        tab: Gtk.Widget,
        session: SessionAdapter,
        page: ConversationPage,
        actions: Gio.SimpleActionGroup,
        settings_service: SettingsService,
        local_chat: LocalChat,
    ) -> None:
        """`actions` is the tab's group; the chat's actions are added to it."""
        self.number = next(_numbers)  # of the tab, in notifications
        self._tab = tab
        self._session = session
        self._page = page
        self._tasks = Tasks()
        self._actions = actions
        self._settings_service = settings_service
        self._local_chat = local_chat
        self._opened_at = time.time()
        self._recording = session.recording
        self._room = RoomState(self._recording)
        self._private_choice = ChatChoice()  # for connections of which nothing is saved
        self._name = ""  # that the person chose in this tab
        self._is_unseen = False  # messages came that nobody has seen
        self._seen_at = 0.0  # Unix time at which the chat came into sight
        self._source = 0
        self._notifier = Notifier(self.number)
        self._shown_for = ("", True)  # address, and whether the conversation is recorded
        self._root: Gtk.Window | None = None
        self._sharing = ShareController(
            tab,
            local_chat,
            self._tasks,
            weakly(self._on_sharing_changed),
            weakly(self._on_sharing_asked),
        )
        add_switch(actions, "chat", self._on_chat_change_state)
        add_switch(actions, "chat-notify", self._on_chat_notify_change_state)
        add(actions, {"share-chat": self._sharing.present})
        self._handlers = self._connect_signals()
        self._show_choice()

    async def close(self) -> None:
        """Disconnect all signals, and stop what the tab shared."""
        for sender, handler in self._handlers:
            sender.disconnect(handler)
        if self._source:
            GLib.source_remove(self._source)
            self._source = 0
        self._notifier.close()
        self._tasks.cancel()
        self._recording = Recording()
        self._room = RoomState(self._recording)
        await self._sharing.close()

    def _connect_signals(self) -> list[tuple[GObject.Object, int]]:
        session, page = self._session, self._page
        chat = page.chat
        return [
            (session, session.connect("changed", self._on_session_changed)),
            (session, session.connect("grown", self._on_session_grown)),
            (session, session.connect("sent", self._on_session_sent)),
            (chat, chat.connect("name-chosen", self._on_chat_name_chosen)),
            (chat, chat.connect("paths-chosen", self._on_chat_paths_chosen)),
            (chat, chat.connect("map", self._on_chat_map)),
            (chat.chat_list, chat.chat_list.connect("link-chosen", self._on_list_link_chosen)),
            (
                chat.chat_list,
                chat.chat_list.connect("details-requested", self._on_list_details_requested),
            ),
        ]

    # What the person chose

    @property
    def _address(self) -> str:
        endpoint = self._session.endpoint
        return "" if endpoint is None else endpoint.url

    @property
    def _choice(self) -> ChatChoice:
        if not self._session.profile.record:
            return self._private_choice
        return self._settings_service.settings.chat(self._address)

    def _choose(self, choice: ChatChoice) -> None:
        if not self._session.profile.record:
            self._private_choice = choice
        elif self._address:
            self._settings_service.settings.choose_chat(self._address, choice)
            self._settings_service.save()
        self._show_choice()

    @property
    def _is_local(self) -> bool:
        return self._address == self._local_chat.url

    @property
    def is_shown(self) -> bool:
        """Whether the conversation is shown as a chat."""
        chosen = self._choice.is_shown
        return (self._room.is_room or self._is_local) if chosen is None else chosen

    @property
    def _notifies(self) -> bool:
        chosen = self._choice.notifies
        return self._room.is_room if chosen is None else chosen

    def _show_choice(self) -> None:
        choice, chat, is_shown = self._choice, self._page.chat, self.is_shown
        is_room = self._room.is_room or self._is_local
        chat.show_kind(is_room=is_room, can_share=self._is_local)
        self._page.composer.enter_room(is_in_room=is_room)
        paths = ChatPaths(choice.name_path, choice.text_path)
        chat.show_paths(paths)
        chat.chat_list.read_as(paths, is_room=is_room)
        turn(self._actions, "chat", is_shown)
        turn(self._actions, "chat-notify", self._notifies)
        self._show_chat(is_chat=is_shown)
        self._wake()

    def _show_chat(self, *, is_chat: bool) -> None:
        self._page.show_chat(is_chat=is_chat)
        for name in _OF_TIMELINE:
            enable(self._actions, name, not is_chat)

    def _on_chat_change_state(self, _action: Gio.SimpleAction, is_on: GLib.Variant) -> None:
        self._choose(replace(self._choice, is_shown=is_on.get_boolean()))

    def _on_chat_notify_change_state(self, _action: Gio.SimpleAction, is_on: GLib.Variant) -> None:
        self._choose(replace(self._choice, notifies=is_on.get_boolean()))

    def _on_chat_paths_chosen(self, _chat: ChatPane, paths: ChatPaths) -> None:
        self._choose(replace(self._choice, name_path=paths.name, text_path=paths.text))

    # The session

    def _on_session_changed(self, session: SessionAdapter) -> None:
        if self._shown_for != (self._address, session.profile.record):
            self._shown_for = self._address, session.profile.record
            self._name = ""
            self._show_choice()
        self._show_room()

    def _on_session_grown(self, session: SessionAdapter) -> None:
        if session.recording is not self._recording:
            self._recording = session.recording
            self._room = RoomState(self._recording)
            self._is_unseen = False
            self._show_choice()
        self._page.chat.chat_list.show_recording(session.recording, session.shown_from)
        self._wake()

    def _on_session_sent(self, _session: SessionAdapter, _number: int) -> None:
        self._is_unseen = False  # one who answers has read
        self._page.chat.chat_list.show_new_from(-1)
        self._page.chat.chat_list.follow()

    def _wake(self) -> None:
        """Read new entries: now, and between frames while there are more."""
        if not self._source and not self._on_idle():
            return
        if not self._source:
            self._source = GLib.idle_add(self._on_idle, priority=GLib.PRIORITY_LOW)

    def _on_idle(self) -> bool:
        room, was_room = self._room, self._room.is_room
        is_known = room.read_count >= MAX_GREETING
        if is_known and not room.is_room and not self._page.is_chat:
            self._source = 0
            return GLib.SOURCE_REMOVE
        if is_known and (self._session.shows_earlier or not room.is_room):
            room.skip()
        state, before = room.state, room.own_name
        for entry in room.advance(_READ_TIME_S):
            self._receive(entry)
        if room.is_room and not was_room:
            self._show_choice()
        if room.state != state:
            self._show_room()
        has_come = not before and room.own_name
        if has_come and self._name and not room.own_name.startswith(self._name):
            self._tasks.start(self._take_name(self._name))  # reconnected under the former name
        if room.is_current:
            self._source = 0
        return not room.is_current

    def _show_room(self) -> None:
        chat, room, is_open = self._page.chat, self._room, False
        is_open = self._session.state is ConnectionState.OPEN
        chat.show_room(room.own_name if is_open else "", room.names)
        is_alone = len(room.names) == 1 and room.is_quiet and self._is_local
        chat.show_alone(is_alone=is_open and is_alone)
        chat.show_shared(is_shared=bool(self._local_chat.shared_urls))

    # New messages

    def _receive(self, entry: Entry) -> None:
        """Mark a message of somebody else as new if nobody sees it."""
        is_late = self._is_seen and entry.time < self._seen_at  # it came unseen, and is read now
        is_seen = self._is_seen and not is_late
        if is_seen or not self._page.is_chat or entry.time < self._opened_at:
            return
        if is_late:
            if not self._page.chat.chat_list.has_new:
                self._page.chat.chat_list.show_new_from(entry.number)
            return
        if not self._is_unseen:
            self._is_unseen = True
            self._page.chat.chat_list.show_new_from(entry.number)
        speech = self._page.chat.chat_list.speech(entry.number)
        if self._notifies and speech.is_bubble:
            self._notifier.tell(speech.sender or _("New message"), speech.text)

    @property
    def _is_seen(self) -> bool:
        root = self._page.get_root()
        is_active = isinstance(root, Gtk.Window) and root.is_active()
        return is_active and self._page.get_mapped()

    def _see(self) -> None:
        if self._is_seen:
            self._seen_at = time.time()
            self._is_unseen = False
            self._notifier.withdraw()

    def _on_chat_map(self, chat: ChatPane) -> None:
        root = chat.get_root()
        if self._root is not root and isinstance(root, Gtk.Window):
            self._root = root
            root.connect("notify::is-active", self._on_root_notify_is_active)
        self._see()

    def _on_root_notify_is_active(self, _root: Gtk.Window, _property: GObject.ParamSpec) -> None:
        self._see()

    # Signals of the page

    def _on_chat_name_chosen(self, _chat: ChatPane, name: str) -> None:
        name = self._name = clean_name(name)
        if not name:
            return
        self._settings_service.settings.nickname = name
        self._settings_service.save()
        if self._is_local:
            self._session.profile = named(self._session.profile, name)
        self._tasks.start(self._take_name(name))

    async def _take_name(self, name: str) -> None:
        with suppress(NotSentError):  # it is used at the next connection
            await self._session.send(encode(TakeName(name)))

    def _on_list_link_chosen(self, _list: ChatList, link: Link) -> None:
        root = self._page.get_root()
        if isinstance(root, Gtk.Window):
            self._tasks.start(offer_link(root, link))

    def _on_list_details_requested(self, _list: ChatList, number: int) -> None:
        turn(self._actions, "chat", False)  # this once
        self._show_chat(is_chat=False)
        self._page.timeline.go_to(number)

    # Sharing

    def _on_sharing_changed(self, is_shared: bool) -> None:
        self._page.chat.show_shared(is_shared=is_shared)

    def _on_sharing_asked(self, remote: str) -> None:
        self._notifier.tell(
            _("Allow {remote} to join?").format(remote=remote),
            _("A computer on this network asks to join."),
        )
