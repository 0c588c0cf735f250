"""The first screen of a tab with a conversation: the way back, and connecting elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from gi.repository import Gdk, Gtk

from spacebeam.net.backoff import Backoff
from spacebeam.net.connection import ConnectionState
from spacebeam.profiles.profile import Profile, RequestSettings
from tests.library.files import write_recording
from tests.session.test_reconnecting import PATIENT
from tests.support.listener import listener
from tests.support.processes import LOOPBACK, free_port
from tests.support.raw_server import raw_server, wait_for_end
from tests.support.restartable_server import restartable_server
from tests.support.waiting import eventually
from tests.ui.doing import key
from tests.ui.pageobjects.tab import TabPage, opened_tab
from tests.ui.pageobjects.window import opened_window

BUBBLE = Gtk.PropagationPhase.BUBBLE


async def test_the_way_back_is_shown_and_going_back_and_forth_loses_nothing() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            assert tab.return_words == ""
            await tab.connect(peer.url)
            for _time in range(3):
                tab.header.press("Connect to another address (Ctrl+L)")
                await eventually(lambda: tab.return_words == f"Connected to {tab.title}")
                tab.press("Return")
                assert tab.is_connected
            tab.composer.say("still here")
            await eventually(lambda: peer.messages == ["still here"])


async def test_escape_returns_to_the_conversation() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            tab.do("tab.address")
            key(tab.connect_page.widget, Gdk.KEY_Escape, phase=BUBBLE)
            assert tab.is_connected
            assert tab.composer.has_focus


async def test_an_ended_conversation_can_be_returned_to() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            await tab.disconnect()
            tab.do("tab.address")
            await eventually(lambda: tab.return_words == f"Disconnected from {tab.title}")
            tab.press("Return")
            assert tab.is_conversation
            assert tab.can("tab.reconnect")


@pytest.mark.parametrize("backoff", [None, PATIENT])
async def test_connecting_elsewhere_opens_a_tab_and_leaves_the_first_connection(
    backoff: Backoff | None,
) -> None:
    with restartable_server() as first, listener() as second:
        async with opened_window() as window:
            tab = window.tab
            tab.session.backoff = backoff
            await tab.connect(first.url)
            tab.do("tab.address")
            tab.connect_page.submit(second.url)
            other = window.tab
            assert other != tab
            await eventually(lambda: other.is_connected)
            assert tab.is_connected
            assert tab.title != other.title
            assert tab.session.backoff == backoff
            assert len(tab.entries) == 1
            tab.do("tab.address")
            assert tab.connect_page.address == first.url


async def test_a_failure_elsewhere_is_shown_in_its_own_tab() -> None:
    profile = Profile(request=RequestSettings(headers=(("X-Mine", "1"),)))
    with restartable_server() as first:
        async with opened_window() as window:
            tab = window.tab
            tab.session.backoff = PATIENT
            tab.connect_with(first.url, profile)
            await eventually(lambda: tab.is_connected)
            before = tab.session.endpoint
            tab.do("tab.address")
            tab.connect_page.submit(f"ws://{LOOPBACK}:{free_port()}/nowhere")
            other = window.tab
            await eventually(lambda: other.says("no server is listening"))
            assert tab.is_connected
            assert not tab.connect_page.has_failure
            assert (tab.session.endpoint, tab.session.profile) == (before, profile)
            first.disconnect_clients()
            await eventually(lambda: len(first.clients) == 2)
            await eventually(lambda: tab.is_connected)


async def test_cancelling_elsewhere_leaves_the_first_connection() -> None:
    with listener() as first, raw_server(wait_for_end) as silent:
        async with opened_window() as window:
            tab = await window.connect(first.url)
            tab.do("tab.address")
            tab.connect_page.submit(f"{LOOPBACK}:{silent.port}")
            other = window.tab
            await eventually(lambda: silent.connections)
            other.press("Cancel")
            await eventually(lambda: other.state is ConnectionState.CLOSED)
            assert other.return_words == ""
            assert tab.is_connected


async def test_an_invalid_address_is_explained_where_it_was_typed() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            tab.do("tab.address")
            tab.connect_page.submit("ftp://example.test/")
            await eventually(lambda: tab.says("“ftp” is not a scheme"))
            tab.press("Return")
            assert tab.is_connected
            tab.do("tab.address")
            assert not tab.connect_page.has_failure  # it was about another attempt


async def test_a_cancelled_connection_leaves_the_ended_conversation() -> None:
    with listener() as first, raw_server(wait_for_end) as silent:
        async with opened_tab() as tab:
            await tab.connect(first.url)
            await tab.disconnect()
            await eventually(lambda: tab.entries[-1].startswith("Disconnected"))
            title, entries = tab.title, tab.entries
            tab.do("tab.address")
            tab.connect_page.submit(f"{LOOPBACK}:{silent.port}")
            await eventually(lambda: silent.connections)
            assert not tab.can("tab.return")  # what is being connected takes its place
            tab.press("Cancel")
            await eventually(lambda: tab.can("tab.return"))
            tab.press("Return")
            assert (tab.title, tab.entries) == (title, entries)


async def test_a_private_conversation_is_not_replaced_by_another() -> None:
    with listener() as first, listener() as second:
        async with opened_window() as window:
            tab = window.tab
            tab.connect_with(first.url, Profile(record=False))
            await eventually(lambda: tab.is_connected)
            await tab.disconnect()
            await eventually(lambda: tab.entries[-1].startswith("Disconnected"))
            said = tab.entries
            await eventually(lambda: tab.can("tab.reconnect"))
            tab.do("tab.reconnect")
            await eventually(lambda: tab.is_connected)  # it goes on in the same recording
            await tab.disconnect()
            tab.do("tab.address")
            tab.connect_page.submit(second.url)
            await eventually(lambda: window.tab != tab and window.tab.is_connected)
            assert tab.entries[: len(said)] == said


async def test_an_opened_recording_can_be_returned_to(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.beam", "one", address="ws://host.test/feed")
    async with opened_tab() as tab:
        await tab.widget.open_recording(path)
        tab.do("tab.address")
        await eventually(lambda: tab.return_words == "Recording of host.test/feed")
        tab.press("Return")
        assert tab.shows(path)
        assert tab.is_conversation


async def test_opening_a_recording_does_not_replace_a_connection_behind_the_address(
    tmp_path: Path,
) -> None:
    path = write_recording(tmp_path / "a.beam", "one")
    with listener() as peer:
        async with opened_window() as window:
            tab = await window.connect(peer.url)
            tab.do("tab.address")
            tab.connect_page.type_address("")
            window.widget.open_recording(path)
            await window.finish_opening()
            assert window.tab != tab
            assert tab.state is ConnectionState.OPEN


async def test_opening_a_recording_again_returns_to_it(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.beam", "one")
    async with opened_window() as window:
        window.widget.open_recording(path)
        await window.finish_opening()
        tab: TabPage = window.tab
        tab.do("tab.address")
        window.widget.open_recording(path)
        await window.finish_opening()
        assert window.tab == tab
        assert tab.is_conversation
