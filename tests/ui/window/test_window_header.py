"""The header bar: the state of the selected tab in words, by its icon, and by its buttons."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from gi.repository import Gtk

from spacebeam.net.connection import ConnectionState
from spacebeam.protocol.frames import Opcode
from spacebeam.session.outgoing import Ping
from spacebeam.ui.surface_width import NARROW
from tests.library.files import write_recording
from tests.support.processes import LOOPBACK
from tests.support.raw_server import raw_server, upgrade
from tests.support.waiting import eventually
from tests.ui.doing import resize, serving
from tests.ui.pageobjects.header import HeaderPage
from tests.ui.pageobjects.tab import opened_tab
from tests.ui.pageobjects.window import opened_window


def offered(header: HeaderPage) -> set[str]:
    """Return which of the buttons that connect and disconnect are shown."""
    return {one for one in ("Disconnect", "Reconnect", "Connect Again") if header.shows_button(one)}


async def test_the_first_screen_has_neither_a_state_nor_a_way_back() -> None:
    async with opened_window() as window:
        assert window.header.words == ["New Connection"]
        assert window.header.look is None
        assert not window.header.shows_button("Connect to another address (Ctrl+L)")
        assert offered(window.header) == set()


async def test_every_state_has_an_icon_a_colour_and_words_of_its_own(tmp_path: Path) -> None:
    recording = write_recording(tmp_path / "one.beam", "one")
    looks: dict[str, tuple[str, tuple[str, ...]] | None] = {}
    async with serving() as url, opened_window() as window:
        header = window.header
        tab = await window.connect(f"{url}/echo")
        assert header.status == "Connected"
        assert offered(header) == {"Disconnect"}
        looks["connected"] = header.look
        header.press("Disconnect")
        await eventually(lambda: header.status == "Disconnected (1000, normal closure).")
        assert tab.state is ConnectionState.CLOSED
        assert offered(header) == {"Reconnect"}
        looks["closed"] = header.look
        with raw_server(upgrade) as server:  # and hangs up
            window.add_tab()
            window.tab.connect_page.submit(f"{LOOPBACK}:{server.port}")
            await eventually(lambda: "Connection lost" in header.status)
            looks["lost"] = header.look
        window.widget.open_recording(recording)
        await window.finish_opening()
        await eventually(lambda: header.status == "Recording")
        looks["recording"] = header.look
    assert None not in looks.values()
    seen = {state: look for state, look in looks.items() if look is not None}
    assert len({icon for icon, _classes in seen.values()}) == len(looks)
    assert "success" in seen["connected"][1]
    assert "error" in seen["lost"][1]
    assert not {"success", "error"} & set(seen["closed"][1])


async def test_the_latency_and_disabled_pongs_are_beside_the_state() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        await tab.session.send(Ping(b"how far?"))
        await eventually(lambda: tab.header.status.startswith("Connected · "))
        assert tab.header.status.endswith(" ms")
        tab.session.answers_pings = False
        assert tab.header.status.endswith(" ms · Pongs disabled")
        await tab.disconnect()
        assert " ms" not in tab.header.status


async def test_the_buttons_use_the_selected_tab() -> None:
    async with serving() as url, opened_window() as window:
        first = await window.connect(f"{url}/echo")
        second = window.add_tab()
        await second.connect(f"{url}/echo")
        window.select_tab(first)
        window.header.press("Disconnect")
        await eventually(lambda: first.state is ConnectionState.CLOSED)
        assert second.state is ConnectionState.OPEN
        window.select_tab(second)
        assert window.header.status == "Connected"
        window.header.press("Connect to another address (Ctrl+L)")
        assert not second.is_conversation
        assert window.header.words == ["New Connection"]


@pytest.mark.parametrize("said", ["<b>bold</b> & <i>", "&amp;", "\x1b[31m", "\u202ea"])
async def test_a_servers_reason_is_neither_markup_nor_control_characters(said: str) -> None:
    def script(peer: socket.socket) -> None:
        upgrade(peer)
        payload = b"\x03\xe8" + said.encode()
        peer.sendall(bytes((0x80 | Opcode.CLOSE, len(payload))) + payload)

    with raw_server(script) as server:
        async with opened_tab() as tab:
            tab.connect_page.submit(f"{LOOPBACK}:{server.port}")
            await eventually(lambda: "1000" in tab.header.status)
            assert "\x1b" not in tab.header.status
            assert "\u202e" not in tab.header.status
            assert said in tab.header.status or not said.isprintable()
            assert tab.header.status in tab.header.hint


async def test_in_a_narrow_window_the_buttons_are_icons_with_the_same_names() -> None:
    async with serving() as url, opened_window() as window:
        tab = await window.connect(f"{url}/echo")
        button = window.header.button("Close the connection (Ctrl+D)")
        assert button.get_label() == "Disconnect"
        narrow = window.widget
        await resize(narrow, NARROW - 160, 600, lambda: button.get_label() is None)
        assert button.get_icon_name()
        window.header.press("Close the connection (Ctrl+D)")
        await eventually(lambda: tab.state is ConnectionState.CLOSED)
        await eventually(
            lambda: window.header.shows_button("Connect to the same address again (F5)")
        )


async def test_with_large_text_a_wide_window_counts_as_narrow() -> None:
    settings = Gtk.Settings.get_default()
    assert settings is not None
    usual = settings.get_property("gtk-xft-dpi")
    async with serving() as url, opened_window() as window:
        await window.connect(f"{url}/echo")
        button = window.header.button("Close the connection (Ctrl+D)")
        wide = window.widget
        await resize(wide, NARROW + 200, 600, lambda: wide.get_width() < NARROW + 250)
        assert button.get_label() == "Disconnect"
        try:
            settings.set_property("gtk-xft-dpi", 2 * 96 * 1024)
            await resize(wide, NARROW + 200, 600, lambda: button.get_label() is None)
        finally:
            settings.set_property("gtk-xft-dpi", usual)
        await eventually(lambda: button.get_label() == "Disconnect")
