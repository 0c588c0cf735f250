"""SignalR's negotiation with hubs that do it, send elsewhere, and do not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from spacebeam.decode.decoder import Context, DecodeError
from spacebeam.decode.signalr_message_pack import SignalRMessagePackDecoder
from spacebeam.decode.speaking.speaker import Call, Verb
from spacebeam.profiles.profile import (
    Profile,
    ProtocolSettings,
    SignIn,
    SignInMethod,
    SpokenProtocol,
)
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.session.session import Session
from tests.session.sessions import (
    close_session,
    entry_texts,
    opened,
    recorded_session,
    recording_of,
)
from tests.support.node_peer import signalr_message_pack_server, signalr_server
from tests.support.waiting import eventually

SIGNALR = ProtocolSettings(SpokenProtocol.SIGNALR)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Run a server; yield its address."""
    with signalr_server() as port:
        yield f"ws://127.0.0.1:{port}"


def answers(session: Session) -> list[dict[str, Any]]:
    """Return the received messages of SignalR in MessagePack that belong to an invocation."""
    recording, found = recording_of(session), []
    for entry in map(recording.entry, range(len(recording))):
        if entry.kind is Kind.BINARY and entry.direction is Direction.RECEIVED:
            with suppress(DecodeError):
                value: Any = SignalRMessagePackDecoder().decode(entry.payload, Context()).value
                found += value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, dict) and "invocationId" in one]


@pytest.mark.parametrize(
    ("path", "result"),
    [
        ("/hub", '["Bearer mine",""]'),
        ("/moved", '["Bearer t0ken","moved"]'),
        ("/plain", '["Bearer mine",""]'),
        ("/evil?to=ws%2Bunix:/run/secret.sock:/", '["Bearer mine",""]'),
        ("/evil?to=gopher://a/", '["Bearer mine",""]'),
        ("/evil", '["Bearer mine","evil"]'),
    ],
)
async def test_a_hub_is_negotiated_with_and_answers(server: str, path: str, result: str) -> None:
    session = recorded_session()
    sign_in = SignIn(SignInMethod.BEARER, token="mine")
    await opened(session, server + path, Profile(sign_in=sign_in, protocol=SIGNALR))
    await session.speech.until_ready()
    for call in (Call(Verb.CALL, "Add", (40, 2)), Call(Verb.CALL, "Who")):
        [payload] = session.speech.payloads(call)
        await session.send(payload)
    added = 'RECEIVED {"type":3,"invocationId":"0","result":42}\x1e'
    await eventually(lambda: added in entry_texts(session))
    told = f'RECEIVED {{"type":3,"invocationId":"1","result":{result}}}\x1e'
    await eventually(lambda: told in entry_texts(session))
    assert session.connection is not None
    assert session.connection.report is not None
    assert "id=" not in session.connection.report.url
    await close_session(session)


async def test_a_hub_is_negotiated_with_and_answers_in_message_pack() -> None:
    protocol = ProtocolSettings(SpokenProtocol.SIGNALR_MESSAGE_PACK)
    session = recorded_session()
    with signalr_message_pack_server() as port:
        await opened(session, f"ws://127.0.0.1:{port}/hub", Profile(protocol=protocol))
        await session.speech.until_ready()
        for call in (
            Call(Verb.CALL, "Add", (40, 2)),
            Call(Verb.CALL, "Reverse", (b"abc",)),
            Call(Verb.CALL, "Fail"),
            Call(Verb.SUBSCRIBE, "Count", (2,)),
        ):
            [payload] = session.speech.payloads(call)
            await session.send(payload)
        await eventually(lambda: len(answers(session)) == 6)
        items = answers(session)
        assert {"type": 3, "invocationId": "0", "result": 42} in items
        assert {"type": 3, "invocationId": "1", "result": b"cba"} in items
        failed = {"type": 3, "invocationId": "2", "error": "HubException: it failed"}
        assert failed in items
        counted = [one for one in items if one.get("invocationId") == "3"]
        assert [one.get("item") for one in counted] == [0, 1, None]
        [shutdown] = session.speech.payloads(Call(Verb.EMIT, "Shutdown"))
        await session.send(shutdown)
        await eventually(lambda: session.speech.refusal == "no")
        await close_session(session)
