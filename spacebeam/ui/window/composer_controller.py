"""What a tab does for its composer: attaches files, shows it the conversation and its protocol."""

from __future__ import annotations

from gi.repository import Gio

from spacebeam.ui.composer.conversation_feed import ConversationFeed
from spacebeam.ui.composer.height_handle import HeightHandle
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.window.attaching import Attaching
from spacebeam.wording.speaking import refused_words


@weak_handlers
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
        self._page = page
        self._told_refusal = ""
        self._feed = ConversationFeed(session, page.composer, self._is_chat)
        self._handle = page.composer.height_handle
        self._settings_service = settings_service
        self._handlers = (
            (settings_service, settings_service.connect("changed", self._on_settings_changed)),
            (session, session.connect("changed", self._on_session_changed)),
            (self._handle, self._handle.connect("height-chosen", self._on_handle_height_chosen)),
        )
        self._on_settings_changed(settings_service)
        self._on_session_changed(session)

    def close(self) -> None:
        """Disconnect the signals."""
        self._feed.close()
        for sender, handler in self._handlers:
            sender.disconnect(handler)

    def _is_chat(self) -> bool:
        return self._page.is_chat

    def _on_session_changed(self, session: SessionAdapter) -> None:
        """Show the spoken protocol, and once why the server refuses it."""
        speech, composer = session.session.speech, self._page.composer
        composer.call_row.show_speech(speech)
        refusal, self._told_refusal = self._told_refusal, speech.refusal
        if speech.refusal and speech.refusal != refusal and speech.speaker is not None:
            composer.show_error(refused_words(speech.speaker.name, speech.refusal))

    def _on_settings_changed(self, settings_service: SettingsService) -> None:
        self._handle.show_height(settings_service.settings.composer_height)

    def _on_handle_height_chosen(self, _handle: HeightHandle, height: int) -> None:
        self._settings_service.settings.composer_height = height
        self._settings_service.save()
