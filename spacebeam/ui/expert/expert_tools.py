"""What a tab offers for the wire on purpose: its actions, and the dialogs behind them.

Made by the tab and told of nothing else; it observes the session.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from gi.repository import Adw, Gio, GLib, Gtk

from spacebeam.net.connection import Connection, ConnectionState
from spacebeam.protocol.raw_frame import RawFrame
from spacebeam.session.outgoing import FragmentedMessage, NotSentError, Ping
from spacebeam.ui.actions import add, enable
from spacebeam.ui.composer.draft import DraftError
from spacebeam.ui.expert.close_dialog import CloseDialog
from spacebeam.ui.expert.close_form import CloseForm
from spacebeam.ui.expert.fragment_sizes import Fragmentation
from spacebeam.ui.expert.fragments_dialog import FragmentsDialog
from spacebeam.ui.expert.frame_editor import FrameEditor
from spacebeam.ui.expert.ping_dialog import PingDialog
from spacebeam.ui.handshake.handshake_window import HandshakeWindow
from spacebeam.ui.handshake.handshakes import Handshakes
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.remembered_dialog import show_over
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.tasks import Tasks

D = TypeVar("D", bound=Adw.Window)
# Those that say something, and can do so only while there is a connection.
Saying = PingDialog | CloseDialog | FragmentsDialog | FrameEditor


class ExpertTools:
    """The expert's tools of one tab, all of whose dialogs are made when they are first wanted."""

    def __init__(
        self, tab: Gtk.Widget, session: SessionAdapter, page: ConversationPage, tasks: Tasks
    ) -> None:
        self._tab = tab
        self._session = session
        self._page = page
        self._tasks = tasks
        self._dialogs: dict[type[Adw.Window], Adw.Window] = {}
        self._handlers: list[tuple[Adw.Window, int]] = []
        self._round_trip: float | None = None
        self._actions = Gio.SimpleActionGroup()
        self._answers = Gio.SimpleAction.new_stateful(
            "answer-pings", None, GLib.Variant.new_boolean(True)
        )
        self._answers.connect("change-state", self._on_answers_change_state)
        self._actions.add_action(self._answers)
        self._add_actions()
        tab.insert_action_group("expert", self._actions)
        self._changed_handler = session.connect("changed", self._on_session_changed)
        self._grown_handler = session.connect("grown", self._on_session_grown)
        self._on_session_changed(session)

    def leave(self) -> None:
        """Let go of everything."""
        self._session.disconnect(self._changed_handler)
        self._session.disconnect(self._grown_handler)
        for dialog, handler in self._handlers:
            dialog.disconnect(handler)
        for dialog in self._dialogs.values():
            dialog.destroy()
        self._handlers.clear()
        self._dialogs.clear()

    def _add_actions(self) -> None:
        reactions: dict[str, Callable[[], object]] = {
            "ping": lambda: self._present(PingDialog),
            "close": lambda: self._present(CloseDialog),
            "fragments": self._present_fragments,
            "frame": lambda: self._present(FrameEditor),
            "handshake": self._present_handshake,
        }
        add(self._actions, reactions)

    # Dialogs

    def _dialog(self, kind: type[D]) -> D:
        """The tab's one dialog of its kind."""
        dialog = self._dialogs.get(kind)
        if not isinstance(dialog, kind):
            dialog = self._dialogs[kind] = kind()
            self._listen(dialog)
        return dialog

    def _listen(self, dialog: Adw.Window) -> None:
        if not isinstance(dialog, Saying):
            return
        reactions: dict[type[Adw.Window], tuple[str, Callable[..., object]]] = {
            PingDialog: ("ping-requested", self._on_ping_requested),
            CloseDialog: ("goodbye-requested", self._on_goodbye_requested),
            FragmentsDialog: ("send-requested", self._on_fragments_requested),
            FrameEditor: ("send-requested", self._on_frame_requested),
        }
        signal, react = reactions[type(dialog)]
        self._handlers.append((dialog, dialog.connect(signal, react)))
        dialog.show_open(self._is_open_for(dialog))

    def _present(self, kind: type[Adw.Window]) -> None:
        show_over(self._dialog(kind), self._tab)

    def _present_fragments(self) -> None:
        dialog = self._dialog(FragmentsDialog)
        length: int | None = None
        fault = "Write a message in the composer first: it is what is sent in fragments."
        try:
            draft = self._page.composer.draft()
        except DraftError as error:
            fault = str(error)
        else:
            if draft is not None:
                message = draft.message
                length = len(message.encode() if isinstance(message, str) else message)
        report = self._connection.report if self._connection else None
        compresses = report is not None and "permessage-deflate" in report.extensions
        dialog.show_message(length, compresses=compresses, fault=fault)
        show_over(dialog, self._tab)

    def _present_handshake(self) -> None:
        kept = self._session.recording.handshakes
        if not kept:
            return
        handshakes = Handshakes(kept, self._connection.report if self._connection else None)
        selected = self._page.timeline.selected
        place = handshakes.newest if selected < 0 else handshakes.place_for(selected)
        window = self._dialog(HandshakeWindow)
        window.show_handshakes(handshakes, place)
        show_over(window, self._tab)

    # What the session says

    @property
    def _connection(self) -> Connection | None:
        return self._session.connection

    def _is_open_for(self, dialog: Saying) -> bool:
        state = self._session.state
        # A close frame is no end to what a raw frame can try.
        return state is ConnectionState.OPEN or (
            state is ConnectionState.CLOSING and isinstance(dialog, FrameEditor)
        )

    def _on_session_changed(self, session: SessionAdapter) -> None:
        self._answers.set_state(GLib.Variant.new_boolean(session.answers_pings))
        for name in ("ping", "close", "fragments", "frame"):
            enable(self._actions, name, session.state is ConnectionState.OPEN)
        self._show_handshakes(len(session.recording.handshakes))
        for dialog in self._dialogs.values():
            if isinstance(dialog, Saying):
                dialog.show_open(self._is_open_for(dialog))
        self._show_notes()

    def _on_session_grown(self, session: SessionAdapter) -> None:
        connection = session.connection
        if connection is not None and connection.round_trip != self._round_trip:
            self._show_notes()

    def _show_notes(self) -> None:
        connection = self._connection
        self._round_trip = None if connection is None else connection.round_trip
        is_over = self._session.state is ConnectionState.CLOSED
        trip = (
            "" if self._round_trip is None or is_over else f"RTT {self._round_trip * 1000:.1f} ms"
        )
        self._page.show_notes(trip, "" if self._session.answers_pings else "Pongs held back")

    def _show_handshakes(self, count: int) -> None:
        """Offer them, or say in the menu that there are none."""
        enable(self._actions, "handshake", count > 0)
        if count:
            self._actions.remove_action("no-handshake")
        elif not self._actions.has_action("no-handshake"):
            self._actions.add_action(Gio.SimpleAction(name="no-handshake", enabled=False))

    # What the person does

    def _on_answers_change_state(self, _action: Gio.SimpleAction, state: GLib.Variant) -> None:
        self._session.answers_pings = state.get_boolean()

    def _on_ping_requested(self, _dialog: PingDialog, payload: bytes) -> None:
        self._tasks.start(self._send_ping(payload))

    async def _send_ping(self, payload: bytes) -> None:
        with suppress(NotSentError):  # the dialog shows that nothing can be sent
            await self._session.session.send(Ping(payload))

    def _on_goodbye_requested(self, _dialog: CloseDialog, asked: CloseForm) -> None:
        self._tasks.start(
            self._session.session.close(asked.code, asked.reason, even_illegal=asked.even_illegal)
        )

    def _on_fragments_requested(self, _dialog: FragmentsDialog, asked: Fragmentation) -> None:
        self._tasks.start(self._send_fragments(asked))

    async def _send_fragments(self, asked: Fragmentation) -> None:
        composer = self._page.composer
        draft = composer.take_draft()
        if draft is None:
            return
        try:
            await self._session.session.send(
                FragmentedMessage(draft.message, tuple(asked.sizes), tuple(asked.pings()))
            )
        except NotSentError as error:
            composer.give_back(draft, f"Not sent. {error}")

    def _on_frame_requested(self, editor: FrameEditor, frame: RawFrame) -> None:
        self._tasks.start(self._send_frame(editor, frame))

    async def _send_frame(self, editor: FrameEditor, frame: RawFrame) -> None:
        try:
            await self._session.session.send(frame)
        except NotSentError as error:
            editor.show_outcome(f"Not sent. {error}")
        else:
            editor.show_outcome(f"Sent: {frame.words()}.")
