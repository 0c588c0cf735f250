"""The path of a file is typed or chosen."""

from __future__ import annotations

from pathlib import Path

import pytest
from gi.repository import Gio, Gtk

from spacebeam.ui.options.file_row import FileRow
from tests.support.waiting import eventually
from tests.ui.doing import shown
from tests.ui.pageobjects.options import FilePage


@pytest.mark.parametrize("response", [Gtk.ResponseType.ACCEPT, Gtk.ResponseType.CANCEL])
async def test_a_chosen_file_is_shown_in_the_row(
    tmp_path: Path, choosers: list[Gtk.FileChooserNative], response: Gtk.ResponseType
) -> None:
    path = tmp_path / "<ca>.pem"
    path.touch()
    row = FileRow()
    row.set_title("Authorities")
    row.set_text("/typed")
    async with shown(row):
        page = FilePage(row)
        page.press("Choose file")
        await eventually(lambda: choosers)
        (chooser,) = choosers
        assert chooser.get_title() == "Authorities"
        chooser.set_file(Gio.File.new_for_path(str(path)))
        await eventually(lambda: (file := chooser.get_file()) and file.get_path() == str(path))
        chooser.emit("response", response)
        await eventually(lambda: not page.is_choosing)
        is_accepted = response == Gtk.ResponseType.ACCEPT
        assert row.get_text() == (str(path) if is_accepted else "/typed")
