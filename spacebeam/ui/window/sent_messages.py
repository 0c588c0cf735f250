"""What was sent to the address of a tab's connection: remembered, recalled, searched, forgotten."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator

from gi.repository import Gio, GLib, Gtk

from spacebeam.decode.preview import size
from spacebeam.library.sent_history import (
    MAX_MESSAGE_SIZE,
    Message,
    SentHistory,
    SentMessage,
    default_folder,
)
from spacebeam.protocol.known_secrets import masked
from spacebeam.protocol.secrets import MASK, without_secrets
from spacebeam.ui.actions import add, enable
from spacebeam.ui.composer.composer import Composer
from spacebeam.ui.composer.history_popover import HistoryPopover
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.tasks import Tasks
from spacebeam.wording.i18n import _

_TOO_LONG = _(
    "The last message is not here: longer ones than {size} are not remembered. "
    "Its row can resend it."
).format(size=size(MAX_MESSAGE_SIZE))
_PRIVATE = _("What a private connection sends is not remembered. Its rows can resend it.")
_SECRET = _(
    "A message with the value of a secret variable is not remembered. Its row can resend it."
)


def _why_left_out(message: Message) -> str:
    if len(message) > MAX_MESSAGE_SIZE:
        return _TOO_LONG
    text = message if isinstance(message, str) else message.decode(errors="replace")
    return _SECRET if masked(text, MASK) != text else ""


@weak_handlers
class SentMessages:
    """The history of the composer's address; none for a private connection.

    `edit` puts a message into the composer, `send` sends one, `save` saves one. Adds the action
    `history`.
    """

    def __init__(
        self,
        session: SessionAdapter,
        composer: Composer,
        popover: HistoryPopover,
        tasks: Tasks,
        actions: Gio.SimpleActionGroup,
        edit: Callable[[Message], object],
        send: Callable[[Message], object],
        save: Callable[[Message], object],
    ) -> None:
        self._session = session
        self._composer = composer
        self._tasks = tasks
        self._actions = actions
        self._edit, self._send, self._save = weakly(edit), weakly(send), weakly(save)
        self._left_out = ""  # why the newest message is not in the history
        self._history: tuple[str, SentHistory] | None = None  # with its address
        self._popover = popover
        self._popover.search = weakly(self._search)
        self._button = Gtk.MenuButton(
            icon_name="document-open-recent-symbolic",
            popover=self._popover,
            direction=Gtk.ArrowType.UP,
        )
        self._button.set_tooltip_text(_("Sent messages (Ctrl+R)"))
        self._button.update_property([Gtk.AccessibleProperty.LABEL], [_("Sent messages")])
        self._button.set_css_classes(["flat"])
        composer.add_tool(self._button)
        composer.recall.read = weakly(self._messages)
        composer.recall.begin = weakly(self._explain)
        add(actions, {"history": self._open})
        self._popover.connect("map", self._on_popover_map)
        self._popover.connect("closed", self._on_popover_closed)
        self._popover.connect("chosen", self._on_popover_chosen)
        self._popover.connect("send-requested", self._on_popover_send_requested)
        self._popover.connect("save-requested", self._on_popover_save_requested)
        self._popover.connect("forget-requested", self._on_popover_forget_requested)
        self._handler = session.connect("changed", self._on_session_changed)
        self._on_session_changed(session)

    def close(self) -> None:
        """Disconnect the signals."""
        self._session.disconnect(self._handler)
        self._popover.popdown()

    def remember(self, message: Message) -> None:
        """Add a message that was sent, as it was typed: with its variables."""
        history = self._of_address()
        self._left_out = _PRIVATE if history is None else _why_left_out(message)
        if history is not None and not self._left_out:
            history.add(message, time.time())

    def _explain(self) -> None:
        """Say why the newest message is not recalled, once."""
        if words := self._left_out:
            self._left_out = ""
            self._composer.activate_action("tab.notify", GLib.Variant("s", words))

    def _messages(self) -> list[Message]:
        history = self._of_address()
        return [] if history is None else history.messages()

    def _search(self, typed: str) -> Iterator[SentMessage | None]:
        history = self._of_address()
        return iter(()) if history is None else history.search(typed)

    def _of_address(self) -> SentHistory | None:
        endpoint = self._session.endpoint
        if endpoint is None or not self._session.profile.record:
            return None
        address = without_secrets(endpoint.url)
        if self._history is None or self._history[0] != address:
            self._history = address, SentHistory(default_folder(), address)
            self._tasks.start(self._take_up(self._history[1]))
        return self._history[1]

    async def _take_up(self, history: SentHistory) -> None:
        """Read what was sent on earlier days and in other windows."""
        if history.is_outdated():
            history.take_up(*await asyncio.to_thread(history.read))
            self._popover.refresh()

    def _open(self) -> None:
        self._button.popup()

    def _on_session_changed(self, _session: SessionAdapter) -> None:
        has_history = self._of_address() is not None
        enable(self._actions, "history", has_history)
        self._button.set_sensitive(has_history)

    def _on_popover_map(self, _popover: HistoryPopover) -> None:
        history = self._of_address()
        if history is not None:
            self._tasks.start(self._take_up(history))

    def _on_popover_closed(self, _popover: HistoryPopover) -> None:
        # Newer versions of GTK give the focus back to the button afterwards.
        GLib.idle_add(weakly(self._composer.focus))

    def _on_popover_chosen(self, _popover: HistoryPopover, message: Message) -> None:
        self._edit(message)

    def _on_popover_send_requested(self, _popover: HistoryPopover, message: Message) -> None:
        self._send(message)

    def _on_popover_save_requested(self, _popover: HistoryPopover, message: Message) -> None:
        self._save(message)

    def _on_popover_forget_requested(self, _popover: HistoryPopover, message: Message) -> None:
        history = self._of_address()
        if history is None:
            return
        try:
            history.remove(message)
        except OSError as error:
            words = _("The message is still in the file of sent messages: {reason}.").format(
                reason=error.strerror
            )
            self._popover.activate_action("tab.notify", GLib.Variant("s", words))
