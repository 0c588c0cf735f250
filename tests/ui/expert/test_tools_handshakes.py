"""The handshakes of a tab's recording, with real servers and reopened from its file."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from spacebeam.library.settings import default_path
from spacebeam.net.connection import ConnectionState
from spacebeam.profiles.profile import Profile, RequestSettings, SignIn, SignInMethod
from spacebeam.protocol.batch import event_batch
from spacebeam.recording.file import is_being_written
from spacebeam.recording.opening import create
from tests.support.guarded_server import COOKIE, LINK_TOKEN, guarded_server
from tests.support.waiting import eventually
from tests.ui.doing import serving
from tests.ui.pageobjects.handshake import PREVIOUS
from tests.ui.pageobjects.tab import TabPage, opened_tab

_BASIC = base64.b64encode(b"ada:0pen-sesame").decode()


def _recordings() -> list[Path]:
    return sorted(default_path().parents[2].glob("data/**/*.beam"))


async def _talk(tab: TabPage, url: str, settings: Profile | None = None) -> None:
    """Connect, and wait until the server has closed the connection."""
    tab.connect_with(url, settings)
    await eventually(lambda: not tab.is_connecting and tab.state is ConnectionState.CLOSED)
    assert tab.is_conversation, tab.words


async def _reconnect(tab: TabPage, count: int) -> None:
    """Reconnect, and wait until there are `count` handshakes and the connection is closed."""
    await eventually(lambda: tab.can("tab.reconnect"))
    tab.do("tab.reconnect")
    await eventually(lambda: len(tab.recording.handshakes) == count)
    await eventually(lambda: tab.state is ConnectionState.CLOSED)


@contextlib.asynccontextmanager
async def _opened(path: Path) -> AsyncIterator[TabPage]:
    """A tab that shows what is in a file."""
    await eventually(lambda: not is_being_written(path))  # it is written in the background
    async with opened_tab() as tab:
        await tab.widget.open_recording(path)
        assert tab.is_conversation, tab.words
        yield tab


async def test_the_handshake_is_read_from_a_reopened_recording() -> None:
    async with serving() as url:
        async with opened_tab() as tab:
            await _talk(tab, f"{url}/flood?count=3")
        (path,) = _recordings()
        async with _opened(path) as tab:
            window = await tab.open_handshake()
            assert f"{url}/flood?count=3" in window.words
            assert "HTTP/1.1 101" in window.text
            assert {"TCP", "Upgrade"} <= set(window.words)


async def test_each_connection_of_a_recording_has_its_handshake() -> None:
    async with serving() as url:
        async with opened_tab() as tab:
            await _talk(tab, f"{url}/flood?count=3")
            await _reconnect(tab, 2)
            await _reconnect(tab, 3)
            window = await tab.open_handshake()
            assert window.says("3 of 3 · ")
            window.press(PREVIOUS)
            assert window.says("2 of 3 · ")
        (path,) = _recordings()
        async with _opened(path) as tab:
            assert (await tab.open_handshake()).says("3 of 3 · ")


async def test_the_handshake_of_the_selected_entry_is_shown() -> None:
    async with serving() as url:
        async with opened_tab() as tab:
            await _talk(tab, f"{url}/flood?count=3")
            await _reconnect(tab, 2)
        (path,) = _recordings()
        async with _opened(path) as tab:
            (_first, second) = (number for number, _json in tab.recording.handshakes)
            await eventually(lambda: tab.timeline.length > second)
            for selected, shown in ((second - 1, "1 of 2"), (second, "2 of 2"), (0, "1 of 2")):
                tab.timeline.select(selected)
                assert (await tab.open_handshake()).says(shown)


async def test_the_menu_says_that_a_recording_has_no_handshake(tmp_path: Path) -> None:
    path = tmp_path / "a.beam"
    made = create(path, asyncio.get_running_loop())
    made.append(event_batch(1.7e9, b"hello"))
    assert made.close(20)
    async with _opened(path) as tab:
        assert not tab.can("expert.handshake")
        menu = await tab.session_page.menu()
        assert "No Handshake in This Recording" in menu
        assert "Handshake…" not in menu
        assert not tab.can("expert.no-handshake")
        async with serving() as url:
            await _talk(tab, f"{url}/flood?count=1")
            menu = await tab.session_page.menu()
            assert "No Handshake in This Recording" not in menu
            assert "Handshake…" in menu
            assert f"{url}/flood?count=1" in (await tab.open_handshake()).words


async def test_an_opened_recording_does_not_show_the_handshake_of_the_connection_before() -> None:
    async with serving() as url:
        async with opened_tab() as tab:
            await _talk(tab, f"{url}/flood?count=1")
        (path,) = _recordings()
        async with opened_tab() as tab:
            await _talk(tab, f"{url}/flood?count=2")
            await eventually(lambda: not is_being_written(path))
            await tab.widget.open_recording(path)
            assert f"{url}/flood?count=1" in (await tab.open_handshake()).words


@pytest.mark.parametrize(
    ("settings", "sent"),
    [
        (Profile(sign_in=SignIn(method=SignInMethod.BEARER, token="b3arer")), "b3arer"),
        (Profile(request=RequestSettings(cookies=(("session", "c00kie"),))), "c00kie"),
        (Profile(request=RequestSettings(query=(("access_token", "t0ken"),))), "t0ken"),
        (Profile(request=RequestSettings(subprotocols=("bearer", "sub-t0ken"))), "sub-t0ken"),
        (
            Profile(
                sign_in=SignIn(
                    method=SignInMethod.KEY_IN_HEADER, key_name="X-Plain", key_value="k3y"
                )
            ),
            "k3y",
        ),
        (
            Profile(
                sign_in=SignIn(method=SignInMethod.KEY_IN_QUERY, key_name="plain", key_value="k3y")
            ),
            "k3y",
        ),
        (
            Profile(
                sign_in=SignIn(method=SignInMethod.PASSWORD, user="ada", password="0pen-sesame")
            ),
            _BASIC,
        ),
    ],
)
async def test_secrets_are_sent_and_neither_shown_nor_recorded(
    settings: Profile, sent: str
) -> None:
    asks = settings.sign_in.method is SignInMethod.PASSWORD
    with guarded_server(asks=asks) as server:
        async with opened_tab() as tab:
            await _talk(tab, f"{server.url}?token=typ3d", settings)
            window = await tab.open_handshake()
            assert window.is_redacted
            said = f"{window.text} {window.words}"
            assert sent not in said
            assert "typ3d" not in said
            assert "•••" in said
        assert sent.encode() in server.received
    (path,) = _recordings()
    data = path.read_bytes()
    for secret in (sent, "typ3d", COOKIE, LINK_TOKEN, "0pen-sesame"):
        assert secret.encode() not in data
    async with _opened(path) as tab:
        window = await tab.open_handshake()
        said = window.text
        assert sent not in said
        assert "•••" in said
        assert window.is_redacted


async def test_another_token_in_the_address_makes_another_recording() -> None:
    with guarded_server() as server:
        async with opened_tab() as tab:
            for token in ("one", "two"):
                await _talk(tab, f"{server.url}?token={token}")
        assert len(_recordings()) == 2
        for path in _recordings():
            async with _opened(path) as tab:
                assert tab.recording.facts["address"] == f"{server.url}?token=•••"
