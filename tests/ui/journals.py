"""What a journal left in files, for the tests that look there."""

from __future__ import annotations

from pathlib import Path

from spacebeam.recording.file import is_being_written
from spacebeam.recording.recording import Recording
from spacebeam.ui.settings_service import SettingsService
from tests.support.batches import numbered, received
from tests.support.waiting import eventually
from tests.ui.floods import SIZE


def files(keeper: SettingsService) -> list[Path]:
    """The recordings in the person's folder, in the order of their names."""
    return sorted(keeper.recordings.folder.glob("*.beam"))


async def closed(keeper: SettingsService, *paths: Path) -> None:
    """Wait until nothing of these files is open any more."""
    await eventually(lambda: all(is_left(path) for path in paths))
    assert not any(keeper.recordings.opened.of(path) for path in paths)


def is_left(path: Path) -> bool:
    """Whether something was written to a file, and nobody writes there any more."""
    return path.exists() and path.stat().st_size > 0 and not is_being_written(path)


def said(recording: Recording) -> list[str]:
    entries = map(recording.entry, range(len(recording)))
    return [f"{one.direction.name} {one.payload.decode(errors='replace')}" for one in entries]


def messages(recording: Recording) -> int:
    """How many messages of a flood there are; none is missing."""
    found = [payload for payload in received(recording) if len(payload) == SIZE]
    assert found == [numbered(number, SIZE) for number in range(len(found))]
    return len(found)
