"""Asks the person in the window to sign in by OAuth."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from weakref import ref

from gi.repository import GLib, Gtk

from spacebeam.session.oauth.values import DeviceCode
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.wording.oauth import return_page

if TYPE_CHECKING:
    from spacebeam.ui.sign_in.sign_in_dialog import SignInDialog


@weak_handlers
class WindowPrompt:
    """Shows a dialog in front of the window that contains `widget`; `cancel` ends the attempt.

    A session holds it, which may outlive the widget for a moment, and does not keep it alive.
    """

    def __init__(self, widget: Gtk.Widget, cancel: Callable[[], None]) -> None:
        self._widget = ref(widget)
        self._cancel = weakly(cancel)
        self._dialog: SignInDialog | None = None

    def open_browser(self, url: str) -> None:
        self._show(url)
        if self._dialog is not None:
            self._dialog.open_browser()

    def show_code(self, code: DeviceCode) -> None:
        self._show(code.url, code)

    def finish(self) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.destroy()

    def page(self, *, has_succeeded: bool) -> str:
        return return_page(has_succeeded=has_succeeded)

    def _show(self, address: str, code: DeviceCode | None = None) -> None:
        # Imported when it is shown: few connections need it.
        from spacebeam.ui.sign_in.sign_in_dialog import SignInDialog

        widget = self._widget()
        window = widget.get_root() if widget is not None else None
        if isinstance(window, Gtk.Window):
            self._dialog = SignInDialog(window, address, code)
            self._dialog.connect("response", self._on_dialog_response)
            self._dialog.present()

    def _on_dialog_response(self, dialog: SignInDialog, _response: str) -> None:
        if self._dialog is not None:
            self._dialog = None
            self._cancel()
            GLib.idle_add(dialog.destroy)  # once it has handled the response itself
