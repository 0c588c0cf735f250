"""Closing a window asks once about what it ends."""

from __future__ import annotations

from pathlib import Path

from gi.repository import Gio

from spacebeam.library.settings import Settings, save
from spacebeam.net.connection import ConnectionState
from tests.support.listener import listener
from tests.support.waiting import eventually
from tests.ui.doing import application, serving
from tests.ui.pageobjects.window import WindowPage, answer, opened_window, questions


async def test_open_connections_are_named_once_and_stay_if_the_person_cancels() -> None:
    with listener() as peer:
        async with opened_window() as window:
            first = await window.connect(peer.url)
            window.add_tab()
            second = await window.connect(peer.url)
            for _ in range(2):
                window.close()
            await answer("cancel", says="2 connections are open.")
            assert first.state is second.state is ConnectionState.OPEN
            window.close()
            await answer("discard")
            await eventually(lambda: peer.close_codes == [1000, 1000])


async def test_drafts_that_do_not_come_back_are_named(settings_path: Path) -> None:
    save(Settings(restore_tabs=False), settings_path)
    async with serving() as url, opened_window() as window:
        tab = await window.connect(f"{url}/echo")
        tab.composer.type_message("not sent")
        window.close()
        await answer("cancel", says="1 connection is open, 1 message is not sent.")
        await tab.disconnect()
        window.close()
        await answer("discard", says="1 message is not sent.")
        await eventually(lambda: not window.is_shown)


async def test_a_draft_that_comes_back_is_not_asked_about() -> None:
    async with serving() as url, opened_window() as window:
        tab = await window.connect(f"{url}/echo")
        await tab.disconnect()
        tab.composer.type_message("not sent")
        window.close()
        await eventually(lambda: not window.is_shown)
        assert questions() == []


async def test_a_draft_in_a_window_that_does_not_come_back_is_asked_about() -> None:
    async with serving() as url, application() as program:
        window, _other = (WindowPage(program.open_window()) for _ in range(2))
        tab = await window.connect(f"{url}/echo")
        await tab.disconnect()
        tab.composer.type_message("not sent")
        window.close()
        await answer("discard", says="1 message is not sent.")
        await eventually(lambda: not window.is_shown)


async def test_an_attached_file_does_not_come_back_and_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"abc")
    async with serving() as url, opened_window() as window:
        tab = await window.connect(f"{url}/echo")
        await tab.disconnect()
        assert window.drop([Gio.File.new_for_path(str(path))])
        await eventually(lambda: tab.composer.has_file)
        window.close()
        await answer("discard", says="1 message is not sent.")
        await eventually(lambda: not window.is_shown)


async def test_a_window_with_nothing_to_end_closes_at_once() -> None:
    async with opened_window() as window:
        window.close()
        await eventually(lambda: not window.is_shown)
        assert questions() == []


async def test_a_draft_that_is_too_long_to_come_back_is_asked_about() -> None:
    async with serving() as url, opened_window() as window:
        tab = await window.connect(f"{url}/echo")
        await tab.disconnect()
        tab.composer.type_message(("x" * 99 + "\n") * 11_000)
        window.close()
        await answer("discard", says="1 message is not sent.")
        await eventually(lambda: not window.is_shown)
