"""Fuzzing of speakers: whatever a server says, they answer or stay silent; a call is read back."""

from __future__ import annotations

from fuzz.target import Target, split
from spacebeam.decode.decoder import DecodeError
from spacebeam.decode.speaking.graphql import GraphQlSpeaker, GraphQlWsSpeaker
from spacebeam.decode.speaking.mqtt import MqttSpeaker
from spacebeam.decode.speaking.mqtt5 import Mqtt5Speaker
from spacebeam.decode.speaking.phoenix import PhoenixSpeaker
from spacebeam.decode.speaking.signalr import SignalRSpeaker
from spacebeam.decode.speaking.signalr_message_pack import SignalRMessagePackSpeaker
from spacebeam.decode.speaking.socketio import EngineIoSpeaker, SocketIoSpeaker
from spacebeam.decode.speaking.speaker import Parameters, Speaker, call_of_line
from spacebeam.decode.speaking.stomp import StompSpeaker

_KINDS: tuple[type[Speaker], ...] = (
    *(SocketIoSpeaker, EngineIoSpeaker, GraphQlSpeaker, PhoenixSpeaker, StompSpeaker),
    *(MqttSpeaker, SignalRSpeaker, Mqtt5Speaker, SignalRMessagePackSpeaker),
    GraphQlWsSpeaker,
)


def check_speaker(data: bytes) -> None:
    """Check a speaker; `data` has its kind, a version, and messages that NUL NUL divides."""
    head, rest = split(data, 2)
    kind = _KINDS[head[0] % len(_KINDS)]
    speaker = kind(Parameters("/a" if head[1] & 1 else "", version="34"[head[1] >> 1 & 1]))
    speaker.opening()
    for message in rest.split(b"\0\0"):
        reaction = speaker.react(message, is_text=not head[1] & 4)
        assert all(isinstance(one, str | bytes) for one in reaction.answers)
        assert not (reaction.is_ready and reaction.refusal)
        assert 0 <= speaker.heartbeat < 1e9
    text = rest.decode(errors="replace")
    for payload in (text, rest):
        if (call := speaker.call_in(payload)) is not None:
            again = speaker.call_in(speaker.written(call, 7)[0])
            assert again == call or repr(again) == repr(call)  # NaN is not equal to itself
    try:
        speaker.written(call_of_line(speaker.verbs[head[1] >> 3 & 1 and -1], text, speaker), 7)
    except DecodeError:
        raise
    except ValueError:
        pass


SPEAKERS = {
    "speakers": Target(
        check_speaker,
        (
            b'\0\x000{"sid":"a","pingInterval":25000}\0\x0040{"sid":"b"}\0\x002',
            b'\0\x0044{"message":"no"}',
            b'\x02\0{"type":"connection_ack"}\0\0{"type":"ping","payload":{}}',
            b'\x03\1["1","1","/a","phx_reply",{"status":"ok","response":{}}]',
            b"\x04\0CONNECTED\nheart-beat:0,9\n\n\0\0",
            b"\x05\4\x20\x02\0\0",
            b"\x07\4\x20\x06\0\0\x03\x13\0\x0a\0\0\xe0\x01\x8e",
            b"\x08\4{}\x1e\0\0\x02\x91\x06\x05\x92\x07\xa2no",
            b"\x08\4\x0c\x95\x01\x80\xa10\xa3Add\x92(\x02",
            b'\x09\0{"type":"connection_ack"}\0\0{"type":"ka"}\0\0{"type":"connection_error"}',
            b'\x06\0{}\x1e\0\0{"type":7,"error":"x"}\x1e',
        ),
    )
}
