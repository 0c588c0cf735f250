"""What a client of Socket.IO says by itself, as the real one did."""

from __future__ import annotations

import pytest

from spacebeam.decode.decoder import Value
from spacebeam.decode.speaking.socketio import EngineIoSpeaker, SocketIoSpeaker
from spacebeam.decode.speaking.speaker import (
    Call,
    Parameters,
    Verb,
    argument_of,
    arguments_of,
    call_of_line,
)
from tests.decode.speaking.reading import reactions, sent
from tests.decode.transcripts import Transcript

AUTH: Value = {"token": "fake-token-1", "user": "zoë"}


def test_a_client_joins_and_answers_pings_as_the_real_one() -> None:
    found = reactions(SocketIoSpeaker(Parameters(auth=AUTH)), "socketio")
    answers = [one for reaction in found for one in reaction.answers]
    assert answers[0] == sent("socketio")[0]
    assert answers[1:] == ["3"] * sent("socketio").count("3")
    assert [one.is_ready for one in found[:3]] == [False, True, False]
    received = [
        one for one in Transcript("socketio").lines() if one.context.direction == "received"
    ]
    for line, reaction in zip(received, found, strict=True):
        is_event = line.payload[:2] in (b"42", b"43", b"45", b"46") or line.context.kind == "binary"
        assert reaction.is_own is not is_event
    left = "the server has left the namespace"  # at the end
    assert [one.refusal for one in found if one.refusal] == [left]


def test_events_are_written_as_the_real_one_does() -> None:
    speaker = SocketIoSpeaker(Parameters())
    admin = SocketIoSpeaker(Parameters("/admin"))
    thumbnail = Call(Verb.CALL, "thumbnail", ({"name": "a.png", "w": 2}, b"\x89PNG\r\n\x1a\n"))
    written = [
        *speaker.written(Call(Verb.CALL, "sum", (40, 2)), 0),
        *speaker.written(Call(Verb.EMIT, "ask-me"), 1),
        *admin.written(Call(Verb.CALL, "kick", ("mallory",)), 0),
        *admin.written(Call(Verb.CALL, "blob", (b"\x01\x02\x03\x04\x05",)), 1),
    ]
    assert set(written) <= set(sent("socketio"))
    assert set(speaker.written(thumbnail, 2)) <= set(sent("socketio"))


def test_a_refusal_has_the_server_s_reason() -> None:
    [_, refused] = reactions(SocketIoSpeaker(Parameters()), "socketio-refused")
    assert refused.refusal == "token expired"
    old = reactions(SocketIoSpeaker(Parameters("/admin", version="3")), "socketio2-refused")
    assert [one.refusal for one in old if one.refusal] == ["forbidden"]


def test_of_version_2_the_client_pings_and_the_server_joins() -> None:
    speaker = SocketIoSpeaker(Parameters(auth=AUTH, version="3"))
    speaker.opening()
    found = reactions(speaker, "socketio2")
    assert not any(one.answers for one in found)
    assert found[1].is_ready
    assert speaker.heartbeat == 0.7
    assert speaker.beat() == "2"
    assert speaker.written(Call(Verb.CALL, "bin", (b"\xff\x80",)), 1) == (
        '451-1["bin",{"_placeholder":true,"num":0}]',
        b"\x04\xff\x80",
    )


@pytest.mark.parametrize(
    "payload",
    [
        *(b"", b"0", b"0{", b'0{"pingInterval":-1}', b'0{"pingInterval":1e999}', b"40{", b"44"),
        *(b"2" + b"\xff" * 9, b"41", b"40/other,", b"44[1]", b"\xff", b"0" + b"[" * 9999, b"4"),
    ],
)
@pytest.mark.parametrize("version", ["3", "4"])
def test_a_hostile_server_gets_no_exception(payload: bytes, version: str) -> None:
    for speaker in (
        SocketIoSpeaker(Parameters(version=version)),
        EngineIoSpeaker(Parameters(version=version)),
    ):
        for is_text in (True, False):
            speaker.react(payload, is_text=is_text)
        assert 0 <= speaker.heartbeat <= 3600


def test_a_sent_event_is_a_call_again() -> None:
    speaker = SocketIoSpeaker(Parameters("/admin"))
    for call in (Call(Verb.CALL, "sum", (40, 2)), Call(Verb.EMIT, "chat", ([1], {"a": None}))):
        assert speaker.call_in(speaker.written(call, 7)[0]) == call
    for other in ('42["no namespace"]', "2", "", b"42", '451-/admin,["a",{"_placeholder":true}]'):
        assert speaker.call_in(other) is None


def test_a_message_of_engine_io_is_a_text_or_bytes() -> None:
    speaker = EngineIoSpeaker(Parameters())
    assert speaker.written(Call(Verb.EMIT, "", ("hi",)), 0) == ("4hi",)
    assert speaker.written(Call(Verb.EMIT, "", (b"\x00",)), 0) == (b"\x00",)
    assert speaker.call_in("4hi") == Call(Verb.EMIT, "", ("hi",))
    assert speaker.react(b"2probe", is_text=True).answers == ("3probe",)


def test_other_verbs_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match=r"Socket.IO has no publish; it has emit, call"):
        SocketIoSpeaker(Parameters()).written(Call(Verb.PUBLISH, "a"), 0)


def test_arguments_are_json_or_text() -> None:
    words = ("hi", "12", '{"a": [null]}', '{"$bytes": "AP8="}', "", "[")
    assert [argument_of(one) for one in words] == [
        "hi", 12, {"a": [None]}, b"\x00\xff", "", "[",
    ]  # fmt: skip
    assert arguments_of("[1, [2]]", is_json=True) == (1, [2])
    assert arguments_of('{"a": 1}', is_json=True) == ({"a": 1},)
    assert arguments_of(" \n", is_json=True) == ()
    assert arguments_of("[1]", is_json=False) == ("[1]",)
    assert arguments_of(b"\x00", is_json=True) == (b"\x00",)
    with pytest.raises(ValueError, match="not JSON"):
        arguments_of("hello", is_json=True)


def test_a_typed_line_is_a_name_and_json_values_or_one_text() -> None:
    speaker = SocketIoSpeaker(Parameters())
    lines: dict[str, tuple[Value, ...]] = {
        "chat": (),
        'chat 1 "a b"  {"c": [2]}': (1, "a b", {"c": [2]}),
        "chat Hello, you": ("Hello, you",),
        "chat 1,2": ("1,2",),
        'chat {"$bytes": "AA=="}': (b"\x00",),
    }
    for line, arguments in lines.items():
        assert call_of_line(Verb.EMIT, line, speaker) == Call(Verb.EMIT, "chat", arguments)
    engine = EngineIoSpeaker(Parameters())
    assert call_of_line(Verb.EMIT, "a b", engine) == Call(Verb.EMIT, "", ("a b",))
