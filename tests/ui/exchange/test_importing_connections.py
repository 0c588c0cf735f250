"""Collections of other programs that are dropped or chosen become saved connections."""

from __future__ import annotations

import json
from pathlib import Path

from gi.repository import Gio, Gtk

from spacebeam.ui.exchange.import_dialog import ImportDialog
from tests.support.waiting import eventually
from tests.ui.pageobjects.exchange import ImportPage, workers_have_ended
from tests.ui.pageobjects.page import dialog_of, find_dialog
from tests.ui.pageobjects.sidebar import sidebar_of
from tests.ui.pageobjects.window import WindowPage, opened_window
from tests.ui.sidebar.conftest import Saved, library

__all__ = ["library"]

_INSOMNIA = {
    "_type": "export",
    "__export_format": 4,
    "resources": [
        {"_id": "wrk_1", "_type": "workspace", "name": "Trading", "scope": "collection"},
        {
            "_id": "ws-req_1",
            "_type": "websocket_request",
            "parentId": "wrk_1",
            "name": "Prices",
            "url": "wss://feed.test/v1",
            "headers": [{"name": "Authorization", "value": "Bearer hunter2hunter2"}],
        },
        {
            "_id": "ws-payload_1",
            "_type": "websocket_payload",
            "parentId": "ws-req_1",
            "name": "Subscribe",
            "value": "{}",
            "mode": "application/json",
        },
        {
            "_id": "env_1",
            "_type": "environment",
            "parentId": "wrk_1",
            "name": "Base Environment",
            "data": {"host": "feed.test"},
        },
    ],
}
_BRUNO = """meta {
  name: Orders
  type: ws
  seq: 1
}

ws {
  url: wss://orders.test/
  body: ws
  auth: none
}
"""


def insomnia_file(folder: Path) -> Path:
    path = folder / "insomnia.json"
    path.write_text(json.dumps(_INSOMNIA))
    return path


def bruno_folder(folder: Path) -> Path:
    path = folder / "Bruno"
    path.mkdir()
    (path / "bruno.json").write_text('{"version": "1", "name": "Shop", "type": "collection"}')
    (path / "Orders.bru").write_text(_BRUNO)
    return path


async def shown(window: WindowPage) -> ImportPage:
    page = ImportPage(await dialog_of(window.widget, ImportDialog))
    await eventually(lambda: page.is_read)
    return page


async def test_a_dropped_file_is_shown_before_it_is_imported_into_the_sidebar(
    library: Saved, tmp_path: Path
) -> None:
    async with opened_window() as window:
        assert window.drop([Gio.File.new_for_path(str(insomnia_file(tmp_path)))])
        dialog = await shown(window)
        assert dialog.says("Insomnia: 1 connection")
        assert "Prices" in dialog.names
        assert any("wss://feed.test/v1 · 1 message" in one for one in dialog.notes)
        assert dialog.says("secret")  # is not written to a file
        assert library.files() == []
        dialog.press("Import")
        sidebar = await sidebar_of(window)
        await sidebar.shows("Trading", "Prices")
        assert "hunter2" not in "".join(
            one.read_text() for one in library.root.rglob("*") if one.is_file()
        )
        assert list(tmp_path.rglob(".import-*")) == []


async def test_a_dropped_folder_is_imported_into_the_chosen_folder(
    library: Saved, tmp_path: Path
) -> None:
    library.add_folder("Work")
    async with opened_window() as window:
        sidebar = await sidebar_of(window)
        await sidebar.shows("Work")
        assert window.drop([Gio.File.new_for_path(str(bruno_folder(tmp_path)))])
        dialog = await shown(window)
        assert dialog.says("Bruno: 1 connection")
        dialog.choose_folder("Work")
        dialog.press("Import")
        await eventually(lambda: "Work/Shop/Orders.yml" in library.files())
        await sidebar.shows("Work", "Shop", "Orders")


async def test_the_folder_of_the_menu_is_proposed_and_cancel_imports_nothing(
    library: Saved, tmp_path: Path, choosers: list[Gtk.FileChooserNative]
) -> None:
    library.add_folder("Work")
    async with opened_window() as window:
        sidebar = await sidebar_of(window)
        await sidebar.shows("Work")
        sidebar.choose("Work", "import")
        await eventually(lambda: choosers)
        choosers[0].set_file(Gio.File.new_for_path(str(insomnia_file(tmp_path))))
        await eventually(lambda: choosers[0].get_file())
        choosers[0].emit("response", Gtk.ResponseType.ACCEPT)
        dialog = await shown(window)
        assert dialog.folder.endswith("Work")
        dialog.press("Cancel")
        await eventually(lambda: find_dialog(window.widget, ImportDialog) is None)
        await workers_have_ended()
        assert [one for one in library.files() if "Trading" in one] == []


async def test_a_file_that_is_broken_says_so(library: Saved, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"_type": "export", "__export_format": 4, "resources": [')
    async with opened_window() as window:
        assert window.drop([Gio.File.new_for_path(str(broken))])
        dialog = await shown(window)
        assert dialog.errors
        assert not dialog.shows_button("Import")
