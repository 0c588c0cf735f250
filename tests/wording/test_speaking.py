"""What is said about a protocol that the client speaks."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from spacebeam.decode.speaking.mqtt import MqttSpeaker
from spacebeam.decode.speaking.mqtt5 import Mqtt5Speaker
from spacebeam.decode.speaking.speaker import Parameters, Speaker
from spacebeam.wording.speaking import refused_words

_PRINT = "import sys; from spacebeam.wording.speaking import *; print(refused_words(*sys.argv[1:]))"


@pytest.mark.parametrize(
    ("kind", "payload", "words", "german"),
    [
        (
            *(MqttSpeaker, b"\x20\x02\x00\x01"),
            "The server refuses MQTT: it does not support MQTT 3.1.1; choose MQTT 5.",
            "Der Server lehnt MQTT ab: er unterstützt MQTT 3.1.1 nicht; wählen Sie MQTT 5.",
        ),
        (
            *(Mqtt5Speaker, b"\x20\x02\x00\x01"),
            "The server refuses MQTT 5: it does not support MQTT 5; choose MQTT, which is 3.1.1.",
            "Der Server lehnt MQTT 5 ab: "
            "er unterstützt MQTT 5 nicht; wählen Sie MQTT, das ist 3.1.1.",
        ),
    ],
)
def test_a_refusal_of_a_version_says_which_one_to_choose(
    kind: type[Speaker], payload: bytes, words: str, german: str
) -> None:
    speaker = kind(Parameters())
    speaker.opening()
    refusal = speaker.react(payload, is_text=False).refusal
    assert refused_words(speaker.name, refusal) == words
    said = subprocess.run(
        [sys.executable, "-c", _PRINT, speaker.name, refusal],
        env={**os.environ, "LANGUAGE": "de", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=True,
    )
    assert said.stdout.decode().strip() == german


def test_a_server_s_reason_is_one_safe_line() -> None:
    assert refused_words("MQTT", "no\x1b[31m\nway.") == "The server refuses MQTT: no␛[31m␊way."
