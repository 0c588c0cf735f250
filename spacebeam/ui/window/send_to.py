"""Sends the message of a tab to several open connections, of all windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gi.repository import Gtk

from spacebeam.protocol.lifecycle import ConnectionState
from spacebeam.ui.compat import set_parent
from spacebeam.ui.composer.composer import Composer
from spacebeam.ui.composer.draft import Draft, DraftError
from spacebeam.ui.composer.send_to_dialog import SendToDialog
from spacebeam.ui.composer.sent_row import preview
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.window.sending import Sending
from spacebeam.ui.window.tab import Tab
from spacebeam.ui.window.window import Window
from spacebeam.wording.i18n import _


@dataclass(frozen=True, slots=True)
class Target:
    """An open connection: its tab's name and address, and what sends to it."""

    name: str
    address: str
    sending: Sending


def targets(window: Window) -> list[Target]:
    """Return the open connections of all windows, that of the selected tab first."""
    tabs = [window.tab] if window.tab is not None else []
    tabs += [tab for one in (window, *window.siblings) for tab in one.tabs]
    return [
        Target(_name(tab), tab.whole_title, tab.conversation.sending)
        for tab in dict.fromkeys(tabs)
        if tab.state is ConnectionState.OPEN
    ]


def _name(tab: Tab) -> str:
    """Return the name of a tab as it is shown."""
    root = tab.get_root()
    page = root.tab_view.get_page(tab) if isinstance(root, Window) else None
    return "" if page is None else page.get_title() or ""


@weak_handlers
class SendTo:
    """Asks for the connections, sends, and shows what failed.

    The composer's message stays there unless all chosen connections have taken it.
    """

    def __init__(
        self, parent: Gtk.Window, composer: Composer, targets: Sequence[Target], tasks: Tasks
    ) -> None:
        self._targets = targets
        self._composer = composer
        self._tasks = tasks
        self._draft: Draft | None = None
        self._message: str | bytes = ""  # of the draft, or of its call
        error = "" if targets else _("Not connected: reconnect before sending.")
        try:
            self._draft = composer.draft()
            if self._draft is not None:
                self._message = composer.call_row.single(self._draft)
        except DraftError as caught:
            error = str(caught)
        if self._draft is None or error:
            composer.show_error(error or _("Type a message first."))
            return
        self._dialog = SendToDialog()
        set_parent(self._dialog, parent)
        names = [(target.name, target.address) for target in targets]
        self._dialog.show_message(preview(self._message), names)
        self._dialog.connect("send-requested", self._on_dialog_send_requested)
        self._dialog.present()

    def _on_dialog_send_requested(self, _dialog: SendToDialog, chosen: list[int]) -> None:
        if self._draft is not None:
            self._tasks.start(self._send(self._draft, chosen))

    async def _send(self, draft: Draft, chosen: Sequence[int]) -> None:
        sent = [self._tasks.start(self._send_one(draft, place)) for place in chosen]
        outcomes = [await one for one in sent]
        if any(outcomes):
            failure = next(filter(None, outcomes))
            if not self._dialog.get_mapped():  # nobody has seen it
                self._composer.show_error(failure)
        elif self._is_still_there(draft):
            self._composer.take_draft()

    def _is_still_there(self, draft: Draft) -> bool:
        try:
            return self._composer.draft() == draft
        except DraftError:
            return False

    async def _send_one(self, draft: Draft, place: int) -> str:
        failure = await self._targets[place].sending.deliver_typed(self._message)
        self._dialog.show_outcome(place, failure)
        return failure
