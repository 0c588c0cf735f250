"""Secrets in an address are not shown and not saved; a private connection leaves no trace."""

from __future__ import annotations

from pathlib import Path

import pytest
from gi.repository import Gtk

from spacebeam import log
from spacebeam.library.settings import Settings, load, save
from spacebeam.net.connection import ConnectionState
from spacebeam.profiles.profile import Profile, RequestSettings, SignIn, SignInMethod
from tests.library.files import write_recording
from tests.support.guarded_server import guarded_server
from tests.support.waiting import eventually
from tests.ui.doing import descendants, serving
from tests.ui.pageobjects.page import has_focus
from tests.ui.pageobjects.tab import TabPage, opened_tab
from tests.ui.pageobjects.window import WindowPage, answer, opened_window, questions

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.s3cret-s3cret"
MARKER = "m4rker-of-this-test"


def shown_words(window: WindowPage) -> str:
    """Return all that can be read in a window, its tabs' titles and tooltips included."""
    pages = [f"{page.get_title()}\n{page.get_tooltip()}" for page in window.tabs]
    shown = (one for one in descendants(window.widget, Gtk.Widget) if one.get_mapped())
    tooltips = [one.get_tooltip_text() or "" for one in shown]
    return "\n".join((window.title, *window.words, *pages, *tooltips))


def traces(folder: Path, marker: str) -> list[Path]:
    """Return the files in a folder that have the marker in their name or content."""
    return [
        one
        for one in folder.rglob("*")
        if marker in one.name or (one.is_file() and marker.encode() in one.read_bytes())
    ]


async def conversation(tab: TabPage, address: str) -> None:
    """Type an address, connect, and wait for the conversation; the server may end it."""
    tab.connect_page.submit(address)
    await eventually(lambda: tab.is_conversation and not tab.is_connecting)


@pytest.mark.parametrize(
    ("resource", "saved"),
    [
        ("echo?ticket=s3cret&room=a", "echo?ticket=•••&room=a"),
        (f"echo?q={JWT}", "echo?q=•••"),
        (f"room/{JWT}", "room/•••"),
    ],
)
async def test_a_token_in_the_address_is_neither_shown_nor_saved(
    resource: str, saved: str, settings_path: Path
) -> None:
    async with serving() as url, opened_window() as window:
        tab = await window.connect(f"{url}/{resource}")
        await eventually(lambda: len(tab.recording) > 0)
        words = shown_words(window)
        assert f"{url.removeprefix('ws://')}/{saved}" in words
        assert "s3cret" not in words
        window.add_tab()
        await eventually(lambda: f"{url}/{saved}" in window.tab.connect_page.recent)
        assert "s3cret" not in shown_words(window)
        assert load(settings_path).recent == [f"{url}/{saved}"]
        await tab.disconnect()
    assert traces(settings_path.parents[2], "s3cret") == []


async def test_a_recent_address_is_used_with_its_secret_until_the_program_ends() -> None:
    with guarded_server() as server:
        async with opened_window() as window:
            await window.connect(f"{server.url}?ticket=s3cret")
            tab = window.add_tab()
            tab.connect_page.choose_recent(f"{server.url}?ticket=•••")
            await eventually(lambda: tab.is_conversation)
        assert server.received.count(b"ticket=s3cret") == 2


@pytest.mark.parametrize(
    ("typed", "saved", "blank", "cursor"),
    [
        ("{url}?ticket=s3cret&a=1", "{url}?ticket=•••&a=1", "{url}?ticket=&a=1", "ticket="),
        ("ws://ada:s3cret@{host}", "ws://ada:•••@{host}", "ws://ada:@{host}", "ada:"),
        ("{url}/" + JWT + "/feed", "{url}/•••/feed", "{url}//feed", "/start/"),
    ],
)
async def test_a_secret_that_was_not_saved_is_asked_for_in_the_address(
    typed: str, saved: str, blank: str, cursor: str
) -> None:
    with guarded_server() as server:
        names = {"url": server.url, "host": server.url.removeprefix("ws://")}
        async with opened_tab() as tab:
            await conversation(tab, typed.format(**names))
        sent = len(server.received)
        async with opened_tab() as tab:  # as after closing the program: only the file is left
            page = tab.connect_page
            page.choose_recent(saved.format(**names))
            assert page.address == blank.format(**names)
            assert "The secret part of this address was not saved." in tab.words
            assert has_focus(page.entry)
            gap = page.entry.get_position()
            assert page.address[:gap].endswith(cursor)
            assert page.entry.get_selection_bounds() == ()
            assert not tab.is_connecting
            assert len(server.received) == sent


async def test_a_filled_in_secret_is_sent() -> None:
    with guarded_server() as server:
        async with opened_tab() as tab:
            await conversation(tab, f"{server.url}?ticket=s3cret")
        async with opened_tab() as tab:
            tab.connect_page.choose_recent(f"{server.url}?ticket=•••")
            await conversation(tab, f"{tab.connect_page.address}an0ther")
        assert server.received.count(b"ticket=an0ther") == 1


@pytest.mark.parametrize("mask", ["•••", "%E2%80%A2%E2%80%A2%E2%80%A2", "not-kept"])
async def test_a_mask_in_a_typed_address_is_not_sent(mask: str) -> None:
    with guarded_server() as server:
        async with opened_tab() as tab:
            tab.connect_page.submit(f"{server.url}?ticket={mask}")
            await eventually(lambda: tab.connect_page.has_failure)
            assert "Enter the secret in place of ••• in the address." in tab.words
        assert server.received == b""


@pytest.mark.parametrize("mask", ["•••", "not-kept"])
async def test_reconnecting_asks_for_a_secret_that_was_not_recorded(
    tmp_path: Path, mask: str
) -> None:
    address = f"ws://host.test/feed?token={mask}"
    path = write_recording(tmp_path / "one.beam", "a", address=address)
    async with opened_window() as window:
        await window.tab.widget.open_recording(path)
        assert "host.test/feed?token=•••" in window.header.hint
        window.header.press("Connect Again")
        tab = window.tab
        assert not tab.is_conversation
        await eventually(lambda: tab.connect_page.address == "ws://host.test/feed?token=")
        assert "The recording does not contain the secret part of the address." in tab.words


async def test_a_token_in_a_subprotocol_is_asked_for_like_one_in_a_header() -> None:
    offered = RequestSettings(subprotocols=("bearer", "s3cret"))
    with guarded_server() as server:
        async with opened_tab() as tab:
            tab.connect_page.type_address(server.url)
            await tab.set_options(Profile(request=offered))
        async with opened_tab() as tab:
            tab.connect_page.submit(server.url)
            options = await tab.options()
            assert options.profile.request.subprotocols == ("bearer", "•••")
            assert "The secret was not saved. Enter it again." in " ".join(options.words)
            options.enter("request.subprotocols", ("bearer", "an0ther"))
            options.close()
            await tab.finish_options()
            assert server.received == b""
            await conversation(tab, server.url)
        assert b"bearer, an0ther" in server.received


PRIVATE = Profile(
    request=RequestSettings(headers=(("X-Mine", MARKER),), subprotocols=(MARKER,)),
    sign_in=SignIn(SignInMethod.BEARER, token=MARKER),
    record=False,
)


async def test_a_private_connection_leaves_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    log.start({})
    with guarded_server() as server:
        address = f"{server.url}?room={MARKER}"
        async with opened_window() as window:
            tab = window.tab
            tab.connect_page.type_address(address)
            await tab.set_options(PRIVATE)
            await conversation(tab, address)
            await eventually(lambda: tab.can("tab.reconnect"))
            tab.do("tab.reconnect")
            await eventually(lambda: len(tab.recording.handshakes) == 2)
            other = window.add_tab()
            assert other.connect_page.recent == {}
            window.widget.close_at_once()
            await eventually(lambda: not window.is_shown)
    assert server.received.count(MARKER.encode()) > 3
    assert traces(tmp_path, MARKER) == []
    assert traces(tmp_path, server.url.removeprefix("ws://").partition("/")[0]) == []
    assert MARKER not in log.history.text()
    assert server.url.removeprefix("ws://").partition("/")[0] not in log.history.text()


async def test_a_private_connection_neither_sends_nor_leaves_cookies() -> None:
    with guarded_server() as server:
        async with opened_window() as window:
            await conversation(window.tab, server.url)
            private = window.add_tab()
            private.connect_page.type_address(server.url)
            await private.set_options(Profile(record=False))
            sent = len(server.received)
            await conversation(private, server.url)
            first, _, redirected = server.received[sent:].partition(b"GET /talk")
            assert b"Cookie:" not in first
            assert b"Cookie:" in redirected  # within the connection
            await eventually(lambda: len(private.recording) > 2)
            window.widget.close_at_once()
            await eventually(lambda: not window.is_shown)


async def test_an_address_becomes_private_for_all_tabs_without_changing_the_file(
    settings_path: Path,
) -> None:
    async with serving() as url, opened_window() as window:
        await window.connect(f"{url}/echo")
        await eventually(settings_path.exists)  # it is saved a turn after connecting
        before = settings_path.read_bytes()
        tab = window.add_tab()
        tab.connect_page.type_address(f"{url}/echo")
        await tab.set_options(Profile(record=False))
        other = window.add_tab()
        other.connect_page.type_address(f"{url}/echo")
        assert "not recorded" in other.words
        assert settings_path.read_bytes() == before


@pytest.mark.parametrize("action", ["win.close-tab", "window.close"])
async def test_closing_asks_before_private_messages_are_discarded(action: str) -> None:
    async with serving() as url, opened_window() as window:
        tab = window.tab
        tab.connect_page.type_address(f"{url}/echo")
        await tab.set_options(Profile(record=False))
        await tab.connect(f"{url}/echo")
        await tab.session.session.send("only here")
        await eventually(lambda: len(tab.recording) == 3)
        window.do(action)
        await answer("cancel")
        assert tab.state is ConnectionState.OPEN
        window.do(action)
        await answer("discard")
        await eventually(lambda: not window.tabs or not window.is_shown)


async def test_another_connection_leaves_private_messages_in_their_tab() -> None:
    async with serving() as url, opened_window() as window:
        tab = window.tab
        tab.connect_page.type_address(f"{url}/echo")
        await tab.set_options(Profile(record=False))
        await tab.connect(f"{url}/echo")
        await tab.session.session.send("only here")
        await eventually(lambda: len(tab.recording) == 3)
        await tab.disconnect()
        await eventually(lambda: tab.can("tab.reconnect"))
        tab.do("tab.reconnect")  # goes on in the same conversation
        await eventually(lambda: tab.state is ConnectionState.OPEN)
        tab.do("tab.address")
        tab.connect_page.submit(f"{url}/room/a")
        other = window.tab
        assert other != tab
        await eventually(lambda: other.is_connected)
        assert tab.is_conversation
        assert "only here" in tab.entries
        window.do("window.close")
        await answer("discard", says="only in this tab. 2 connections are open.")
        await eventually(lambda: not window.is_shown)


async def open_private_tab(tab: TabPage, url: str) -> None:
    """Connect a tab privately, with a message and a draft."""
    tab.connect_with(url, Profile(record=False))
    await eventually(lambda: tab.is_connected)
    tab.composer.say("only here")
    await eventually(lambda: "only here" in tab.entries)
    tab.composer.type_message("not sent")


async def test_the_question_about_a_private_tab_names_all_that_closing_ends() -> None:
    async with serving() as url, opened_window() as window:
        await open_private_tab(window.tab, f"{url}/echo")
        await open_private_tab(window.add_tab(), f"{url}/echo")
        window.do("win.close-tab")
        one = "1 connection is open, 1 message is not sent."
        await answer("cancel", says=f"only in this tab. {one}")
        window.do("window.close")
        await eventually(questions)
        (first,) = questions()
        assert "2 connections are open, 2 messages are not sent." in first.get_body()
        first.response("discard")
        await eventually(lambda: first not in questions() and questions())
        await answer("discard", says="only in this tab.")
        await eventually(lambda: not window.is_shown)


async def test_closing_does_not_ask_without_private_messages() -> None:
    async with serving() as url, opened_window() as window:
        tab = window.tab
        tab.connect_page.type_address(f"{url}/echo")
        await tab.set_options(Profile(record=False))
        await tab.connect(f"{url}/echo")
        await tab.disconnect()
        window.do("window.close")
        await eventually(lambda: not window.tabs or not window.is_shown)
        assert questions() == []


async def test_it_is_said_once_that_the_settings_cannot_be_saved(settings_path: Path) -> None:
    save(Settings(), settings_path)
    async with serving() as url, opened_window() as window:
        settings_path.unlink()
        settings_path.mkdir()  # cannot be replaced, even by root
        await window.connect(f"{url}/echo")
        await eventually(lambda: "The settings could not be saved" in " ".join(window.words))
        tab = window.add_tab()
        assert f"{url}/echo" in tab.connect_page.recent
        await window.connect(f"{url}/room/a")
        assert "The settings could not be saved" not in " ".join(tab.words)
        settings_path.rmdir()
