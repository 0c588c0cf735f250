"""What entries are in a chat: words, pictures, lines about the room."""

from __future__ import annotations

import json

import pytest

from spacebeam.net.events import Connected, event
from spacebeam.protocol.batch import Direction, Kind, single
from spacebeam.recording.recording import Recording
from spacebeam.server.room_protocol import (
    Attached,
    Joined,
    Left,
    Refused,
    Renamed,
    RoomEvent,
    Said,
    TakeName,
    Waiting,
    Welcome,
    encode,
)
from spacebeam.ui.chat.speech import (
    MAX_SHOWN,
    ChatPaths,
    Place,
    Speech,
    SpeechReader,
    valid_path,
)
from tests.decode.test_pictures import PNG

SENT, RECEIVED = Direction.SENT, Direction.RECEIVED
_TIME = 1_700_000_000.0


def recorded(*entries: tuple[Direction, str | bytes]) -> Recording:
    recording = Recording()
    for direction, message in entries:
        kind = Kind.TEXT if isinstance(message, str) else Kind.BINARY
        payload = message.encode() if isinstance(message, str) else message
        recording.append(single(_TIME, direction, kind, payload))
    return recording


def heard(event_: RoomEvent) -> Speech:
    recording = recorded((RECEIVED, encode(event_)))
    return SpeechReader(is_room=True).read(recording, 0)


def test_what_is_sent_is_on_the_right_and_what_is_received_on_the_left() -> None:
    recording = recorded((SENT, "hello"), (RECEIVED, "hi"))
    first, second = (SpeechReader().read(recording, number) for number in range(2))
    assert (first.place, first.text) == (Place.RIGHT, "hello")
    assert (second.place, second.text) == (Place.LEFT, "hi")


def test_names_and_texts_are_found_at_their_paths() -> None:
    message = json.dumps({"user": {"name": "Ada"}, "text": "hello"})
    recording = recorded((RECEIVED, message), (SENT, message), (RECEIVED, "no JSON"))
    reader = SpeechReader(ChatPaths("user.name", "text"))
    received, sent, plain = (reader.read(recording, number) for number in range(3))
    assert (received.sender, received.text) == ("Ada", "hello")
    assert (sent.sender, sent.text) == ("", "hello")
    assert (plain.sender, plain.text) == ("", "no JSON")


@pytest.mark.parametrize(
    ("value", "text"),
    [('{"text": [1, "ä"]}', '[1, "ä"]'), ('{"other": 1}', '{"other": 1}'), ('{"text": 7}', "7")],
)
def test_a_value_that_is_no_text_is_shown_as_json(value: str, text: str) -> None:
    reader = SpeechReader(ChatPaths("", "text"))
    assert reader.read(recorded((RECEIVED, value)), 0).text == text


def test_a_path_that_is_not_valid_is_explained_and_not_used() -> None:
    assert valid_path("user.name") == valid_path("") == ""
    assert "JMESPath" in valid_path("user..name")
    reader = SpeechReader(ChatPaths("a..b", "["))
    assert reader.read(recorded((RECEIVED, "{}")), 0).text == "{}"


@pytest.mark.parametrize("text", ["[" * 60_000, '{"a":' * 10_000, "{" + '"a":1,' * 9000, "\0" * 99])
def test_hostile_json_is_shown_as_it_is(text: str) -> None:
    speech = SpeechReader(ChatPaths("a.b", "[0].c")).read(recorded((RECEIVED, text)), 0)
    assert speech.place is Place.LEFT


def test_invisible_and_control_characters_are_seen() -> None:
    speech = heard(Said("Ada\u202e", "a\u202eb\0\n<b>c</b>"))
    assert speech.sender == "Ada⟨202E⟩"
    assert speech.text == "a⟨202E⟩b␀\n<b>c</b>"


def test_a_long_text_is_cut_and_says_so() -> None:
    speech = SpeechReader().read(recorded((RECEIVED, "x" * (MAX_SHOWN + 1))), 0)
    assert speech.is_cut
    assert len(speech.text) == MAX_SHOWN
    assert not SpeechReader().read(recorded((RECEIVED, "ä" * MAX_SHOWN)), 0).is_cut


def test_an_empty_message_says_that_it_is_empty() -> None:
    assert SpeechReader().read(recorded((RECEIVED, "")), 0).text == "empty"


@pytest.mark.parametrize(
    ("event_", "words"),
    [
        (Waiting(), "Waiting to be let in"),
        (Welcome("Ada", ("Ada",)), "You are in the room as Ada"),
        (Welcome("Ada", ("Ben", "Ada")), "You are in the room as Ada; Ben is here"),
        (
            Welcome("Ada", tuple("ABCDE")),
            "You are in the room as Ada; A, B, C and 2 more are here",
        ),
        (Joined("Ben"), "Ben came"),
        (Left("Ben"), "Ben left"),
        (Renamed("Ben", "Cem"), "Ben is now Cem"),
        (Refused("No."), "No."),
    ],
)
def test_what_happens_in_a_room_is_a_line(event_: RoomEvent, words: str) -> None:
    speech = heard(event_)
    assert (speech.place, speech.text) == (Place.LINE, words)


def test_messages_of_the_room_have_their_senders() -> None:
    speech = heard(Said("Ada", "hello"))
    assert (speech.place, speech.sender, speech.text) == (Place.LEFT, "Ada", "hello")


def test_a_picture_has_the_sender_of_its_announcement() -> None:
    recording = recorded(
        (RECEIVED, encode(Attached("Ada", len(PNG)))), (SENT, "meanwhile"), (RECEIVED, PNG)
    )
    reader = SpeechReader(is_room=True)
    assert reader.read(recording, 0).place is Place.NOWHERE
    picture = reader.read(recording, 2)
    assert (picture.sender, picture.has_picture) == ("Ada", True)


def test_a_request_for_a_name_is_shown_nowhere() -> None:
    recording = recorded((SENT, encode(TakeName("Ada"))), (SENT, '{"type":"message","text":"hi"}'))
    reader = SpeechReader(is_room=True)
    assert reader.read(recording, 0).place is Place.NOWHERE
    assert reader.read(recording, 1).text == "hi"


def test_the_messages_of_another_server_are_not_those_of_a_room() -> None:
    text = encode(Said("Ada", "hello"))
    assert SpeechReader().read(recorded((RECEIVED, text)), 0).text == text


def test_an_event_of_the_connection_is_a_line_and_in_a_room_its_welcome_is_enough() -> None:
    recording = Recording()
    recording.append(event(_TIME, Connected("ws://h/")))
    assert SpeechReader().read(recording, 0).place is Place.LINE
    assert SpeechReader(is_room=True).read(recording, 0).place is Place.NOWHERE


def test_the_same_side_in_the_same_minute_needs_no_name_and_no_time() -> None:
    one = Speech(0, 1_700_000_000.0, Place.LEFT, "a", "Ada")
    two = Speech(1, 1_700_000_010.0, Place.LEFT, "b", "Ada")
    other = Speech(2, 1_700_000_100.0, Place.LEFT, "c", "Ben")
    assert two.is_of(one)
    assert two.is_in_minute(one)
    assert not other.is_of(two)
    assert not other.is_in_minute(two)
    assert not one.is_in_minute(None)
