"""Discord's gateway, in a zlib stream and as text."""

from __future__ import annotations

import pytest

from spacebeam.decode.decoder import Context, Value
from spacebeam.decode.protocols.discord import DiscordGateway
from spacebeam.decode.zlib_stream import ZlibStreamDecoder
from tests.decode.protocols.heard import expectations, heard, values
from tests.decode.transcripts import Line

NAME = "discord-zlib-stream"


def _read(line: Line) -> Value:
    if line.context.kind == "text":
        return values(line)
    return ZlibStreamDecoder().decode(line.payload, line.context).value


def test_every_expected_message() -> None:
    found = heard(NAME, DiscordGateway(), read=_read)
    for expected in expectations(NAME):
        said = [one.message for one in found if one.line == expected["line"]]
        payloads = expected.get("values", [])
        payloads = payloads if isinstance(payloads, list) else [payloads]
        assert [message.value for message in said] == [one["d"] for one in payloads]
        assert [message.name for message in said] == [one.get("t") or "" for one in payloads]
        assert [message.id for message in said] == [str(one.get("s") or "") for one in payloads]
        for message in said:
            assert expected["what"].startswith(message.type) or message.type == "DISPATCH"


def test_answers_find_their_questions() -> None:
    found = heard(NAME, DiscordGateway(), read=_read)
    pairs = {one.line: (one.pairs_with, one.message.is_error) for one in found if one.pairs_with}
    assert pairs == {4: (3, False), 7: (6, False), 12: (11, True)}


@pytest.mark.parametrize(
    ("value", "endpoint", "confidence"),
    [
        ({"op": 10, "d": {"heartbeat_interval": 41250}, "s": None, "t": None}, "", 0.9),
        ({"op": 10, "d": {}, "s": None, "t": None}, "", 0),
        ({"op": 1, "d": 5}, "", 0),
        ({"op": 1, "d": 5}, "wss://gateway.discord.gg/?v=10", 0.95),
        ({"op": 1, "d": 5}, "wss://gateway-us-east1-b.discord.gg/?v=10", 0.95),
        ({"op": 1}, "wss://gateway.discord.gg/?v=10", 0),
        ({"op": 99, "d": 5}, "wss://gateway.discord.gg/?v=10", 0),
        ({"op": True, "d": 5}, "wss://gateway.discord.gg/?v=10", 0),
        ({"op": [1], "d": 5}, "wss://gateway.discord.gg/?v=10", 0),
        ({"op": "subscribe", "d": 5}, "wss://gateway.discord.gg/?v=10", 0),
    ],
)
def test_what_is_proof(value: Value, endpoint: str, confidence: float) -> None:
    assert DiscordGateway().confidence(value, Context(endpoint=endpoint)) == confidence
