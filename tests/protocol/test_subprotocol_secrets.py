"""Tokens that are offered as subprotocols are masked; names of protocols are not."""

from __future__ import annotations

import pytest

from spacebeam.protocol.subprotocol_secrets import masked_subprotocol, masked_subprotocols

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcDEF123_-x"
# Of IANA's registry, and others that servers use.
PLAIN = """
    graphql-transport-ws graphql-ws mqtt mqttv3.1 v10.stomp v12.stomp ocpp1.6 ocpp2.0.1
    wamp.2.json wamp.2.msgpack.batched MBWS.huawei.com soap wamp rfb sip wpcp amqp jsflow rwpcp
    xmpp ship msrp notificationchannel-netapi-rest.openmobilealliance.org mielecloudconnect
    v10.pcp.sap.com bfcp v1.saltyrtc.org TLCP-2.0.0.lightstreamer.com sldp.softvelum.com
    opcua+uacp opcua+uajson v1.usp v1.swindon-lattice+json mles-websocket coap sqlnet.oracle.com
    oneM2M.R2.0.json oneM2M.R4.0.cbor transit 2016.serverpush.dash.mpeg.org clue
    webrtc.softvelum.com cobra.v2.json drp jmap t140 hub.bsc.bacnet.org v4.channel.k8s.io
    v5.channel.k8s.io base64.binary.k8s.io v1.kernel.websocket.jupyter.org
    v1.token.websocket.jupyter.org actioncable-v1-json actioncable-unsupported
    aws-appsync-event-ws janus-protocol lws-mirror-protocol dumb-increment-protocol
    vnd.openmobilealliance.ocpp.v201 binary.ircv3.net lwm2m echo-protocol
    com.example.MyVeryLongProtocolNameForChat2 WebManagement-DMTF-1.0 realtime
    openai-beta.realtime-v1 sparkplug-b phoenix json chat superchat key-value.v1 auth-chat
    session.v1 token.v1 tokenring json-rpc-2.0 com.microsoft.minecraft.wsencrypt
"""


@pytest.mark.parametrize("name", PLAIN.split())
def test_names_of_protocols_are_shown(name: str) -> None:
    assert masked_subprotocol(name) == name
    assert masked_subprotocols((name, "other")) == (name, "other")


@pytest.mark.parametrize(
    ("offered", "shown"),
    [
        (
            "base64url.bearer.authorization.k8s.io.c2VjcmV0 v4.channel.k8s.io",
            "base64url.bearer.authorization.k8s.io.••• v4.channel.k8s.io",
        ),
        ("base64url.bearer.phx.c2Vj phoenix", "base64url.bearer.phx.••• phoenix"),
        (
            "v1.kernel.websocket.jupyter.org v1.token.websocket.jupyter.org.abc",
            "v1.kernel.websocket.jupyter.org v1.token.websocket.jupyter.org.•••",
        ),
        (
            "realtime openai-insecure-api-key.sk-abc openai-beta.realtime-v1",
            "realtime openai-insecure-api-key.••• openai-beta.realtime-v1",
        ),
        (f"access_token {JWT}", "access_token •••"),
        ("access_token s3cret", "access_token •••"),
        ("bearer s3cret chat", "bearer ••• chat"),
        ("Authorization Basic YTpi", "Authorization Basic •••"),
        ("token graphql-ws s3cret", "token graphql-ws •••"),
        ("X-Api-Key s3cret v2", "X-Api-Key ••• v2"),
        ("graphql-ws header-eyJob3N0Ijoi", "graphql-ws header-•••"),
        ("Bearer.s3cret", "Bearer.•••"),
        ("token-s3cret", "token-•••"),
        ("my.api-key.s3cret", "my.api-key.•••"),
        (JWT, "•••"),
        (f"chat.{JWT}", "chat.•••"),
        ("550e8400-e29b-41d4-a716-446655440000", "•••"),
        ("mine.3f9a8b7c6d5e4f3a2b1c", "mine.•••"),
        ("AbCdEfGhIjKlMnOpQr", "•••"),
        ("abcdefghijklmnopqrstuvwxyzabcdefgh", "•••"),
    ],
)
def test_tokens_are_masked_and_the_rest_is_shown(offered: str, shown: str) -> None:
    assert masked_subprotocols(offered.split()) == tuple(shown.split())
    assert masked_subprotocols(shown.split()) == tuple(shown.split())


def test_the_agreed_subprotocol_is_masked_as_it_was_offered() -> None:
    offered = ("access_token", "s3cret", "v12.stomp")
    assert masked_subprotocol("s3cret", offered) == "•••"
    assert masked_subprotocol("v12.stomp", offered) == "v12.stomp"
    assert masked_subprotocol("") == ""
