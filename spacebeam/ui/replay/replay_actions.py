"""Plays a tab's conversation again, or what its filter shows of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gi.repository import Adw, Gio, Gtk

from spacebeam.recording.errors import RecordingError
from spacebeam.ui.actions import add
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.recordings.file_actions import RecordingFileActions
from spacebeam.ui.search.search_controller import SearchController
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.timeline.chosen_entries import shown_entries
from spacebeam.wording.i18n import _
from spacebeam.wording.recordings import recording_error_words

if TYPE_CHECKING:
    from spacebeam.scenario.replay.script import Turn


@weak_handlers
class ReplayActions:
    """Adds the actions `replay` and `play-as-server` to a tab's group."""

    def __init__(
        self,
        session: SessionAdapter,
        page: ConversationPage,
        search_controller: SearchController,
        file_actions: RecordingFileActions,
        settings_service: SettingsService,
        tasks: Tasks,
        actions: Gio.SimpleActionGroup,
        notify: Callable[[str], Adw.Toast],
    ) -> None:
        self._session = session
        self._page = page
        self._search_controller = search_controller
        self._file_actions = file_actions
        self._settings_service = settings_service
        self._tasks = tasks
        self._notify = notify
        add(actions, {"replay": self._start_replay, "play-as-server": self._start_serving})

    def _start_replay(self) -> None:
        self._tasks.start(self._replay())

    def _start_serving(self) -> None:
        self._tasks.start(self._serve())

    async def _replay(self) -> None:
        from spacebeam.ui.replay.replay_windows import ReplayedRecording, open_replay

        matcher = self._search_controller.shown_matcher
        script = await self._script()
        application = self._application
        if script is None or application is None:
            return
        if not any(turn.sent for turn in script):
            self._notify(_("No sent message is shown; a replay sends them again"))
            return
        session = self._session
        address = "" if session.endpoint is None else session.endpoint.url
        name = self._file_actions.shown_name
        played = ReplayedRecording(name, address, session.profile, script, matcher)
        open_replay(application, self._settings_service, played)

    async def _serve(self) -> None:
        from spacebeam.ui.replay.replay_windows import open_server  # when it is wanted

        script = await self._script()
        application = self._application
        if script is None or application is None:
            return
        if not any(turn.answers for turn in script):
            self._notify(_("No received message is shown; the server says what was received"))
            return
        open_server(application, self._file_actions.shown_name, script)

    @property
    def _application(self) -> Gtk.Application | None:
        root = self._page.get_root()
        return root.get_application() if isinstance(root, Gtk.Window) else None

    async def _script(self) -> list[Turn] | None:
        """Return what is shown as a script; say why there is none."""
        from spacebeam.ui.replay.recorded_script import (  # when it is wanted
            TOO_MUCH,
            TooMuchError,
            script_of_entries,
        )

        try:
            entries = await shown_entries(self._page.timeline, self._session.recording)
            return await script_of_entries(entries)
        except RecordingError as error:
            self._notify(recording_error_words(error))
        except TooMuchError:
            self._notify(TOO_MUCH)
        return None
