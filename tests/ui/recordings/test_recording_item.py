"""An item says when it is another, and only then."""

from __future__ import annotations

from pathlib import Path

from spacebeam.library.recording_info import RecordingInfo, RecordingState
from spacebeam.ui.recordings.recording_store import RecordingItem
from tests.ui.doing import Heard


def test_it_says_when_it_is_another_and_only_then() -> None:
    item = RecordingItem(RecordingInfo(Path("one.beam"), RecordingState.COMPLETE))
    changes = Heard(item, "notify::info")
    item.update(RecordingInfo(Path("one.beam"), RecordingState.COMPLETE))
    assert not changes
    item.update(RecordingInfo(Path("one.beam"), RecordingState.ENDED_ABRUPTLY))
    assert len(changes) == 1
    assert item.info.state is RecordingState.ENDED_ABRUPTLY
