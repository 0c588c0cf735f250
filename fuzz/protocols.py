"""Fuzzing of protocols: any values in any order have bounded messages."""

from __future__ import annotations

from fuzz.target import Target, split
from spacebeam.decode.decoder import Context, DecodeError
from spacebeam.decode.json_values import read_json
from spacebeam.decode.protocols.keys import MAX_MESSAGES, MAX_TEXT
from spacebeam.decode.protocols.known import PROTOCOLS

_SEPARATOR = b"\x1e"
_SUBPROTOCOLS = (
    "",
    "graphql-transport-ws",
    "graphql-ws",
    "ocpp1.6",
    "actioncable-v1-json",
    "wamp.2.json",
)
_ENDPOINTS = (
    "",
    "ws://a.test/devtools/page/1",
    "ws://a.test/session",
    "ws://a.test/socket/websocket?vsn=2.0.0",
    "ws://a.test/connection/websocket",
    "ws://a.test/api/websocket",
)


def check_protocols(data: bytes) -> None:
    """Check all protocols; `data` has a subprotocol, an endpoint and JSON texts."""
    head, payload = split(data, 2)
    contexts = [
        Context(
            "text",
            direction,
            _ENDPOINTS[head[1] % len(_ENDPOINTS)],
            _SUBPROTOCOLS[head[0] % len(_SUBPROTOCOLS)],
        )
        for direction in ("sent", "received")
    ]
    for number, part in enumerate(payload.split(_SEPARATOR)):
        try:
            value = read_json(part)
        except DecodeError:
            continue
        context = contexts[number % 2]
        context.memory.update(contexts[1 - number % 2].memory)
        PROTOCOLS.messages(value, context)
        for protocol in PROTOCOLS.protocols:
            assert 0 <= protocol.confidence(value, context) <= 1
            messages = protocol.messages(value, context)
            assert len(messages) <= MAX_MESSAGES
            for message in messages:
                assert len(message.asks) <= MAX_TEXT
                assert len(message.answers) <= MAX_TEXT
                assert len(message.id) <= MAX_TEXT + 2  # with quotation marks
                assert len(message.name) <= 2 * MAX_TEXT + 20
                assert len(message.type) <= MAX_TEXT


_CONVERSATIONS = (
    b'{"jsonrpc":"2.0","method":"a","id":1}\x1e[{"jsonrpc":"2.0","result":null,"id":1}]',
    b'{"id":"1","type":"subscribe","payload":{"query":"query A($b: C = {d: 1}) { e }"}}\x1e'
    b'{"id":"1","type":"next","payload":{"errors":[1]}}',
    b'[2,"1","BootNotification",{}]\x1e[3,"1",{}]\x1e[4,"1","a","b",{}]',
    b'["1","1","a","phx_join",{}]\x1e["1","1","a","phx_reply",{"status":"error"}]',
    b'{"command":"subscribe","identifier":"{\\"channel\\":\\"A\\"}"}\x1e'
    b'{"identifier":"{\\"channel\\":\\"A\\"}","message":1}',
    b'{"id":1,"method":"Page.enable","sessionId":"A"}\x1e{"id":1,"error":{"code":-32001}}',
    b'{"id":1,"method":"session.new","params":{}}\x1e{"type":"error","id":1,"error":"a"}',
    b'[32,1,{},"a"]\x1e[33,1,2]\x1e[8,32,1,{},"a"]\x1e[36,2,3,{},[1],{"a":1}]',
    b'{"header":{"msg_id":"1","msg_type":"a_request"},"parent_header":{},"metadata":{},'
    b'"content":{},"channel":"shell"}',
    b'{"id":1,"connect":{}}\x1e[{"id":1,"connect":{"client":"a","version":"1"}},{},{"push":{}}]',
    b'{"type":"subscribe_events","id":1}\x1e[{"type":"result","id":1},{"type":"event","id":1}]',
    b'{"op":2,"d":{"token":"a","intents":1,"properties":{}}}\x1e{"op":0,"d":1,"t":"READY","s":1}',
)

PROTOCOL_TARGETS = {
    "protocols": Target(
        check_protocols,
        tuple(
            bytes((subprotocol, endpoint)) + conversation
            for subprotocol in range(len(_SUBPROTOCOLS))
            for endpoint in range(len(_ENDPOINTS))
            for conversation in _CONVERSATIONS
        ),
    ),
}
