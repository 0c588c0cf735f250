"""What a tab does for its composer: attaches files, and shows it the conversation."""

from __future__ import annotations

from gi.repository import Gio

from spacebeam.ui.composer.conversation_feed import ConversationFeed
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.window.attaching import Attaching


class ComposerController:
    """The services of one composer."""

    def __init__(
        self,
        session: SessionAdapter,
        page: ConversationPage,
        settings_service: SettingsService,
        tasks: Tasks,
        actions: Gio.SimpleActionGroup,
    ) -> None:
        self.attaching = Attaching(session, page.composer, tasks, actions)
        self._feed = ConversationFeed(session, page.composer)
        self._settings_service = settings_service

    def close(self) -> None:
        """Disconnect the signals."""
        self._feed.close()
