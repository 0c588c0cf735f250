"""The folder of recordings for tests of the library."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.library.recordings import Recordings


@pytest.fixture
def recordings(tmp_path: Path) -> Recordings:
    return Recordings(tmp_path / "data" / "recordings")
