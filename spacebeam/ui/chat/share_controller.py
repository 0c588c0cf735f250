"""Shares the room of this computer, and asks about each computer that wants to join."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from gi.repository import Adw, Gio, Gtk

from spacebeam.server.local_chat import LocalChat
from spacebeam.server.server import ServerError
from spacebeam.ui.chat.share_dialog import ShareDialog
from spacebeam.ui.compat import set_parent
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.recordings.dialogs import answer
from spacebeam.ui.tasks import Tasks
from spacebeam.wording.i18n import _

_ALLOW = "allow"
_ELSEWHERE = _("Another Spacebeam on this computer has opened the room. Share it there.")


@weak_handlers
class ShareController:
    """Presents the dialog for a tab. What the tab shared is no longer shared once it is closed."""

    def __init__(
        self,
        tab: Gtk.Widget,
        local_chat: LocalChat,
        tasks: Tasks,
        on_changed: Callable[[bool], None],
        on_asked: Callable[[str], None],
    ) -> None:
        """`on_changed` hears whether the room is shared, `on_asked` each question to the person."""
        self._tab = tab
        self._local_chat = local_chat
        self._tasks = tasks
        self._on_changed = on_changed
        self._on_asked = on_asked
        self._dialog: ShareDialog | None = None
        self._is_sharer = False
        self._turn = asyncio.Lock()  # one question at a time

    async def close(self) -> None:
        """Close the dialog, and stop what this tab shared."""
        if self._dialog is not None:
            self._dialog.close()
        if self._is_sharer:
            await self._local_chat.stop_sharing()

    def present(self) -> None:
        """Show the dialog."""
        window = self._tab.get_root()
        if not isinstance(window, Gtk.Window):
            return
        if self._dialog is None:
            self._dialog = ShareDialog()
            set_parent(self._dialog, window)
            self._dialog.connect("share-requested", self._on_dialog_share_requested)
            self._dialog.connect("stop-requested", self._on_dialog_stop_requested)
            self._dialog.connect("unrealize", self._on_dialog_unrealize)
        self._dialog.show_shared(self._local_chat.shared_urls)
        if not self._local_chat.is_served_here:
            self._dialog.disable_sharing(_ELSEWHERE)
        self._dialog.present()

    def _show(self) -> None:
        urls = self._local_chat.shared_urls
        self._on_changed(bool(urls))
        if self._dialog is not None:
            self._dialog.show_shared(urls)

    async def _stop(self) -> None:
        self._is_sharer = False
        await self._local_chat.stop_sharing()
        self._show()

    async def _ask(self, remote: str) -> bool:
        """Ask the person whether the computer at an address may join."""
        async with self._turn:
            self._on_asked(remote)
            dialog = Adw.MessageDialog(
                heading=_("Allow {remote} to join?").format(remote=remote),
                body=_("It has the address of the room. It sees nothing until you allow it."),
                modal=True,
            )
            parent = self._window()
            if parent is not None:
                set_parent(dialog, parent)
            dialog.add_response("refuse", _("_Refuse"))
            dialog.add_response(_ALLOW, _("_Allow"))
            dialog.set_close_response("refuse")
            dialog.set_default_response("refuse")
            return await answer(dialog) == _ALLOW

    def _window(self) -> Gtk.Window | None:
        if self._dialog is not None and self._dialog.get_visible():
            return self._dialog
        root = self._tab.get_root()
        if isinstance(root, Gtk.Window):
            return root
        application = Gio.Application.get_default()
        if isinstance(application, Gtk.Application):
            return application.get_active_window()
        return None

    def _on_dialog_share_requested(self, dialog: ShareDialog) -> None:
        try:
            self._local_chat.share(weakly(self._ask))
        except ServerError as error:
            dialog.show_error(str(error))
        else:
            self._is_sharer = True
            self._show()

    def _on_dialog_stop_requested(self, _dialog: ShareDialog) -> None:
        self._tasks.start(self._stop())

    def _on_dialog_unrealize(self, _dialog: ShareDialog) -> None:
        self._dialog = None
