"""Repeats a tab's message: asks how, counts, and stops."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from gi.repository import Gio, GLib, Gtk

from spacebeam.library.repeat_settings import RepeatSettings
from spacebeam.net.connection import ConnectionState
from spacebeam.session.repeat import (
    MAX_STALL_S,
    RUNNING_NUMBER,
    RepeatEnd,
    Repeater,
    Repetition,
)
from spacebeam.ui.actions import add, enable
from spacebeam.ui.composer.composer import Composer
from spacebeam.ui.composer.draft import Draft, DraftError
from spacebeam.ui.composer.repeat_bar import RepeatBar
from spacebeam.ui.composer.repeat_popover import RepeatPopover
from spacebeam.ui.composer.sent_row import preview
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.wording.i18n import _
from spacebeam.wording.repeat import repeat_end_words, repeat_words

_COUNT_EVERY_S = 0.1  # not for each of a thousand messages a second


@weak_handlers
class Repeating:
    """One repetition of a tab. Adds the actions `repeat` and `stop-repeating`.

    `remember` adds the message to those that were sent. `resolve` replaces the variables of a text;
    `may_send` asks the person if some are unknown.
    """

    def __init__(
        self,
        session: SessionAdapter,
        composer: Composer,
        popover: RepeatPopover,
        actions: Gio.SimpleActionGroup,
        settings_service: SettingsService,
        tasks: Tasks,
        remember: Callable[[str | bytes], object],
        resolve: Callable[[str], str],
        may_send: Callable[[str], Awaitable[bool]],
    ) -> None:
        self._session = session
        self._composer = composer
        self._actions = actions
        self._settings_service = settings_service
        self._tasks = tasks
        self._remember = weakly(remember)
        self._resolve = weakly(resolve)
        self._may_send = weakly(may_send)
        self._repeater: Repeater | None = None
        self._count_timer: asyncio.TimerHandle | None = None
        self._bar = RepeatBar()
        composer.prepend(self._bar)
        self._popover = popover
        self._button = Gtk.MenuButton(
            icon_name="media-playlist-repeat-symbolic",
            popover=self._popover,
            direction=Gtk.ArrowType.UP,
        )
        self._button.set_tooltip_text(_("Send the message again and again (Alt+R)"))
        self._button.update_property([Gtk.AccessibleProperty.LABEL], [_("Repeat the message")])
        self._button.set_css_classes(["flat"])
        composer.add_tool(self._button)
        add(actions, {"repeat": self._open, "stop-repeating": self._stop})
        self._popover.connect("map", self._on_popover_map)
        self._popover.connect("closed", self._on_popover_closed)
        self._popover.connect("start-requested", self._on_popover_start_requested)
        self._handler = session.connect("changed", self._on_session_changed)
        self._on_session_changed(session)

    def close(self) -> None:
        """Stop, and disconnect the signals."""
        self._session.disconnect(self._handler)
        self._popover.popdown()
        self._stop()

    def _open(self) -> None:
        self._button.popup()

    def _stop(self) -> None:
        """Stop, or hide how it ended."""
        if self._repeater is not None:
            self._repeater.stop()
        self._bar.set_visible(False)

    def _message(self) -> str | bytes | None:
        """Return what the composer has; None for nothing. Raises DraftError."""
        draft, row = self._composer.draft(), self._composer.call_row
        if draft is None and row.has_call:
            draft = Draft("", self._composer.form, "")
        return None if draft is None else row.single(draft)

    def _start(self, settings: RepeatSettings) -> None:
        try:
            message = self._message()
        except DraftError:
            return  # the popover shows it
        if message is None:
            return
        if isinstance(message, str) and "{{" in _numbered(message):
            self._tasks.start(self._ask_and_start(settings, message))
        else:
            self._begin(settings, message)

    async def _ask_and_start(self, settings: RepeatSettings, message: str) -> None:
        if await self._may_send(_numbered(message)):
            self._begin(settings, message)

    def _begin(self, settings: RepeatSettings, message: str | bytes) -> None:
        self._stop()
        self._remember(message)
        self._bar.begin(preview(message))
        times = None if settings.is_endless else settings.times
        self._repeater = Repeater(
            self._session.session,
            Repetition(
                (message,),
                settings.interval_ms / 1000,
                times,
                settings.first_number,
                settings.after_reconnecting,
                self._resolve,
            ),
            weakly(self._show_progress),
        )
        self._show_count()

    def _show_progress(self) -> None:
        if self._repeater is not None and self._repeater.end is not None:
            self._show_end(self._repeater, self._repeater.end)
        elif self._count_timer is None:
            loop = asyncio.get_running_loop()
            self._count_timer = loop.call_later(_COUNT_EVERY_S, weakly(self._show_count))

    def _show_count(self) -> None:
        if self._count_timer is not None:
            self._count_timer.cancel()
            self._count_timer = None
        if self._repeater is not None:
            self._bar.show_count(_words(self._repeater))

    def _show_end(self, repeater: Repeater, end: RepeatEnd) -> None:
        self._repeater = None
        words = f"{_words(repeater)}."
        if end in (RepeatEnd.LOST, RepeatEnd.STALLED):
            why = repeat_end_words(MAX_STALL_S if end is RepeatEnd.STALLED else None)
            words = f"{why} {words}"
        self._bar.show_end(words)

    def _on_session_changed(self, session: SessionAdapter) -> None:
        is_open = session.state is ConnectionState.OPEN
        enable(self._actions, "repeat", is_open)
        self._button.set_sensitive(is_open)

    def _on_popover_map(self, popover: RepeatPopover) -> None:
        popover.show_settings(self._settings_service.settings.repeat)
        try:
            popover.show_message(self._message())
        except DraftError as error:
            popover.show_message(None, str(error))

    def _on_popover_closed(self, _popover: RepeatPopover) -> None:
        # Newer versions of GTK give the focus back to the button afterwards.
        GLib.idle_add(weakly(self._composer.focus))

    def _on_popover_start_requested(
        self, _popover: RepeatPopover, settings: RepeatSettings
    ) -> None:
        self._settings_service.set_repeat(settings)
        self._start(settings)


def _words(repeater: Repeater) -> str:
    return repeat_words(repeater.sent, repeater.repetition.times, repeater.skipped)


def _numbered(text: str) -> str:
    """Return a text with a number in place of the running one."""
    return text.replace(RUNNING_NUMBER, "1")
