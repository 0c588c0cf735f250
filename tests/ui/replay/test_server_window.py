"""A recording plays the server's part: to whoever connects, until it is stopped."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from gi.repository import Gtk
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from spacebeam.ui.recordings.recordings_window import RecordingsWindow
from tests.scenario.feed import feed
from tests.support.waiting import eventually
from tests.ui.pageobjects.page import Page
from tests.ui.pageobjects.replay import opened_replay, opened_server
from tests.ui.pageobjects.window import opened_window
from tests.ui.replay.test_replay_window import ASKED, _talked


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with feed() as address:
        yield address


async def _ask(url: str, *messages: object) -> list[object]:
    """Connect as a client, and return the answers up to the last message's."""

    def talk() -> list[object]:
        with connect(f"{url}/any") as peer:
            answers = [json.loads(peer.recv(5))]
            for message in messages:
                peer.send(message if isinstance(message, str) else json.dumps(message))
                answers.append(json.loads(peer.recv(5)))
            return answers

    return await asyncio.to_thread(talk)


async def test_a_client_is_answered_as_in_the_recording_with_ids_of_its_own(host: str) -> None:
    async with opened_window() as window:
        (await _talked(window, host)).do("tab.play-as-server")
        page = await opened_server()
        assert page.address.startswith("ws://127.0.0.1:")
        assert "Waiting" in page.state
        page.type_echo("id")
        welcome, answer = await _ask(page.address, {**ASKED[1], "id": 99})
        assert welcome == {"type": "welcome", "path": "/feed"}
        assert answer == {"type": "you", "token": "<i>a</i>", "id": 99}
        page.press("Copy Address")
        assert await page.widget.get_clipboard().read_text_async() == page.address


async def test_who_is_connected_and_what_is_like_no_message_is_shown_until_it_is_stopped(
    host: str,
) -> None:
    async with opened_window() as window:
        (await _talked(window, host)).do("tab.play-as-server")
        page = await opened_server()
        url = f"{page.address}/a?b=<i>"
        peer = await asyncio.to_thread(lambda: connect(url).__enter__())
        await eventually(lambda: "1 client is connected" in page.state)
        assert any("127.0.0.1 · /a" in one for one in page.rows)
        await asyncio.to_thread(peer.send, "<b>who?</b>")
        await eventually(lambda: "<b>who?</b>" in page.rows)
        page.press("S_top")
        await eventually(lambda: page.state == "Stopped.")
        with pytest.raises(ConnectionClosed):
            await asyncio.to_thread(lambda: [peer.recv(5) for _ in range(5)])
        assert not page.offers("S_top")
        assert page.widget.measure(Gtk.Orientation.HORIZONTAL, -1)[0] <= 400


async def test_recordings_are_played_from_their_list(host: str, tmp_path: Path) -> None:
    async with opened_window() as window:
        await _talked(window, host)
        window.tab.do("tab.disconnect")
        window.do("app.recordings")
        recordings = Page(_recordings_window())
        await eventually(lambda: not recordings.widget.is_loading)
        recordings.do("recording.play-as-server")
        assert (await _ask((await opened_server()).address, ASKED[1]))[1] == {
            "type": "you",
            "token": "<i>a</i>",
            "id": 8,
        }
        recordings.do("recording.replay")
        page = await opened_replay()
        assert page.address == f"ws://{host}/feed"
        await page.play()
        assert "4 equal" in page.status


def _recordings_window() -> RecordingsWindow:
    every = Gtk.Window.list_toplevels()
    return next(one for one in every if isinstance(one, RecordingsWindow))


async def test_a_conversation_without_messages_is_not_played(host: str) -> None:
    async with opened_window() as window:
        tab = await _talked(window, host)
        tab.session_page.filter.type_filter("is:event")
        await eventually(lambda: tab.timeline.length == 1)
        tab.do("tab.play-as-server")
        await eventually(lambda: tab.says("No received message is shown"))
        tab.do("tab.replay")
        await eventually(lambda: tab.says("No sent message is shown"))
