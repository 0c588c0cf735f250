"""What goes wrong is said in words: what, why, and what to do next."""

from __future__ import annotations

from tests.journeys.program import connect, say, serving, started
from tests.journeys.screen import BUTTON, TEXT, until


def test_an_address_that_leads_nowhere_is_explained_and_stays_to_be_put_right() -> None:
    with started() as program:
        window = program.window()
        connect(window, "example.invalid/feed")
        window.reads("Could not find the server “example.invalid”.")
        window.reads("Check the spelling, and whether this computer is online.")
        assert window.find(TEXT, "Address").text == "example.invalid/feed"


def test_a_refusal_is_explained_with_the_handshake_in_the_details() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        connect(window, f"{url}/nowhere")
        window.reads("refused with HTTP status 404")
        window.reads("Nothing is at this path: check the address after the host.")
        window.find(BUTTON, "Details").press()
        handshake = window.find(TEXT, "The handshake")
        assert "GET /nowhere HTTP/1.1" in handshake.text
        assert "HTTP/1.1 404 Not Found" in handshake.text


def test_a_server_that_is_killed_is_told_in_words_and_the_text_is_kept() -> None:
    with serving() as (url, server), started() as program:
        window = program.window()
        connect(window, f"{url}/echo")
        window.reads("Connected")
        say(window, "hello")
        until(lambda: window.says("hello") == 2, "the echo")
        window.find(TEXT, "Message").write("not sent yet")
        server.kill()
        window.reads("Connection lost")
        assert window.find(TEXT, "Message").text == "not sent yet"
        window.find(BUTTON, "Reconnect").press()
        window.reads("no server is listening at")
