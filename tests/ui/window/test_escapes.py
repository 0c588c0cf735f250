"""Protocols whose frames end with characters that no keyboard has, over real sockets."""

from __future__ import annotations

import json

import pytest
from websockets.asyncio.server import ServerConnection, serve

from spacebeam.ui.composer.draft import PayloadFormat
from tests.support.waiting import eventually
from tests.ui.pageobjects.tab import opened_tab

RECORD_SEPARATOR = "\x1e"


async def stomp(connection: ServerConnection) -> None:
    """Answer a STOMP 1.2 CONNECT frame, which ends with NUL."""
    async for frame in connection:
        assert isinstance(frame, str)
        if frame.startswith("CONNECT\n") and frame.endswith("\n\n\0"):
            await connection.send("CONNECTED\nversion:1.2\n\n\0")
        else:
            await connection.send("ERROR\nmessage:malformed frame\n\n\0")


async def signal_r(connection: ServerConnection) -> None:
    """Answer SignalR's handshake, JSON that ends with a record separator."""
    async for frame in connection:
        assert isinstance(frame, str)
        text, end, rest = frame.partition(RECORD_SEPARATOR)
        is_valid = end and not rest and json.loads(text)["protocol"] == "json"
        await connection.send(("{}" if is_valid else '{"error":"handshake"}') + RECORD_SEPARATOR)


@pytest.mark.parametrize(
    ("server", "form", "typed", "answer"),
    [
        (stomp, PayloadFormat.TEXT, "CONNECT\naccept-version:1.2\n\n\\0", b"CONNECTED\n"),
        (stomp, PayloadFormat.TEXT, r"CONNECT\naccept-version:1.2\n\n\x00", b"CONNECTED\n"),
        (signal_r, PayloadFormat.JSON, r'{"protocol": "json", "version": 1}\x1e', b"{}\x1e"),
        (signal_r, PayloadFormat.TEXT, r'{"protocol":"json","version":1}\u{1e}', b"{}\x1e"),
    ],
)
async def test_a_frame_is_written_with_escapes_and_understood(
    server: object, form: PayloadFormat, typed: str, answer: bytes
) -> None:
    assert callable(server)
    async with serve(server, "127.0.0.1", 0) as listening, opened_tab() as tab:
        port = next(iter(listening.sockets)).getsockname()[1]
        await tab.connect(f"ws://127.0.0.1:{port}/")
        tab.composer.type_message(typed, form)
        tab.composer.widget.activate_action("composer.escapes", None)
        tab.composer.press_enter()
        await eventually(lambda: len(tab.recording) == 3)
        assert tab.recording.entry(2).payload.startswith(answer)
