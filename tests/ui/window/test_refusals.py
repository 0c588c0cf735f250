"""Odd answers of servers, as the window explains them."""

from __future__ import annotations

import socket

from tests.support.certificates import Authority
from tests.support.processes import LOOPBACK
from tests.support.raw_server import raw_server, read_request, wait_for_end
from tests.support.waiting import eventually
from tests.support.websockets_peer import websockets_peer
from tests.ui.pageobjects.tab import SHOW_CERTIFICATE, opened_tab

PAGE = "<h1>Não encontrado</h1>\r\n<script>x()</script>".encode("latin-1")
HEAD = "HTTP/1.1 404 Não\r\nServer: café\r\nContent-Type: text/html\r\n".encode("latin-1")


async def test_an_answer_in_latin_1_is_explained_and_shown_as_text() -> None:
    def script(peer: socket.socket) -> None:
        read_request(peer)
        peer.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE)

    with raw_server(script) as server:
        async with opened_tab() as tab:
            tab.connect_page.submit(f"ws://{LOOPBACK}:{server.port}/")
            await eventually(lambda: tab.connect_page.has_failure)
            assert tab.says(f"{LOOPBACK}:{server.port} refused with HTTP status 404 Não.")
            details = tab.connect_page.open_details()
    assert "Server: café\n" in details
    assert "\nNão encontrado\n" in details
    assert "<" not in details


async def test_a_server_of_another_protocol_is_named_with_what_it_said() -> None:
    def greet(peer: socket.socket) -> None:
        peer.sendall(b"SSH-2.0-x\x1b[2J\r\n")
        wait_for_end(peer)

    with raw_server(greet) as server:
        where = f"{LOOPBACK}:{server.port}"
        async with opened_tab() as tab:
            tab.connect_page.submit(f"ws://{where}/")
            await eventually(lambda: tab.connect_page.has_failure)
            assert tab.says(f"{where} speaks SSH, not HTTP. It said: “SSH-2.0-x␛[2J”.")
            assert tab.connect_page.advice == "Check the port."


async def test_a_close_without_an_answer_has_advice_for_the_window() -> None:
    with raw_server(read_request) as server:
        async with opened_tab() as tab:
            tab.connect_page.submit(f"ws://{LOOPBACK}:{server.port}/")
            await eventually(lambda: tab.connect_page.has_failure)
            assert "It may want a subprotocol; add one in the options." in tab.connect_page.advice


async def test_the_window_names_its_own_way_to_trust_a_certificate(authority: Authority) -> None:
    with websockets_peer(context=authority.issue().context()) as port:
        async with opened_tab() as tab:
            tab.connect_page.submit(f"wss://localhost:{port}/")
            await eventually(lambda: tab.connect_page.has_failure)
            assert "show its certificate" in tab.connect_page.advice
            assert "--" not in tab.connect_page.advice
            assert tab.connect_page.shows_button(SHOW_CERTIFICATE)
