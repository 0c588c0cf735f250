"""Desktop notifications about a chat's messages, while no window of the program is in front."""

from __future__ import annotations

from gi.repository import Gio, GLib, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.ui.handlers import weak_handlers

MAX_TITLE, MAX_BODY = 60, 160  # characters
_DELAY_MS = 300  # messages of this time are one notification
# Desktops read the text as markup or as plain text, and do not say which.
_NO_MARKUP = str.maketrans("<>&", "‹›＆")  # noqa: RUF001


def is_in_front() -> bool:
    """Return whether a window of the program is the desktop's active one."""
    application = Gio.Application.get_default()
    windows = application.get_windows() if isinstance(application, Gtk.Application) else ()
    return any(one.is_active() for one in windows)


@weak_handlers
class Notifier:
    """Sends notifications of one tab, the newest in place of earlier ones."""

    def __init__(self, number: int) -> None:
        """A click on a notification shows the tab with this number."""
        self._number = number
        self._source = 0
        self._newest = ("", "")
        self._is_sent = False

    def tell(self, title: str, body: str) -> None:
        """Notify soon, unless a window is in front then."""
        self._newest = title, body
        if not self._source:
            self._source = GLib.timeout_add(_DELAY_MS, self._on_timeout)

    def withdraw(self) -> None:
        """Remove the notification: the person has seen the tab."""
        application = Gio.Application.get_default()
        if self._is_sent and application is not None:
            application.withdraw_notification(self._id)
        self._is_sent = False

    def close(self) -> None:
        """Notify no more."""
        if self._source:
            GLib.source_remove(self._source)
            self._source = 0
        self.withdraw()

    @property
    def _id(self) -> str:
        return f"chat-{self._number}"

    def _on_timeout(self) -> bool:
        self._source = 0
        application = Gio.Application.get_default()
        if application is not None and not is_in_front():
            application.send_notification(self._id, notification(*self._newest, self._number))
            self._is_sent = True
        return GLib.SOURCE_REMOVE


def notification(title: str, body: str, number: int) -> Gio.Notification:
    """Return a notification with a peer's texts, bounded and safe to show."""
    sent = Gio.Notification.new(safe(title, MAX_TITLE))
    sent.set_body(safe(body, MAX_BODY))
    sent.set_default_action_and_target("app.show-chat", GLib.Variant("x", number))
    return sent


def safe(text: str, most: int) -> str:
    """Return the beginning of a text, on one line and without markup."""
    shown = one_line(text[: most + 1])
    return (shown if len(text) <= most else shown[:most] + "…").translate(_NO_MARKUP)
