"""The expert tools of a tab: actions, their dialogs, and what the dialogs send."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TypeVar

from gi.repository import Adw, Gio, GLib, Gtk

from spacebeam.net.connection import Connection, ConnectionState
from spacebeam.net.events import RawFrameSent
from spacebeam.protocol.raw_frame import RawFrame
from spacebeam.session.outgoing import FragmentedMessage, NotSentError, Ping
from spacebeam.ui.actions import add, enable, insert
from spacebeam.ui.composer.draft import DraftError
from spacebeam.ui.expert.close_dialog import CloseDialog
from spacebeam.ui.expert.close_form import CloseForm
from spacebeam.ui.expert.fragment_sizes import Fragmentation
from spacebeam.ui.expert.fragments_dialog import FragmentsDialog
from spacebeam.ui.expert.frame_editor import FrameEditor
from spacebeam.ui.expert.ping_dialog import PingDialog
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.handshake.handshake_window import Handshakes, HandshakeWindow
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.remembered_dialog import show_over
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.tasks import Tasks
from spacebeam.wording.closing import not_sent_words
from spacebeam.wording.events import frame_words
from spacebeam.wording.i18n import _

D = TypeVar("D", bound=Adw.Window)
SendingDialog = PingDialog | CloseDialog | FragmentsDialog | FrameEditor

_SENDING_ACTIONS = ("ping", "close", "fragments", "frame")


@weak_handlers
class ExpertTools:
    """The actions `expert.*` of one tab; a dialog is created when it is first shown."""

    def __init__(
        self, tab: Gtk.Widget, session: SessionAdapter, page: ConversationPage, tasks: Tasks
    ) -> None:
        self._tab = tab
        self._session = session
        self._page = page
        self._tasks = tasks
        self._dialogs: dict[type[Adw.Window], Adw.Window] = {}
        self._dialog_handlers: list[tuple[Adw.Window, int]] = []
        self._actions = Gio.SimpleActionGroup()
        self._answers_pings = self._add_actions()
        insert(tab, "expert", self._actions)
        self._session_handler = session.connect("changed", self._on_session_changed)
        self._on_session_changed(session)

    def close(self) -> None:
        """Disconnect all signals and destroy the dialogs."""
        self._session.disconnect(self._session_handler)
        for dialog, handler in self._dialog_handlers:
            dialog.disconnect(handler)
        for dialog in self._dialogs.values():
            dialog.destroy()
        self._dialog_handlers.clear()
        self._dialogs.clear()

    def _add_actions(self) -> Gio.SimpleAction:
        handlers: dict[str, Callable[[], object]] = {
            "ping": partial(self._present, PingDialog),
            "close": partial(self._present, CloseDialog),
            "fragments": self._present_fragments_dialog,
            "frame": partial(self._present, FrameEditor),
            "handshake": self._present_handshake_window,
        }
        add(self._actions, handlers)
        answers_pings = Gio.SimpleAction.new_stateful(
            "answer-pings", None, GLib.Variant.new_boolean(True)
        )
        answers_pings.connect("change-state", self._on_answers_pings_change_state)
        self._actions.add_action(answers_pings)
        return answers_pings

    # Dialogs

    def _dialog(self, kind: type[D]) -> D:
        """Return the tab's dialog of a class, and create it if need be."""
        dialog = self._dialogs.get(kind)
        if not isinstance(dialog, kind):
            dialog = self._dialogs[kind] = kind()
            if isinstance(dialog, SendingDialog):
                self._connect_dialog(dialog)
        return dialog

    def _connect_dialog(self, dialog: SendingDialog) -> None:
        handlers: dict[type[Adw.Window], tuple[str, Callable[..., object]]] = {
            PingDialog: ("ping-requested", self._on_ping_requested),
            CloseDialog: ("disconnect-requested", self._on_disconnect_requested),
            FragmentsDialog: ("send-requested", self._on_fragments_requested),
            FrameEditor: ("send-requested", self._on_frame_requested),
        }
        signal, handler = handlers[type(dialog)]
        self._dialog_handlers.append((dialog, dialog.connect(signal, handler)))
        dialog.show_open(self._can_send(dialog))

    def _present(self, kind: type[Adw.Window]) -> None:
        show_over(self._dialog(kind), self._tab)

    def _present_fragments_dialog(self) -> None:
        dialog = self._dialog(FragmentsDialog)
        length: int | None = None
        error = ""
        try:
            draft = self._page.composer.draft()
        except DraftError as caught:
            error = str(caught)
        else:
            if draft is not None:
                message = draft.message
                length = len(message.encode() if isinstance(message, str) else message)
        report = self._connection.report if self._connection else None
        compresses = report is not None and "permessage-deflate" in report.extensions
        dialog.show_message(length, compresses=compresses, error=error)
        show_over(dialog, self._tab)

    def _present_handshake_window(self) -> None:
        recorded = self._session.recording.handshakes
        if not recorded:
            return
        handshakes = Handshakes(recorded)
        selected = self._page.timeline.selected
        position = handshakes.newest if selected < 0 else handshakes.position_for(selected)
        window = self._dialog(HandshakeWindow)
        window.show_handshakes(handshakes, position)
        show_over(window, self._tab)

    # The connection's state

    @property
    def _connection(self) -> Connection | None:
        return self._session.connection

    def _can_send(self, dialog: SendingDialog) -> bool:
        state = self._session.state
        # A raw frame can be sent after a close frame too.
        return state is ConnectionState.OPEN or (
            state is ConnectionState.CLOSING and isinstance(dialog, FrameEditor)
        )

    def _enable_handshake(self, is_enabled: bool) -> None:
        """Show either the enabled item Handshake in the menu, or one that says there is none."""
        enable(self._actions, "handshake", is_enabled)
        if is_enabled:
            self._actions.remove_action("no-handshake")
        elif not self._actions.has_action("no-handshake"):
            self._actions.add_action(Gio.SimpleAction(name="no-handshake", enabled=False))

    def _on_session_changed(self, session: SessionAdapter) -> None:
        self._answers_pings.set_state(GLib.Variant.new_boolean(session.answers_pings))
        for name in _SENDING_ACTIONS:
            enable(self._actions, name, session.state is ConnectionState.OPEN)
        self._enable_handshake(bool(session.recording.handshakes))
        for dialog in self._dialogs.values():
            if isinstance(dialog, SendingDialog):
                dialog.show_open(self._can_send(dialog))

    # Sending

    def _on_answers_pings_change_state(
        self, _action: Gio.SimpleAction, state: GLib.Variant
    ) -> None:
        self._session.answers_pings = state.get_boolean()

    def _on_ping_requested(self, _dialog: PingDialog, payload: bytes) -> None:
        self._tasks.start(self._send_ping(payload))

    async def _send_ping(self, payload: bytes) -> None:
        with suppress(NotSentError):  # the dialog shows that nothing can be sent
            await self._session.send(Ping(payload))

    def _on_disconnect_requested(self, _dialog: CloseDialog, form: CloseForm) -> None:
        self._tasks.start(
            self._session.session.close(form.code, form.reason, even_illegal=form.even_illegal)
        )

    def _on_fragments_requested(
        self, _dialog: FragmentsDialog, fragmentation: Fragmentation
    ) -> None:
        self._tasks.start(self._send_fragments(fragmentation))

    async def _send_fragments(self, fragmentation: Fragmentation) -> None:
        composer = self._page.composer
        draft = composer.take_draft()
        if draft is None:
            return
        try:
            sizes, pings = tuple(fragmentation.sizes), tuple(fragmentation.pings())
            await self._session.send(FragmentedMessage(draft.message, sizes, pings))
        except NotSentError as error:
            composer.give_back(draft, not_sent_words(has_ended=error.has_ended))

    def _on_frame_requested(self, editor: FrameEditor, frame: RawFrame) -> None:
        self._tasks.start(self._send_frame(editor, frame))

    async def _send_frame(self, editor: FrameEditor, frame: RawFrame) -> None:
        try:
            await self._session.send(frame)
        except NotSentError as error:
            editor.show_outcome(not_sent_words(has_ended=error.has_ended))
        else:
            editor.show_outcome(
                _("Sent: {frame}.").format(frame=frame_words(RawFrameSent.of(frame)))
            )
