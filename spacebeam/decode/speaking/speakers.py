"""The protocols that a client can speak, by the names that profiles and the terminal have."""

from __future__ import annotations

from spacebeam.decode.speaking.graphql import GraphQlSpeaker, GraphQlWsSpeaker
from spacebeam.decode.speaking.mqtt import MqttSpeaker
from spacebeam.decode.speaking.mqtt5 import Mqtt5Speaker
from spacebeam.decode.speaking.phoenix import PhoenixSpeaker
from spacebeam.decode.speaking.signalr import SignalRSpeaker
from spacebeam.decode.speaking.signalr_message_pack import SignalRMessagePackSpeaker
from spacebeam.decode.speaking.socketio import EngineIoSpeaker, SocketIoSpeaker
from spacebeam.decode.speaking.speaker import Speaker
from spacebeam.decode.speaking.stomp import StompSpeaker

SPEAKERS: dict[str, type[Speaker]] = {
    "socketio": SocketIoSpeaker,
    "engineio": EngineIoSpeaker,
    "graphql": GraphQlSpeaker,
    "graphql-ws": GraphQlWsSpeaker,
    "phoenix": PhoenixSpeaker,
    "stomp": StompSpeaker,
    "mqtt": MqttSpeaker,
    "mqtt5": Mqtt5Speaker,
    "signalr": SignalRSpeaker,
    "signalr-messagepack": SignalRMessagePackSpeaker,
}
