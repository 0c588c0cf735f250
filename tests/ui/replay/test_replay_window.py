"""A conversation is played to a server again, and its answers are compared with the recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from gi.repository import Gio, Gtk

from spacebeam.profiles.profile import OAuthGrant, OAuthSettings, Profile, SignIn, SignInMethod
from tests.scenario.feed import feed
from tests.support.authorization import CLIENT_SECRET, authorization_server
from tests.support.processes import free_port
from tests.support.waiting import eventually
from tests.ui.pageobjects.replay import ReplayPage, opened_replay
from tests.ui.pageobjects.tab import TabPage
from tests.ui.pageobjects.window import WindowPage, opened_window

ASKED = (
    {"op": "sub", "id": 7, "ticks": 1},
    {"op": "who", "id": 8, "token": "<i>a</i>"},
)

_MANY = 1000  # messages
_MOST_A_FRAME = 20  # rows that GTK makes widgets of


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with feed() as address:
        yield address


async def _talked(window: WindowPage, host: str) -> TabPage:
    tab = await window.connect(f"ws://{host}/feed")
    for length, asked in zip((2, 5), ASKED, strict=True):
        await eventually(lambda length=length: len(tab.recording) == length)  # type: ignore[misc]
        await tab.session.session.send(json.dumps(asked))
    await eventually(lambda: len(tab.recording) == 7)
    await tab.timeline.at_rest()
    return tab


async def _opened(window: WindowPage, host: str) -> ReplayPage:
    (await _talked(window, host)).do("tab.replay")
    return await opened_replay()


async def test_equal_answers_are_counted_for_each_message(host: str) -> None:
    async with opened_window() as window:
        page = await _opened(window, host)
        assert page.address == f"ws://{host}/feed"
        assert page.status == "2 messages to send"
        await page.play()
        assert page.error == ""
        assert "2 messages sent; answers: 4 equal" in page.status
        await eventually(lambda: len(page.rows) == 3)
        assert "Before the first message" in page.rows[0]
        assert "2 equal" in page.rows[1]


async def test_what_differs_is_shown_by_path_beside_both_answers(
    host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened_window() as window:
        page = await _opened(window, host)
        page.fill("Address", f"ws://{host}/other")
        await page.play()
        assert "1 different" in page.status
        await eventually(lambda: len(page.rows) == 3)
        page.choose_row(0)
        await eventually(lambda: page.says('path: "/feed" is now "/other"'))
        assert page.says('"path": "/feed"')
        assert page.says('"path": "/other"')
        page.choose_row(2)
        await eventually(lambda: page.says("<i>a</i>"))

        async def chosen(*_about: object) -> Gio.File:
            return Gio.File.new_for_path(str(tmp_path / "r.xml"))

        monkeypatch.setattr("spacebeam.ui.replay.replay_window.choose_target", chosen)
        page.do("replay.save-report")
        await eventually((tmp_path / "r.xml").exists)
        suite = ElementTree.parse(tmp_path / "r.xml").getroot()
        assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
        page.fill("Ignore", "path")
        await page.play()
        assert "1 equal but for what is left out" in page.status


async def test_the_access_token_of_the_conversation_is_used_again() -> None:
    with authorization_server() as server:
        settings = OAuthSettings(
            OAuthGrant.CLIENT, server.issuer, client_id="service", client_secret=CLIENT_SECRET
        )
        async with opened_window() as window:
            tab = window.tab
            tab.connect_page.type_address(server.feed)
            await tab.set_options(Profile(sign_in=SignIn(SignInMethod.OAUTH), oauth=settings))
            tab.press("Connect")
            await eventually(lambda: tab.is_connected)
            await tab.session.session.send("again")
            await eventually(lambda: "again" in tab.entries)
            tab.do("tab.replay")
            page = await opened_replay()
            await page.play()
            assert page.error == ""
            assert "1 message sent" in page.status
        assert server.granted == 1


async def test_only_what_the_filter_shows_is_played_and_compared(host: str) -> None:
    async with opened_window() as window:
        tab = await _talked(window, host)
        tab.session_page.filter.type_filter("-json:type=tick -json:op=who -json:type=you")
        await eventually(lambda: tab.timeline.length == 4)
        tab.do("tab.replay")
        page = await opened_replay()
        await page.play()
        assert "1 message sent; answers: 2 equal." in page.status


async def test_messages_are_sent_one_by_one_when_the_person_says_so(host: str) -> None:
    async with opened_window() as window:
        page = await _opened(window, host)
        page.choose_pace("One by One")
        page.press("_Play")
        for sent in range(2):
            await eventually(lambda: page.offers("Send _Next"))
            assert page.is_playing
            assert len(page.rows) <= 1 + sent
            page.press("Send _Next")
        await eventually(lambda: not page.is_playing)
        assert "4 equal" in page.status


@pytest.mark.parametrize("pace", ["Recorded Pace", "Without Waiting"])
async def test_other_paces_compare_at_the_end(host: str, pace: str) -> None:
    async with opened_window() as window:
        page = await _opened(window, host)
        page.choose_pace(pace)
        await page.play()
        assert "2 messages sent; answers: 4 equal" in page.status


async def test_what_cannot_be_played_says_why_and_a_replay_can_be_stopped(host: str) -> None:
    async with opened_window() as window:
        page = await _opened(window, host)
        page.fill("Address", f"ws://127.0.0.1:{free_port()}")
        await page.play()
        assert "refused" in page.error
        page.fill("Ignore", "a[")
        page.press("_Play")
        assert "“a[” is no path" in page.error
        page.fill("Ignore", "")
        page.fill("Address", f"ws://{host}/feed")
        page.choose_pace("One by One")
        page.press("_Play")
        await eventually(lambda: page.offers("Send _Next"))
        page.press("S_top")
        await eventually(lambda: page.error == "Stopped.")
        assert page.widget.measure(Gtk.Orientation.HORIZONTAL, -1)[0] <= 400


async def test_a_thousand_messages_at_once_are_shown_a_few_a_frame_and_can_be_stopped(
    host: str,
) -> None:
    async with opened_window() as window:
        tab = await window.connect(f"ws://{host}/feed")
        await eventually(lambda: len(tab.recording) == 2)
        for number in range(_MANY):
            await tab.session.session.send(f"hello {number}")
        await eventually(lambda: len(tab.recording) == 2 + 2 * _MANY)
        await tab.timeline.at_rest()
        tab.do("tab.replay")
        page = await opened_replay()
        page.choose_pace("Without Waiting")
        added = page.counted_rows()
        page.press("_Play")
        await eventually(lambda: 0 < sum(added) < _MANY)
        assert page.is_playing
        await eventually(lambda: not page.is_playing)
        assert "1,000 messages sent; answers: 1,001 equal" in page.status
        assert sum(added) == 1 + _MANY
        assert max(added[:10]) <= _MOST_A_FRAME
        added.clear()
        page.press("_Play")
        await eventually(lambda: page.is_playing)
        page.press("S_top")
        await eventually(lambda: page.error == "Stopped.")
        assert not page.is_playing
