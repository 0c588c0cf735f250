"""What is done with a tab's timeline: cleared, paused, followed."""

from __future__ import annotations

from collections.abc import Callable

from gi.repository import Adw, Gio, GLib

from spacebeam.ui.actions import add, add_switch
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.wording.i18n import _


@weak_handlers
class TimelineActions:
    """Adds the actions to the tab's group; `notify` shows a short message."""

    def __init__(
        self,
        session: SessionAdapter,
        page: ConversationPage,
        actions: Gio.SimpleActionGroup,
        notify: Callable[[str], Adw.Toast],
    ) -> None:
        self._session = session
        self._page = page
        self._notify = notify
        reactions: dict[str, Callable[[], object]] = {
            "clear": self._clear,
            "show-cleared": session.show_cleared,
            "newest": page.follow,
        }
        add(actions, reactions)
        add_switch(actions, "pause", self._on_pause_change_state)

    def _clear(self) -> None:
        if len(self._session.recording) == self._session.shown_from:
            return
        undo = self._session.clear()
        toast = self._notify(_("Timeline cleared"))
        toast.set_button_label(_("Undo"))
        toast.connect("button-clicked", lambda _toast: undo())

    def _on_pause_change_state(self, action: Gio.SimpleAction, is_on: GLib.Variant) -> None:
        action.set_state(is_on)
        is_paused = is_on.get_boolean()
        self._page.timeline.pause(is_paused=is_paused)
        self._session.show_paused(is_paused=is_paused)
