"""An item says when it is another, and only then."""

from __future__ import annotations

from pathlib import Path

from spacebeam.library.kept import Kept, State
from spacebeam.ui.recordings.recording_item import RecordingItem
from tests.ui.doing import Heard


def test_it_says_when_it_is_another_and_only_then() -> None:
    item = RecordingItem(Kept(Path("one.beam"), State.WHOLE))
    changes = Heard(item, "notify::kept")
    item.update(Kept(Path("one.beam"), State.WHOLE))
    assert not changes
    item.update(Kept(Path("one.beam"), State.ABRUPT))
    assert len(changes) == 1
    assert item.kept.state is State.ABRUPT
