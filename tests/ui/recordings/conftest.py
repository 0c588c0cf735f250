"""What the tests of the recordings' window need."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.ui.settings_service import SettingsService
from tests.library.files import write_recording
from tests.ui.recordings import NOON


@pytest.fixture
def one(keeper: SettingsService) -> Path:
    """A recording, the older one of two."""
    folder = keeper.recordings.folder
    write_recording(folder / "two.beam", "b", began=NOON + 100, address="ws://two.test/")
    return write_recording(folder / "one.beam", "a", address="ws://one.test/")
