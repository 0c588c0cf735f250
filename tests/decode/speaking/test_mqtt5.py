"""What a client of MQTT 5 says by itself, and how it is told of refusals."""

from __future__ import annotations

import pytest

from spacebeam.decode.decoder import Context, Value
from spacebeam.decode.mqtt import MqttDecoder
from spacebeam.decode.speaking.mqtt import MqttSpeaker
from spacebeam.decode.speaking.mqtt5 import Mqtt5Speaker
from spacebeam.decode.speaking.speaker import Call, Parameters, Payload, Verb
from tests.decode.speaking.reading import reactions, sent

ACCEPTED: dict[str, Value] = {"type": "CONNACK", "sessionPresent": False, "reasonCode": 0}


def packet(payload: Payload) -> dict[str, Value]:
    """Return what a packet of version 5 says."""
    assert isinstance(payload, bytes)
    context = Context("binary", "sent", subprotocol="mqtt", memory={"MQTT": 5})
    value = MqttDecoder().decode(payload, context).value
    assert isinstance(value, dict)
    return value


def connected(**properties: Value) -> Mqtt5Speaker:
    """Return a speaker that a server has accepted with these properties."""
    speaker = Mqtt5Speaker(Parameters())
    speaker.opening()
    connack = MqttDecoder().encode({**ACCEPTED, "properties": properties})
    assert speaker.react(connack, is_text=False).is_ready
    return speaker


def test_the_session_ends_with_the_connection() -> None:
    [connect] = Mqtt5Speaker(Parameters(user="ada", password="pw")).opening()
    said = packet(connect)
    assert said["protocolVersion"] == 5
    assert said["clean"] is True
    assert said["properties"] == {"sessionExpiryInterval": 0, "receiveMaximum": 100}
    assert (said["username"], said["password"]) == ("ada", "pw")


def test_messages_are_acknowledged_as_by_the_real_client() -> None:
    found = reactions(Mqtt5Speaker(Parameters()), "mqtt-v5-paho")
    assert found[0].is_ready
    acknowledged = {b"\x40", b"\x50", b"\x62", b"\x70"}  # PUBACK, PUBREC, PUBREL, PUBCOMP
    real = [one for one in map(bytes, sent("mqtt-v5-paho")) if one[:1] in acknowledged]  # type: ignore[arg-type]
    answers = [bytes(one) for reaction in found for one in reaction.answers]  # type: ignore[arg-type]
    assert sorted(answers) == sorted(real)
    assert not any(one.refusal for one in found)


def test_pings_come_as_often_as_the_server_wants_them() -> None:
    assert connected().heartbeat == 30
    speaker = connected(serverKeepAlive=10)
    assert speaker.heartbeat == 5
    speaker.opening()
    assert speaker.heartbeat == 0  # not before the server has said it again
    assert connected(serverKeepAlive=0).heartbeat == 0
    assert speaker.beat() == b"\xc0\x00"


def test_packets_have_properties() -> None:
    speaker = connected()
    assert speaker.written(Call(Verb.SUBSCRIBE, "a/#"), 0) == (
        b"\x82\x09\x00\x01\x00\x00\x03a/#\x01",
    )
    assert speaker.written(Call(Verb.PUBLISH, "a", ("x", "retain", "qos=1")), 4) == (
        b"\x33\x07\x00\x01a\x00\x05\x00x",
    )
    [twice] = speaker.written(Call(Verb.PUBLISH, "a", ("x", "qos=2")), 4)
    assert packet(twice)["qos"] == 2
    assert speaker.react(b"\x50\x02\0\5", is_text=False).answers == (b"\x62\x02\0\5",)
    assert speaker.react(b"\x50\x03\0\5\x87", is_text=False).answers == ()  # not authorized
    properties = '{"contentType": "text/plain", "userProperties": {"a": ["1", "2"]}}'
    [published] = speaker.written(Call(Verb.PUBLISH, "a", ("x", properties)), 0)
    assert packet(published)["properties"] == {
        "contentType": "text/plain",
        "userProperties": {"$map": [["a", "1"], ["a", "2"]]},
    }


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("x", "qos=3"), "is none of qos=0, qos=1, qos=2, retain"),
        (("x", "{"), "one object of JSON"),
        (("x", "{}", "{}"), "one object of JSON"),
        (("x", '{"topicAlias": 1}'), "topicAlias is none of"),
        (("x", '{"contentType": 1}'), "contentType is a text"),
        (("x", '{"a":' * 9999), "one object of JSON"),
        (("x", "qos=1"), "no QoS above 0"),
        (("x", "retain"), "retains no messages"),
        (("x" * 99,), "up to 50 bytes"),
    ],
)
def test_what_a_server_does_not_take_is_refused_in_words(
    words: tuple[str, ...], error: str
) -> None:
    speaker = connected(maximumQoS=0, retainAvailable=False, maximumPacketSize=50)
    with pytest.raises(ValueError, match=error):
        speaker.written(Call(Verb.PUBLISH, "a", words), 0)


@pytest.mark.parametrize(
    ("payload", "refusal"),
    [
        (b"\x20\x03\x00\x87\x00", "not authorized"),
        (b"\x20\x08\x00\x87\x05\x1f\x00\x02no", "not authorized (no)"),
        (b"\x20\x07\x00\x9d\x04\x1c\x00\x01b", "server moved (b)"),
        (b"\x20\x03\x00\xfe\x00", "unknown reason code"),
        (b"\x20\x03\x00\x84\x00", "it does not support MQTT 5; choose MQTT, which is 3.1.1"),
        (b"\x20\x02\x00\x01", "it does not support MQTT 5; choose MQTT, which is 3.1.1"),
        (b"\x20\x02\x00\x00", "it does not support MQTT 5; choose MQTT, which is 3.1.1"),
        (b"\x20\x02\x00\x05", "not authorized"),
        (b"\xe0\x01\x8e", "session taken over"),
        (b"\xe0\x00", "the server closes the connection"),
    ],
)
def test_a_refusal_is_said_with_its_reason(payload: bytes, refusal: str) -> None:
    speaker = Mqtt5Speaker(Parameters())
    speaker.opening()
    reaction = speaker.react(payload, is_text=False)
    assert (reaction.is_ready, reaction.refusal) == (False, refusal)


@pytest.mark.parametrize("payload", [b"\x20\x02\x00\x01", b"\x20\x03\x00\x84\x00"])
def test_a_server_of_version_5_only_is_told_apart(payload: bytes) -> None:
    speaker = MqttSpeaker(Parameters())
    speaker.opening()
    refusal = "it does not support MQTT 3.1.1; choose MQTT 5"
    assert speaker.react(payload, is_text=False).refusal == refusal


def test_a_refused_subscription_or_publication_is_no_message_of_the_protocol_s_own() -> None:
    speaker = connected()
    for payload, is_own in (
        (b"\x90\x04\x00\x01\x00\x01", True),
        (b"\x90\x04\x00\x01\x00\x87", False),
        (b"\x40\x03\x00\x01\x10", True),  # no subscriber
        (b"\x40\x03\x00\x01\x87", False),
    ):
        assert speaker.react(payload, is_text=False).is_own is is_own


def test_only_a_publication_without_flags_and_properties_is_a_call_again() -> None:
    speaker = Mqtt5Speaker(Parameters())
    for words in (("x", "qos=1"), ("x", "retain"), ("x", '{"contentType": "a"}')):
        assert speaker.call_in(speaker.written(Call(Verb.PUBLISH, "a", words), 0)[0]) is None
    [written] = speaker.written(Call(Verb.PUBLISH, "a", ("x",)), 0)
    assert MqttSpeaker(Parameters()).call_in(written) != Call(Verb.PUBLISH, "a", ("x",))
