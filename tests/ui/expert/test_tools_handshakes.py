"""The handshakes of a tab's recording, from real servers and back from the file."""

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
from spacebeam.ui.handshake.handshake_window import HandshakeWindow
from spacebeam.ui.window.tab import Tab
from tests.support.waiting import eventually
from tests.support.wary_server import COOKIE, LINK_TOKEN, wary_server
from tests.ui.doing import click, serving, shown_tab, text, words

_BASIC = base64.b64encode(b"ada:0pen-sesame").decode()


def _recordings() -> list[Path]:
    return sorted(default_path().parents[2].glob("data/**/*.beam"))


def _is_offered(tab: Tab) -> bool:
    return tab._tools._actions.get_action_enabled("handshake")


async def _window(tab: Tab) -> HandshakeWindow:
    """The window that the menu leads to."""
    assert _is_offered(tab)
    assert not tab._tools._actions.has_action("no-handshake")
    tab.activate_action("expert.handshake", None)
    window = tab._tools._dialogs[HandshakeWindow]
    assert isinstance(window, HandshakeWindow)
    await eventually(window.get_mapped)
    return window


async def _talk(tab: Tab, url: str, settings: Profile | None = None) -> None:
    """Connect; returns when the server has ended it."""
    tab._start_connecting(url, settings)
    await eventually(lambda: tab._connecting is None and tab.state is ConnectionState.CLOSED)
    assert tab.is_conversation, words(tab)


async def _again(tab: Tab, count: int) -> None:
    await eventually(lambda: tab._actions.get_action_enabled("reconnect"))
    tab.activate_action("tab.reconnect", None)
    await eventually(lambda: len(tab._session.recording.handshakes) == count)
    await eventually(lambda: tab.state is ConnectionState.CLOSED)


@contextlib.asynccontextmanager
async def _opened(path: Path) -> AsyncIterator[Tab]:
    """A tab that shows what is in a file."""
    await eventually(lambda: not is_being_written(path))  # it is written in the background
    async with shown_tab() as tab:
        await tab.open_recording(path)
        assert tab.is_conversation, words(tab)
        yield tab


async def test_the_handshake_is_read_from_a_recording_of_earlier() -> None:
    async with serving() as url:
        async with shown_tab() as tab:
            await _talk(tab, f"{url}/flood?count=3")
        (path,) = _recordings()
        async with _opened(path) as tab:
            window = await _window(tab)
            assert f"{url}/flood?count=3" in words(window)
            assert "HTTP/1.1 101" in text(window._text_view.get_buffer())
            assert {"TCP", "Upgrade"} <= set(words(window))


async def test_each_connection_of_a_recording_has_its_own() -> None:
    async with serving() as url:
        async with shown_tab() as tab:
            await _talk(tab, f"{url}/flood?count=3")
            await _again(tab, 2)
            await _again(tab, 3)
            window = await _window(tab)
            assert "3 of 3 · " in window._title.get_subtitle()
            assert window._handshakes.has_secrets(2)
            click(window._previous_button)
            assert "2 of 3 · " in window._title.get_subtitle()
        (path,) = _recordings()
        async with _opened(path) as tab:
            assert "3 of 3 · " in (await _window(tab))._title.get_subtitle()


async def test_the_one_is_shown_that_the_selected_entry_belongs_to() -> None:
    async with serving() as url:
        async with shown_tab() as tab:
            await _talk(tab, f"{url}/flood?count=3")
            await _again(tab, 2)
        (path,) = _recordings()
        async with _opened(path) as tab:
            (_first, second) = (number for number, _json in tab._session.recording.handshakes)
            timeline = tab._conversation_page.timeline
            await eventually(lambda: timeline._model.get_n_items() > second)
            for selected, shown in ((second - 1, "1 of 2"), (second, "2 of 2"), (0, "1 of 2")):
                timeline._selection.set_selected(selected)
                assert shown in (await _window(tab))._title.get_subtitle()


async def test_a_recording_without_one_says_so_in_the_menu(tmp_path: Path) -> None:
    path = tmp_path / "a.beam"
    made = create(path, asyncio.get_running_loop())
    made.append(event_batch(1.7e9, b"hello"))
    assert made.close(20)
    async with _opened(path) as tab:
        actions = tab._tools._actions
        assert not _is_offered(tab)
        assert actions.has_action("no-handshake")
        assert not actions.get_action_enabled("no-handshake")
        async with serving() as url:
            await _talk(tab, f"{url}/flood?count=1")
            assert f"{url}/flood?count=1" in words(await _window(tab))


async def test_that_of_a_connection_is_not_shown_for_another_recording() -> None:
    async with serving() as url:
        async with shown_tab() as tab:
            await _talk(tab, f"{url}/flood?count=1")
        (path,) = _recordings()
        async with shown_tab() as tab:
            await _talk(tab, f"{url}/flood?count=2")
            await tab.open_recording(path)
            assert f"{url}/flood?count=1" in words(await _window(tab))


@pytest.mark.parametrize(
    ("settings", "sent"),
    [
        (Profile(sign_in=SignIn(method=SignInMethod.BEARER, token="b3arer")), "b3arer"),
        (Profile(request=RequestSettings(cookies=(("session", "c00kie"),))), "c00kie"),
        (Profile(request=RequestSettings(query=(("access_token", "t0ken"),))), "t0ken"),
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
async def test_what_signed_in_is_shown_while_it_lives_and_not_kept(
    settings: Profile, sent: str
) -> None:
    asks = settings.sign_in.method is SignInMethod.PASSWORD
    with wary_server(asks=asks) as server:
        async with shown_tab() as tab:
            await _talk(tab, f"{server.url}?token=typ3d", settings)
            said = text((await _window(tab))._text_view.get_buffer())
            assert sent in said
            assert "typ3d" in said
        assert sent.encode() in server.heard
    (path,) = _recordings()
    data = path.read_bytes()
    for secret in (sent, "typ3d", COOKIE, LINK_TOKEN, "0pen-sesame"):
        assert secret.encode() not in data
    async with _opened(path) as tab:
        window = await _window(tab)
        said = text(window._text_view.get_buffer())
        assert sent not in said
        assert "not-kept" in said
        assert window._redacted_label.get_mapped()


async def test_another_token_in_the_address_makes_another_recording() -> None:
    with wary_server() as server:
        async with shown_tab() as tab:
            for token in ("one", "two"):
                await _talk(tab, f"{server.url}?token={token}")
        assert len(_recordings()) == 2
        for path in _recordings():
            async with _opened(path) as tab:
                assert tab._session.recording.facts["address"] == f"{server.url}?token=not-kept"
