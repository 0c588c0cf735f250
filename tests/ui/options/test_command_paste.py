"""A command line that is pasted into the address fills in the first screen."""

from __future__ import annotations

import socket

import pytest

from spacebeam.profiles.profile import Profile
from tests.support.processes import LOOPBACK, free_port
from tests.support.raw_server import header, raw_server, read_request, switching
from tests.support.waiting import eventually
from tests.ui.pageobjects.tab import opened_tab

_CURL = """curl --url 'https://h.test/feed?a=1' \\
  -H 'Origin: https://app.test' \\
  -H 'Upgrade: websocket' \\
  -H 'Sec-WebSocket-Key: HLtn82eAPcLSprmGcVPN/g==' \\
  -H 'Authorization: Bearer geheim' \\
  -b 'sid=1' --compressed
"""


async def test_a_pasted_command_fills_in_address_and_options() -> None:
    async with opened_tab() as tab:
        page = tab.connect_page
        page.paste(_CURL)
        await eventually(lambda: page.address == "wss://h.test/feed?a=1")
        assert page.options_summary.get_text() == "1 header · 1 cookie · Bearer"
        assert page.left_out == "Left out: 1 option, 2 headers of the handshake."
        assert "Options without a counterpart: --compressed." in page.open_left_out()
        assert not page.has_failure


async def test_a_pasted_command_is_no_recent_address_before_it_is_connected_to() -> None:
    async with opened_tab() as tab:
        page = tab.connect_page
        page.paste(f"curl ws://{LOOPBACK}:{free_port()}/feed -H 'X-A: 1'")
        await eventually(lambda: page.options_summary.get_text() == "1 header")
        assert not page.recent
        tab.press("Connect")
        assert list(page.recent) == [page.address]
        assert page.options_summary.get_text() == "1 header"


async def test_a_pasted_fetch_says_which_headers_it_does_not_have() -> None:
    async with opened_tab() as tab:
        page = tab.connect_page
        page.paste('fetch("wss://h.test/feed", {\n  "headers": {"x-a": "1"},\n  "body": null\n});')
        await eventually(lambda: page.address == "wss://h.test/feed")
        assert page.options_summary.get_text() == "1 header"
        assert page.left_out == "Left out: 3 headers that were not copied."
        assert "Origin, Cookie, Sec-WebSocket-Protocol" in page.open_left_out()


async def test_undo_brings_the_pasted_text_back_and_connect_reads_it_again() -> None:
    async with opened_tab() as tab:
        page = tab.connect_page
        page.paste(_CURL)
        await eventually(lambda: page.left_out)
        page.undo()
        assert page.address.rstrip("\n") == _CURL.rstrip("\n")
        assert page.left_out == ""
        tab.press("Connect")
        assert page.address == "wss://h.test/feed?a=1"
        assert page.left_out


async def test_typing_hides_what_was_left_out() -> None:
    async with opened_tab() as tab:
        page = tab.connect_page
        page.paste(_CURL)
        await eventually(lambda: page.left_out)
        page.type_address("wss://other.test")
        assert page.left_out == ""


async def test_headers_belong_to_the_address_that_was_there() -> None:
    async with opened_tab() as tab:
        page = tab.connect_page
        page.type_address("ws://h.test/x")
        page.paste("X-A: 1\nX-B: 2\n")
        await eventually(lambda: page.options_summary.get_text() == "2 headers")
        assert page.address == "ws://h.test/x"


async def test_a_message_of_the_command_is_not_dropped_in_silence() -> None:
    async with opened_tab() as tab:
        page = tab.connect_page
        page.paste("wscat -c ws://h.test -x hello")
        await eventually(lambda: page.left_out == "Left out: 1 message.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("curl 'ws://h.test", "a quotation mark is not closed"),
        ("wscat --listen 8080", "starts a server"),
        ("X-A: 1\nX-B: 2", "has no address"),
    ],
)
async def test_what_gives_no_connection_is_explained_and_stays(text: str, said: str) -> None:
    async with opened_tab() as tab:
        page = tab.connect_page
        page.paste(text)
        await eventually(lambda: page.says(said))
        assert page.address == text
        assert page.advice


async def test_an_address_that_is_private_stays_private() -> None:
    async with opened_tab() as tab:
        page = tab.connect_page
        page.type_address("ws://h.test/")
        await tab.set_options(Profile(record=False))
        page.paste("curl ws://h.test/ -H 'X-A: 1'")
        await eventually(lambda: page.options_summary.get_text() == "not recorded · 1 header")


async def test_the_connection_has_what_was_pasted() -> None:
    requests: list[bytes] = []

    def script(peer: socket.socket) -> None:
        requests.append(read_request(peer))
        peer.sendall(switching(requests[-1]))
        peer.recv(65536)

    with raw_server(script) as server:
        async with opened_tab() as tab:
            page = tab.connect_page
            page.paste(_CURL.replace("https://h.test", f"http://{LOOPBACK}:{server.port}"))
            await eventually(lambda: page.left_out)
            tab.press("Connect")
            await eventually(lambda: tab.is_connected)
    assert requests[0].startswith(b"GET /feed?a=1 HTTP/1.1\r\n")
    assert header(requests[0], "Origin") == "https://app.test"
    assert header(requests[0], "Authorization") == "Bearer geheim"
    assert header(requests[0], "Cookie") == "sid=1"
    assert requests[0].count(b"Sec-WebSocket-Key") == 1
