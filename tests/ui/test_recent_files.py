"""A file is removed from the desktop's recent files as soon as it is among them."""

from __future__ import annotations

from pathlib import Path

from gi.repository import Gtk

from spacebeam.ui.recent_files import forget_recent, recent_uris
from tests.support.waiting import eventually

DATA = Gtk.RecentData()
DATA.mime_type, DATA.app_name, DATA.app_exec = "text/plain", "Spacebeam", "spacebeam %u"


async def test_a_file_that_is_added_later_is_forgotten_and_no_other(tmp_path: Path) -> None:
    uris = []
    for name in ("secret", "other"):
        (tmp_path / name).touch()
        uris.append((tmp_path / name).as_uri())
    secret, other = uris
    forget_recent(secret)
    manager = Gtk.RecentManager.get_default()
    manager.add_full(other, DATA)
    await eventually(lambda: other in recent_uris())
    manager.add_full(secret, DATA)
    await eventually(lambda: secret in recent_uris())
    await eventually(lambda: secret not in recent_uris())
    assert other in recent_uris()
