"""A browser's “Copy as cURL” is pasted into the address, and the connection is made."""

from __future__ import annotations

from tests.journeys.program import serving, started
from tests.journeys.screen import BUTTON, TEXT, until


def test_a_copied_curl_command_is_pasted_and_connected() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        address = window.find(TEXT, "Address")
        web = url.replace("ws://", "http://")
        address.write(f"curl --url '{web}/echo' -H 'X-A: 1' -H 'Upgrade: websocket' --compressed")
        until(lambda: address.text == f"{url}/echo", "the address")
        window.reads("1 header")
        window.reads("Left out: 1 option, 1 header of the handshake.")
        window.find(BUTTON, "Connect").press()
        window.reads("Connected")
