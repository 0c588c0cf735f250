"""Makes a scenario of a tab's selected entries, or of what its filter shows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence

from gi.repository import Adw, Gio, Gtk

from spacebeam.decode.preview import size
from spacebeam.protocol.batch import Kind
from spacebeam.recording.block import Block
from spacebeam.recording.errors import RecordingError
from spacebeam.search.selected import Chunk
from spacebeam.ui.actions import add, enable
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.recordings.file_actions import RecordingFileActions
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.timeline.chosen_entries import (
    selected_count,
    selected_entries,
    shown_entries,
)
from spacebeam.wording.i18n import _
from spacebeam.wording.recordings import recording_error_words

_MESSAGES = (Kind.TEXT, Kind.BINARY)
_MAX_BYTES = 8 * 1024 * 1024  # of payloads
_PAUSE_AFTER = 16  # chunks


@weak_handlers
class ScenarioActions:
    """Adds the actions `make-scenario` and `make-scenario-selected` to a tab's group."""

    def __init__(
        self,
        session: SessionAdapter,
        page: ConversationPage,
        file_actions: RecordingFileActions,
        settings_service: SettingsService,
        tasks: Tasks,
        actions: Gio.SimpleActionGroup,
        notify: Callable[[str], Adw.Toast],
    ) -> None:
        self._session = session
        self._page = page
        self._file_actions = file_actions
        self._settings_service = settings_service
        self._tasks = tasks
        self._actions = actions
        self._notify = notify
        add(
            actions,
            {
                "make-scenario": self._make_of_shown,
                "make-scenario-selected": self._make_of_selected,
            },
        )
        self._handlers = [
            page.timeline.connect("entry-selected", self._on_timeline_selected),
            page.timeline.connect("several-selected", self._on_timeline_selected),
        ]
        enable(actions, "make-scenario-selected", False)

    def close(self) -> None:
        """Disconnect the signals."""
        for handler in self._handlers:
            self._page.timeline.disconnect(handler)

    def _on_timeline_selected(self, timeline: Gtk.Widget, _number: int) -> None:
        enable(self._actions, "make-scenario-selected", selected_count(self._page.timeline) > 0)

    def _make_of_selected(self) -> None:
        if selected_count(self._page.timeline):
            self._tasks.start(self._make(selected_entries(self._page.timeline)))

    def _make_of_shown(self) -> None:
        self._tasks.start(self._make(None))

    async def _make(self, entries: Iterator[Chunk] | None) -> None:
        """Open a window with the scenario of some entries, or of those that are shown."""
        from spacebeam.ui.scenario.making import MAX_MESSAGES, scenario_text  # when it is wanted
        from spacebeam.ui.scenario.scenario_windows import open_text

        root, recording = self._page.get_root(), self._session.recording
        application = root.get_application() if isinstance(root, Gtk.Window) else None
        if application is None:
            return
        try:
            if entries is None:
                entries = await shown_entries(self._page.timeline, recording)
            found = await _read(entries, MAX_MESSAGES)
        except RecordingError as error:
            self._notify(recording_error_words(error))
            return
        if found is None:
            self._notify(
                _(
                    "A scenario is made of at most {count:,} messages, {size}: select fewer entries"
                ).format(count=MAX_MESSAGES, size=size(_MAX_BYTES))
            )
            return
        name = self._file_actions.shown_name
        made = await asyncio.to_thread(scenario_text, recording, found, name)
        if made.text:
            await open_text(application, self._settings_service, made.text, name, made.losses)
        else:
            self._notify(_("There is no text or binary message to make a scenario of"))


async def _read(entries: Iterator[Chunk], most: int) -> list[tuple[Block, Sequence[int]]] | None:
    """Return the entries; None if they are too many."""
    found: list[tuple[Block, Sequence[int]]] = []
    messages = length = 0
    for count, (block, places, bytes_) in enumerate(entries, 1):
        found.append((block, places))
        messages += sum(block.kinds[place] in _MESSAGES for place in places)
        length += bytes_
        if messages > most or length > _MAX_BYTES:
            return None
        if count % _PAUSE_AFTER == 0:
            await asyncio.sleep(0)
    return found
