"""SignalR's negotiation with hubs that do it, send elsewhere, and do not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from spacebeam.decode.speaking.speaker import Call, Verb
from spacebeam.profiles.profile import (
    Profile,
    ProtocolSettings,
    SignIn,
    SignInMethod,
    SpokenProtocol,
)
from tests.session.sessions import close_session, entry_texts, opened, recorded_session
from tests.support.node_peer import signalr_server
from tests.support.waiting import eventually

SIGNALR = ProtocolSettings(SpokenProtocol.SIGNALR)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Run a server; yield its address."""
    with signalr_server() as port:
        yield f"ws://127.0.0.1:{port}"


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
