"""The address of a protocol's WebSocket, and what the protocol is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from spacebeam.profiles.collection import Variable
from spacebeam.profiles.plan import plan_for
from spacebeam.profiles.profile import (
    Profile,
    ProtocolSettings,
    RequestSettings,
    SignIn,
    SignInMethod,
    SpokenProtocol,
)
from spacebeam.profiles.saved_profile import from_json, to_json
from spacebeam.profiles.variables import Resolver
from spacebeam.protocol.endpoint import parse


@pytest.mark.parametrize(
    ("typed", "resource", "namespace", "version"),
    [
        ("ws://h", "/socket.io/?EIO=4&transport=websocket", "", ""),
        ("ws://h/admin", "/socket.io/?EIO=4&transport=websocket", "/admin", ""),
        ("ws://h/a,b", "/socket.io/?EIO=4&transport=websocket", "/a%2Cb", ""),
        ("ws://h/?a=1", "/socket.io/?EIO=4&transport=websocket&a=1", "", ""),
        ("ws://h/x/socket.io/", "/x/socket.io/?EIO=4&transport=websocket", "", ""),
        ("ws://h/?EIO=3", "/socket.io/?transport=websocket&EIO=3", "", "3"),
        ("ws://h/x?EIO=4&transport=websocket", "/x?EIO=4&transport=websocket", "", "4"),
    ],
)
def test_socket_io_has_a_path_and_a_namespace(
    typed: str, resource: str, namespace: str, version: str
) -> None:
    profile = Profile(protocol=ProtocolSettings(SpokenProtocol.SOCKET_IO, ' {"a": 1} '))
    plan = plan_for(parse(typed), profile)
    assert plan.endpoint.resource == resource
    assert plan.typed_endpoint == parse(typed)
    assert plan.spoken is not None
    assert (plan.spoken.scope, plan.spoken.version) == (namespace, version)
    assert plan.spoken.auth == {"a": 1}


def test_engine_io_has_its_own_path_unless_one_is_typed() -> None:
    profile = Profile(protocol=ProtocolSettings(SpokenProtocol.ENGINE_IO))
    found = [plan_for(parse(one), profile).endpoint.resource for one in ("ws://h", "ws://h/e")]
    query = "?EIO=4&transport=websocket"
    assert found == [f"/engine.io/{query}", f"/e{query}"]


def test_parameters_are_added_after_those_of_the_protocol() -> None:
    protocol = ProtocolSettings(SpokenProtocol.SOCKET_IO)
    profile = Profile(RequestSettings(query=(("room", "7"),)), protocol=protocol)
    resource = plan_for(parse("ws://h"), profile).endpoint.resource
    assert resource == "/socket.io/?EIO=4&transport=websocket&room=7"


def test_without_a_protocol_nothing_is_spoken() -> None:
    plan = plan_for(parse("ws://h/x"), Profile())
    assert plan.spoken is None
    assert plan.endpoint.resource == "/x"


def test_phoenix_has_the_path_and_the_version_of_its_own_client() -> None:
    profile = Profile(protocol=ProtocolSettings(SpokenProtocol.PHOENIX, topic="room:1"))
    plan = plan_for(parse("ws://h/socket"), profile)
    assert plan.endpoint.resource == "/socket/websocket?vsn=2.0.0"
    assert plan.spoken is not None
    assert plan.spoken.scope == "room:1"
    whole = plan_for(parse("ws://h/live/websocket?vsn=2.0.0&t=1"), profile)
    assert whole.endpoint.resource == "/live/websocket?vsn=2.0.0&t=1"


def test_subprotocols_are_offered_before_those_that_were_typed() -> None:
    protocol = ProtocolSettings(SpokenProtocol.STOMP)
    for typed, offered in (
        ((), ("v12.stomp", "v11.stomp", "v10.stomp")),
        (("mine",), ("v12.stomp", "v11.stomp", "v10.stomp", "mine")),
        (("v10.stomp",), ("v10.stomp",)),
    ):
        profile = Profile(RequestSettings(subprotocols=typed), protocol=protocol)
        assert plan_for(parse("ws://h"), profile).options.subprotocols == offered


@pytest.mark.parametrize(
    ("protocol", "offered"),
    [
        (SpokenProtocol.MQTT_5, ("mqtt",)),
        (SpokenProtocol.GRAPHQL, ("graphql-transport-ws",)),
        (SpokenProtocol.GRAPHQL_WS, ("graphql-ws",)),
        (SpokenProtocol.SIGNALR_MESSAGE_PACK, ()),
    ],
)
def test_a_protocol_offers_its_own_subprotocol(
    protocol: SpokenProtocol, offered: tuple[str, ...]
) -> None:
    profile = Profile(protocol=ProtocolSettings(protocol))
    assert plan_for(parse("ws://h"), profile).options.subprotocols == offered


@pytest.mark.parametrize("protocol", SpokenProtocol)
def test_every_protocol_is_saved_with_the_profile(protocol: SpokenProtocol) -> None:
    profile = Profile(protocol=ProtocolSettings(protocol))
    assert from_json(to_json(profile)) == profile


def test_a_protocol_with_a_sign_in_of_its_own_gets_user_and_password() -> None:
    sign_in = SignIn(SignInMethod.PASSWORD, user="ada", password="pw")
    for protocol, is_own in (
        (SpokenProtocol.MQTT, True),
        (SpokenProtocol.MQTT_5, True),
        (SpokenProtocol.GRAPHQL, False),
        (SpokenProtocol.GRAPHQL_WS, False),
    ):
        profile = Profile(sign_in=sign_in, protocol=ProtocolSettings(protocol))
        plan = plan_for(parse("ws://h"), profile)
        assert plan.spoken is not None
        assert (plan.spoken.user, plan.spoken.password) == (("ada", "pw") if is_own else ("", ""))
        assert bool(plan.options.user) is not is_own


def test_sign_in_data_of_variables_are_written_to_files_and_their_values_are_escaped() -> None:
    auth = '{"token": "{{token}}", "trial": true}'
    profile = Profile(protocol=ProtocolSettings(SpokenProtocol.SOCKET_IO, auth))
    assert from_json(to_json(profile)) == profile
    secret = replace(profile, protocol=replace(profile.protocol, auth='{"a": "{{b}}", "c": "d"}'))
    assert from_json(to_json(secret)).protocol.auth is None
    variables = {"token": Variable("token", 'a"b', is_secret=True)}
    found = Resolver(variables).profile(profile)
    assert found.protocol.auth == '{"token": "a\\"b", "trial": true}'
