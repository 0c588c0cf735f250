"""Sends a tab's messages, again too, and shows what was sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from gi.repository import Adw, Gio, Gtk

from spacebeam.decode.preview import size
from spacebeam.profiles.collection import SavedMessage
from spacebeam.profiles.prepared import MessageError
from spacebeam.profiles.variables import TooLongError
from spacebeam.protocol.batch import Kind
from spacebeam.recording.errors import RecordingError
from spacebeam.search.decoding import connection_of
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse
from spacebeam.session.outgoing import NotSentError
from spacebeam.ui.actions import add, enable
from spacebeam.ui.composer.composer import Composer
from spacebeam.ui.composer.draft import Draft
from spacebeam.ui.composer.draft_error import DraftError
from spacebeam.ui.connections.tab_connection import TabConnection
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.window.conversation_parts import ConversationParts
from spacebeam.ui.window.repeating import Repeating
from spacebeam.ui.window.saved_messages import SavedMessages
from spacebeam.ui.window.sent_messages import SentMessages
from spacebeam.wording.closing import not_sent_words
from spacebeam.wording.events import event_words
from spacebeam.wording.i18n import _

_SHOW_SENDING_AFTER_S = 0.5
_MAX_EDITED = 256 * 1024  # characters or bytes of a message that is put into the composer


_PREPARE_S = 0.004  # to learn whether the filter shows a message


@weak_handlers
class Sending:
    """Sends drafts, sends entries again, and scrolls to what was sent.

    `notify` shows a short message, such as when the filter or a pause hides a sent message. The
    actions `resend` and `edit-and-resend` are added to the tab's group `actions`.
    """

    def __init__(
        self,
        session: SessionAdapter,
        parts: ConversationParts,
        tasks: Tasks,
        actions: Gio.SimpleActionGroup,
        notify: Callable[[str], Adw.Toast],
        settings_service: SettingsService,
        connection: TabConnection,
    ) -> None:
        self._session = session
        self._page = page = parts.page
        self._tasks = tasks
        self._notify = notify
        self._toast: Adw.Toast | None = None  # about the newest hidden message
        self._hidden_by = ("", False)  # the filter and the pause that hide it
        self._actions = actions
        add(actions, {"resend": self._resend, "edit-and-resend": self._edit_and_resend})
        add(actions, {"save-entry": self._save_entry})
        self._enable_actions(-1)
        self._sent_messages = SentMessages(
            session,
            page.composer,
            parts.history_popover,
            tasks,
            actions,
            self._edit,
            self._start_sending_typed,
            self._save_message,
        )
        self._connection = connection
        page.composer.encoding.expand = weakly(self._expanded)
        self._saved_messages = SavedMessages(
            page.composer,
            parts.messages_popover,
            connection,
            tasks,
            actions,
            self._start_sending_saved,
            notify,
        )
        self._repeating = Repeating(
            session,
            page.composer,
            parts.repeat_popover,
            actions,
            settings_service,
            tasks,
            self._sent_messages.remember,
            self._resolved_again,
            self._may_repeat,
        )
        self._handlers = (
            (page.timeline, page.timeline.connect("entry-selected", self._on_entry_selected)),
            (session, session.connect("sent", self._on_session_sent)),
            (page.timeline, page.timeline.connect("shown", self._on_timeline_shown)),
        )

    def close(self) -> None:
        """Disconnect the signals."""
        for sender, handler in self._handlers:
            sender.disconnect(handler)
        self._sent_messages.close()
        self._saved_messages.close()
        self._repeating.close()

    async def send(self, draft: Draft) -> None:
        """Send a draft, or return it to the composer with the reason."""
        composer = self._page.composer
        loop = asyncio.get_running_loop()
        words = _("Sending {size}…").format(size=size(len(draft.message)))
        timer = loop.call_later(_SHOW_SENDING_AFTER_S, composer.show_sending, words)
        try:
            is_file = draft.file_name is not None
            message = draft.message if is_file else await self._resolved(draft.message)
            if message is None:
                composer.give_back(draft, "")
                return
            payloads = await self._payloads(draft, message)
            for payload in payloads:
                await self._session.send(payload)
            if len(payloads) == 1:  # attachments mean nothing by themselves
                is_as_typed = payloads[0] == message
                self._sent_messages.remember(draft.message if is_as_typed else payloads[0])
            if is_file:
                composer.attachment_row.finish()
        except NotSentError as error:
            composer.give_back(draft, not_sent_words(has_ended=error.has_ended))
        except DraftError as error:
            composer.give_back(draft, str(error))
        finally:
            timer.cancel()
            composer.show_sending("")

    async def _payloads(self, draft: Draft, message: str | bytes) -> tuple[str | bytes, ...]:
        """Return a message as the call that the person chose. Raises DraftError."""
        row = self._page.composer.call_row
        name = row.name if row.verb is not None else ""
        resolved = await self._resolved(name)
        return row.payloads(draft, message, resolved if isinstance(resolved, str) else name)

    @property
    def composer(self) -> Composer:
        """The composer, whose message may be sent elsewhere too."""
        return self._page.composer

    async def _resolved(self, message: str | bytes) -> str | bytes | None:
        """Return a typed message with its variables replaced; None if the person cancels.

        Some may be unknown: then it is asked.
        """
        if not isinstance(message, str) or "{{" not in message:
            return message
        try:
            found, unknown = self._connection.variables.message(message)
        except TooLongError:
            self._notify(_("Not sent: the variables become too long."))
            return None
        return found if await self._may_send(unknown) else None

    def _expanded(self, text: str) -> tuple[str, tuple[str, ...]]:
        """Return a text with its variables replaced, and the names that have no value."""
        with suppress(TooLongError):
            return self._connection.variables.message(text)
        return text, ()

    def _resolved_again(self, text: str) -> str:
        """Return a text that is repeated with its variables replaced, as they are now."""
        with suppress(TooLongError):
            return self._connection.variables.message(text)[0]
        return text

    async def _may_repeat(self, text: str) -> bool:
        return await self._resolved(text) is not None

    async def _may_send(self, unknown: tuple[str, ...]) -> bool:
        """Ask whether to send although variables are unknown; return whether to send."""
        window = self._page.get_root()
        if not unknown or not isinstance(window, Gtk.Window):
            return not unknown
        from spacebeam.ui.messages.dialogs import confirm_unknown

        return await confirm_unknown(window, unknown)

    def _start_sending_saved(self, message: SavedMessage) -> None:
        self._tasks.start(self._send_saved(message))

    async def _send_saved(self, message: SavedMessage) -> None:
        try:
            payload, unknown = self._connection.variables.saved_message(message)
        except MessageError as error:
            from spacebeam.wording.variables import message_words

            self._notify(_("Not sent. {words}").format(words=message_words(error)))
        except TooLongError:
            self._notify(_("Not sent: the variables become too long."))
        else:
            if await self._may_send(unknown):
                await self._send_again(payload)

    def _save_entry(self) -> None:
        message = self._selected_message()
        if message is not None:
            self._save_message(message)

    def _save_message(self, message: str | bytes) -> None:
        self._saved_messages.save(message)

    async def deliver_typed(self, message: str | bytes) -> str:
        """Send a message of another composer with this connection's variables, as `deliver`."""
        resolved = await self._resolved(message)
        return _("Not sent.") if resolved is None else await self._deliver(resolved, message)

    async def deliver(self, message: str | bytes) -> str:
        """Send a message that another composer may have; return why it was not sent, or ""."""
        return await self._deliver(message, message)

    async def _deliver(self, message: str | bytes, typed: str | bytes) -> str:
        try:
            await self._session.send(message)
        except NotSentError as error:
            return not_sent_words(has_ended=error.has_ended)
        self._sent_messages.remember(typed)
        return ""

    # Sending again

    def _enable_actions(self, number: int) -> None:
        is_message = number >= 0 and self._kind(number) in (Kind.TEXT, Kind.BINARY)
        for name in ("resend", "edit-and-resend", "save-entry"):
            enable(self._actions, name, is_message)

    def _kind(self, number: int) -> Kind | None:
        with suppress(RecordingError, IndexError):
            return self._session.recording.entry(number, 1).kind  # not all of a long payload
        return None

    def _on_entry_selected(self, _timeline: Gtk.Widget, number: int) -> None:
        self._enable_actions(number)

    def _resend(self) -> None:
        message = self._selected_message()
        if message is not None:
            self._start_sending_again(message)

    def _start_sending_again(self, message: str | bytes) -> None:
        self._tasks.start(self._send_again(message))

    async def _send_again(self, message: str | bytes) -> None:
        self._notify_failure(await self.deliver(message))

    def _start_sending_typed(self, message: str | bytes) -> None:
        self._tasks.start(self._send_typed(message))

    async def _send_typed(self, message: str | bytes) -> None:
        self._notify_failure(await self.deliver_typed(message))

    def _notify_failure(self, failure: str) -> None:
        if failure:
            self._notify(failure)

    def _edit_and_resend(self) -> None:
        message = self._selected_message()
        if message is not None:
            self._edit(message)

    def _edit(self, message: str | bytes) -> None:
        """Put a message into the composer, if a text field can hold it."""
        if len(message) > _MAX_EDITED:
            self._notify(_("This message is too long to be edited; Resend sends it as it is."))
        else:
            self._page.composer.edit(message)
            self._page.composer.focus()

    def _selected_message(self) -> str | bytes | None:
        """Return the selected entry's message; None, with a notice, if it cannot be sent again."""
        entry = self._page.selected_entry()
        if entry is None:
            return None
        if entry.kind is not Kind.TEXT:
            return bytes(entry.payload)
        try:
            return bytes(entry.payload).decode()
        except UnicodeDecodeError:
            self._notify(_("This text is not UTF-8; only a raw frame (Ctrl+E) can send it."))
            return None

    # What was sent

    def _on_session_sent(self, _session: SessionAdapter, number: int) -> None:
        self._dismiss()
        if self._is_filtered_out(number):
            self._tell(_("Sent; the filter hides it"), _("Show"), lambda: self._show(number))
        elif self._page.timeline.is_paused:
            self._tell(_("Sent while paused"), _("Resume"), self._resume)
        else:
            self._page.timeline.follow()

    def _is_filtered_out(self, number: int) -> bool:
        wanted, recording = parse(self._page.filter_bar.text), self._session.recording
        if not wanted.terms:
            return False
        pairs, connection = self._page.timeline.wanted.pairs(recording), connection_of(recording)
        matcher = Matcher(wanted, recording.stars, event_words, connection=connection, pairs=pairs)
        matcher.prepare(len(recording), _PREPARE_S)
        try:
            block = recording.block(recording.block_index(number))
        except (RecordingError, IndexError):
            return False  # the timeline shows the error, or the entry was discarded
        place = number - block.first
        shown, _hidden, stop = matcher.quick_masks(block, place, place + 1)
        return stop > place and not shown[0]

    def _on_timeline_shown(self, _timeline: Gtk.Widget) -> None:
        if self._toast is not None and self._hidden_by != self._hiding:
            self._dismiss()

    @property
    def _hiding(self) -> tuple[str, bool]:
        return self._page.filter_bar.text, self._page.timeline.is_paused

    def _dismiss(self) -> None:
        if self._toast is not None:
            self._toast.dismiss()
            self._toast = None

    def _tell(self, words: str, label: str, react: Callable[[], object]) -> None:
        self._hidden_by = self._hiding
        toast = self._toast = self._notify(words)
        toast.set_button_label(label)
        toast.connect("button-clicked", lambda _toast: react())

    def _show(self, number: int) -> None:
        self._page.filter_bar.close()
        self._resume()
        self._page.timeline.scroll_to(number, is_jump=True)

    def _resume(self) -> None:
        if self._page.timeline.is_paused:
            self._page.activate_action("tab.pause", None)
        self._page.timeline.follow()
