"""Windows that run and play are released once they are closed, with all that they hold."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from weakref import ref

import pytest
from gi.repository import Gio, Gtk

from tests.scenario.feed import feed
from tests.support.waiting import eventually
from tests.ui.doing import descendants
from tests.ui.pageobjects.page import Page
from tests.ui.pageobjects.replay import opened_replay, opened_server
from tests.ui.pageobjects.scenario import opened_scenario, scenario_pages
from tests.ui.pageobjects.window import opened_window
from tests.ui.replay.test_replay_window import _talked
from tests.ui.scenario.test_scenario_window import BAD, GOOD


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with feed() as address:
        yield address


def _parts(page: Page[Gtk.Window]) -> list[ref[Gtk.Widget]]:
    return [ref(page.widget), *map(ref, descendants(page.widget, Gtk.Widget))]


async def _are_released(references: list[ref[Gtk.Widget]]) -> None:
    def collected() -> bool:
        gc.collect()
        return all(one() is None for one in references)

    await eventually(collected)


async def test_a_scenario_window_leaves_nothing_behind(
    host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary, path = tmp_path / "temporary", tmp_path / "a.http"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    path.write_text((GOOD + BAD).format(host=host))
    async with opened_window() as window:

        async def use() -> list[ref[Gtk.Widget]]:
            window.drop([Gio.File.new_for_path(str(path))])
            page = await opened_scenario()
            await page.run()
            assert list(temporary.iterdir())
            references = _parts(page)
            page.widget.close()
            return references

        references = await use()
        await eventually(lambda: not scenario_pages())
        await _are_released(references)
        assert not list(temporary.iterdir())


async def test_the_windows_of_a_replay_leave_nothing_behind(host: str) -> None:
    async with opened_window() as window:
        tab = await _talked(window, host)

        async def use() -> list[ref[Gtk.Widget]]:
            tab.do("tab.replay")
            page = await opened_replay()
            await page.play()
            await eventually(lambda: page.rows)
            page.choose_row(0)
            tab.do("tab.play-as-server")
            server = await opened_server()
            references = _parts(page) + _parts(server)
            page.widget.close()
            server.widget.close()
            return references

        await _are_released(await use())
