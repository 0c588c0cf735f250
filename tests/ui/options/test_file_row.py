"""The path of a file is typed or chosen."""

from __future__ import annotations

from pathlib import Path

import pytest
from gi.repository import Gio, Gtk

from spacebeam.ui.options import file_row as module
from spacebeam.ui.options.file_row import FileRow
from tests.support.waiting import eventually
from tests.ui.doing import button, click, shown


@pytest.mark.parametrize("chosen", [True, False])
async def test_a_chosen_file_is_shown_in_the_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: bool
) -> None:
    asked: list[str] = []

    async def choose(_parent: Gtk.Window, title: str) -> Gio.File | None:
        asked.append(title)
        return Gio.File.new_for_path(str(tmp_path / "<ca>.pem")) if chosen else None

    monkeypatch.setattr(module, "choose_file", choose)
    row = FileRow()
    row.set_title("Authorities")
    row.set_text("/typed")
    async with shown(row):
        click(button(row, "Choose file"))
        await eventually(lambda: asked and not row._tasks._tasks)
        assert asked == ["Authorities"]
        assert row.get_text() == (str(tmp_path / "<ca>.pem") if chosen else "/typed")
