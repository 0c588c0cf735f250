"""A file is removed from the desktop's recent files as soon as it is among them."""

from __future__ import annotations

from pathlib import Path

from gi.repository import Gtk

from spacebeam.ui.recent_files import forget_recent, recent_uris
from tests.support.waiting import eventually


async def test_a_file_that_is_added_later_is_forgotten_and_no_other(tmp_path: Path) -> None:
    uris = []
    for name in ("secret", "other"):
        (tmp_path / name).touch()
        uris.append((tmp_path / name).as_uri())
    secret, other = uris
    forget_recent(secret)
    manager = Gtk.RecentManager.get_default()
    manager.add_item(other)
    await eventually(lambda: manager.has_item(other))
    manager.add_item(secret)
    await eventually(lambda: manager.has_item(secret))
    await eventually(lambda: not manager.has_item(secret))
    assert other in recent_uris()
