"""The window with the recordings, as a test has it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from spacebeam.ui.recordings.recordings_window import RecordingsWindow
from spacebeam.ui.settings_service import SettingsService
from tests.support.waiting import eventually
from tests.ui.doing import presented


@contextlib.asynccontextmanager
async def opened(keeper: SettingsService) -> AsyncIterator[RecordingsWindow]:
    async with presented(RecordingsWindow(keeper)) as window:
        await eventually(lambda: not window.is_loading)
        yield window
    await eventually(lambda: not window._tasks.are_running)


def names(window: RecordingsWindow) -> list[str]:
    return [kept.name for kept in window._store.every]


def act(window: RecordingsWindow, name: str, place: int = 1) -> None:
    """Do something to the recording at this place."""
    window._list._selection.set_selected(place)
    assert window._recording_actions.get_action_enabled(name)
    window._recording_actions.activate_action(name, None)
