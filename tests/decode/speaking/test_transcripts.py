"""What clients of several protocols say by themselves, as the real ones did."""

from __future__ import annotations

import pytest

from spacebeam.decode.decoder import Value
from spacebeam.decode.speaking.graphql import GraphQlSpeaker, GraphQlWsSpeaker
from spacebeam.decode.speaking.mqtt import MqttSpeaker
from spacebeam.decode.speaking.mqtt5 import Mqtt5Speaker
from spacebeam.decode.speaking.phoenix import PhoenixSpeaker
from spacebeam.decode.speaking.signalr import SignalRSpeaker
from spacebeam.decode.speaking.signalr_message_pack import SignalRMessagePackSpeaker
from spacebeam.decode.speaking.speaker import Call, Parameters, Payload, Speaker, Verb
from spacebeam.decode.speaking.stomp import StompSpeaker
from tests.decode.speaking.reading import reactions, sent

SPEAKERS = (
    *(GraphQlSpeaker, GraphQlWsSpeaker, PhoenixSpeaker, StompSpeaker, MqttSpeaker, Mqtt5Speaker),
    *(SignalRSpeaker, SignalRMessagePackSpeaker),
)
AUTH: Value = {"token": "fake-token-1", "locale": "de"}


@pytest.mark.parametrize(
    ("speaker", "transcript"),
    [
        (GraphQlWsSpeaker, "graphql-ws-legacy"),
        (MqttSpeaker, "mqtt-v311-paho"),
        (Mqtt5Speaker, "mqtt-v5-paho"),
        (SignalRMessagePackSpeaker, "signalr-msgpack"),
    ],
)
def test_the_last_words_are_those_of_the_real_client(
    speaker: type[Speaker], transcript: str
) -> None:
    assert speaker(Parameters()).closing() == (sent(transcript)[-1],)


def test_other_last_words() -> None:
    assert StompSpeaker(Parameters()).closing() == ("DISCONNECT\n\n\0",)
    assert str(sent("stomp")[-1]).startswith("DISCONNECT\n")
    assert SignalRSpeaker(Parameters()).closing() == ('{"type":7}\x1e',)
    for silent in (GraphQlSpeaker, PhoenixSpeaker):
        assert silent(Parameters()).closing() == ()


def test_graphql_begins_and_answers_pings() -> None:
    speaker = GraphQlSpeaker(Parameters(auth=AUTH))
    assert speaker.opening() == (sent("graphql-transport-ws")[0],)
    found = reactions(speaker, "graphql-transport-ws")
    assert found[0].is_ready
    pongs = [one for one in sent("graphql-transport-ws") if str(one).startswith('{"type":"pong"')]
    assert [one for reaction in found for one in reaction.answers] == pongs
    written = speaker.written(Call(Verb.CALL, "{ a }", ({"id": 7},)), 0)
    assert written == (
        '{"id":"1","type":"subscribe","payload":{"query":"{ a }","variables":{"id":7}}}',
    )


def test_the_older_graphql_begins_and_learns_from_the_answer_as_the_real_client() -> None:
    speaker = GraphQlWsSpeaker(Parameters(auth={"token": "fake-token-1"}))
    assert speaker.opening() == (sent("graphql-ws-legacy")[0],)
    found = reactions(speaker, "graphql-ws-legacy")
    assert [(one.is_ready, one.is_own) for one in found[:3]] == [
        (True, True),  # connection_ack
        (False, True),  # ka
        (False, False),  # data
    ]
    assert not any(one.answers or one.refusal for one in found)
    assert speaker.written(Call(Verb.CALL, "query Hello { hello }"), 0) == (
        '{"id":"1","type":"start","payload":{"query":"query Hello { hello }"}}',
    )
    late = b'{"type":"connection_error","payload":{"message":"not JSON"}}'
    assert not speaker.react(late, is_text=True).refusal
    refused = GraphQlWsSpeaker(Parameters(auth={"token": "expired"}))
    assert refused.opening() == (sent("graphql-ws-legacy-refused")[0],)
    [reaction] = reactions(refused, "graphql-ws-legacy-refused")
    assert (reaction.is_ready, reaction.refusal) == (False, "token expired")


def test_phoenix_joins_a_topic_and_pushes_to_it() -> None:
    speaker = PhoenixSpeaker(Parameters("room:lobby", {"user": "zoë"}))
    assert speaker.opening() == ('["1","1","room:lobby","phx_join",{"user":"zoë"}]',)
    ok = b'["1","1","room:lobby","phx_reply",{"status":"ok","response":{}}]'
    assert speaker.react(ok, is_text=True).is_ready
    refused = b'["1","1","room:lobby","phx_reply",{"status":"error","response":{"reason":"no"}}]'
    assert speaker.react(refused, is_text=True).refusal == "no"
    assert speaker.written(Call(Verb.CALL, "new_msg", ({"a": 1},)), 0) == (
        '["1","2","room:lobby","new_msg",{"a":1}]',
    )
    assert speaker.written(Call(Verb.SUBSCRIBE, "room:7"), 1) == (
        '["3","3","room:7","phx_join",{}]',
    )
    assert speaker.written(Call(Verb.CALL, "room:7 shout"), 2) == ('["3","4","room:7","shout",{}]',)
    assert speaker.beat() == '[null,"0","phoenix","heartbeat",{}]'
    beat = b'[null,"0","phoenix","phx_reply",{"status":"ok","response":{}}]'
    assert speaker.react(beat, is_text=True).is_own
    assert PhoenixSpeaker(Parameters()).is_ready_at_once
    assert not any(one.refusal for one in reactions(PhoenixSpeaker(Parameters("x")), "phoenix"))


def test_stomp_connects_with_heart_beats() -> None:
    speaker = StompSpeaker(Parameters(user="guest", password="guest"))
    assert speaker.opening() == (
        "CONNECT\naccept-version:1.2,1.1,1.0\nheart-beat:10000,10000\nlogin:guest\n"
        "passcode:guest\n\n\0",
    )
    found = reactions(speaker, "stomp")
    assert found[0].is_ready
    assert not any(one.is_ready for one in found[1:])
    assert speaker.heartbeat == 10
    assert speaker.written(Call(Verb.SUBSCRIBE, "/topic/a"), 0) == (
        "SUBSCRIBE\nid:sub-0\ndestination:/topic/a\n\n\0",
    )
    assert speaker.written(Call(Verb.PUBLISH, "/topic/a", ("ü",)), 1) == (
        "SEND\ndestination:/topic/a\ncontent-length:2\n\nü\0",
    )
    [binary] = speaker.written(Call(Verb.PUBLISH, "/topic/a", (b"\0\xff",)), 1)
    assert binary == b"SEND\ndestination:/topic/a\ncontent-length:2\n\n\0\xff\0"
    bad = StompSpeaker(Parameters())
    bad.opening()
    assert any(one.refusal for one in reactions(bad, "stomp-badlogin"))


def test_mqtt_connects_and_acknowledges_as_the_real_client() -> None:
    speaker = MqttSpeaker(Parameters(user="ada", password="pw"))
    [connect] = speaker.opening()
    assert isinstance(connect, bytes)
    assert connect[:1] == b"\x10"
    assert b"\x00\x03ada\x00\x02pw" in connect
    found = reactions(speaker, "mqtt-v311-paho")
    assert found[0].is_ready
    acknowledged = {b"\x40", b"\x50", b"\x62", b"\x70"}  # PUBACK, PUBREC, PUBREL, PUBCOMP
    real = [one for one in sent("mqtt-v311-paho") if bytes(one[:1]) in acknowledged]  # type: ignore[arg-type]
    answers = [one for reaction in found for one in reaction.answers]
    assert sorted(map(bytes, answers)) == sorted(map(bytes, real))  # type: ignore[arg-type]
    assert speaker.written(Call(Verb.PUBLISH, "a/b", ("hi",)), 0) == (b"\x30\x07\x00\x03a/bhi",)
    assert speaker.written(Call(Verb.PUBLISH, "a", ("x", "qos=1", "retain")), 4) == (
        b"\x33\x06\x00\x01a\x00\x05x",
    )
    assert speaker.written(Call(Verb.SUBSCRIBE, "a/#"), 0) == (b"\x82\x08\x00\x01\x00\x03a/#\x01",)
    refused = MqttSpeaker(Parameters()).react(b"\x20\x02\x00\x05", is_text=False)
    assert (refused.is_ready, refused.refusal) == (False, "not authorized")


def test_signalr_shakes_hands_and_invokes_as_the_real_client() -> None:
    speaker = SignalRSpeaker(Parameters())
    assert speaker.opening() == (sent("signalr-json")[0],)
    found = reactions(speaker, "signalr-json")
    assert [one.is_ready for one in found[:2]] == [True, False]
    assert speaker.beat() == sent("signalr-json")[1]
    add = '{"type":1,"invocationId":"0","target":"Add","arguments":[40,2]}\x1e'
    assert speaker.written(Call(Verb.CALL, "Add", (40, 2)), 0) == (add,)
    assert "invocationId" not in str(speaker.written(Call(Verb.EMIT, "Add", (40, 2)), 0))
    refused = SignalRSpeaker(Parameters())
    refused.opening()
    assert refused.react(b'{"error":"no json"}\x1e', is_text=True).refusal == "no json"


CALLS = {
    GraphQlSpeaker: [Call(Verb.CALL, "query A { a }", ({"b": 1},)), Call(Verb.CALL, "{ a }")],
    GraphQlWsSpeaker: [Call(Verb.CALL, "query A { a }", ({"b": 1},)), Call(Verb.CALL, "{ a }")],
    PhoenixSpeaker: [Call(Verb.CALL, "t e", ({},)), Call(Verb.SUBSCRIBE, "t", ({"a": 1},))],
    StompSpeaker: [Call(Verb.PUBLISH, "/q", ("a",)), Call(Verb.SUBSCRIBE, "/q")],
    MqttSpeaker: [Call(Verb.PUBLISH, "a/b", ("hi",)), Call(Verb.SUBSCRIBE, "a/+")],
    Mqtt5Speaker: [Call(Verb.PUBLISH, "a/b", ("hi",)), Call(Verb.SUBSCRIBE, "a/+")],
    SignalRSpeaker: [Call(verb, "Add", (1, [2])) for verb in SignalRSpeaker.verbs],
    SignalRMessagePackSpeaker: [
        Call(verb, "Add", (1, [b"\x00"], {"a": None})) for verb in SignalRSpeaker.verbs
    ],
}


@pytest.mark.parametrize("kind", SPEAKERS)
def test_a_sent_call_is_a_call_again(kind: type[Speaker]) -> None:
    speaker = kind(Parameters())
    speaker.opening()
    for call in CALLS[kind]:
        assert speaker.call_in(speaker.written(call, 3)[0]) == call
    others: tuple[Payload, ...] = (
        "",
        "hi",
        "{}",
        "[]",
        b"",
        b"\x00",
        "42",
        "\n",
        "{}\x1e",
        "CONNECT",
    )
    for other in others:
        assert speaker.call_in(other) is None


@pytest.mark.parametrize("kind", SPEAKERS)
def test_wrong_calls_are_refused_in_words(kind: type[Speaker]) -> None:
    speaker = kind(Parameters())
    other = next(one for one in Verb if one not in speaker.verbs)
    with pytest.raises(ValueError, match=f"has no {other}"):
        speaker.written(Call(other, "a"), 0)
    if not issubclass(kind, SignalRSpeaker):
        with pytest.raises(ValueError, match=r"^[a-z].*[^.]$"):
            speaker.written(Call(speaker.verbs[0], ""), 0)


@pytest.mark.parametrize("kind", SPEAKERS)
@pytest.mark.parametrize(
    "payload",
    [
        *(b"", b"{", b"{}", b"[]", b"{}\x1e", b"\x1e", b'{"error":1}\x1e', b"\n", b"\x20\x02\x00"),
        *(b"CONNECTED\nheart-beat:x,99999999999999999999\n\n\0", b"CONNECTED", b"ERROR\n\n\0"),
        *(b'[1,2,"a","phx_reply",{}]', b'["1","1","","phx_reply",{"status":[]}]', b"\xff" * 99),
        *(b'{"type":"connection_error"}', b'{"type":"connection_error","payload":[1]}'),
        *(b'{"type":"ping","payload":' + b"[" * 999, b"[" * 9999, b"\x34\x7f" + b"\xff" * 200),
    ],
)
def test_a_hostile_server_gets_no_exception(kind: type[Speaker], payload: bytes) -> None:
    speaker = kind(Parameters())
    speaker.opening()
    for is_text in (True, False):
        speaker.react(payload, is_text=is_text)
    assert 0 <= speaker.heartbeat < 1e9
