"""An open folder of connections."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.library.connections.open_folder import OpenFolder


@pytest.fixture
def folder(tmp_path: Path) -> OpenFolder:
    root = tmp_path / "Feeds"
    root.mkdir()
    opened = OpenFolder(root, deleted=tmp_path / "deleted")
    opened.load()
    return opened
