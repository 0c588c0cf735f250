"""Who is in the room, as the recording of a conversation says."""

from __future__ import annotations

from spacebeam.net.events import Connected, RoundTrip, event
from spacebeam.protocol.batch import Direction, Kind, single
from spacebeam.recording.recording import Recording
from spacebeam.server.room_protocol import Joined, Left, Renamed, RoomEvent, Said, Welcome, encode
from spacebeam.ui.chat.room_state import RoomState

_TIME = 1_700_000_000.0


def append(recording: Recording, *events: RoomEvent | str) -> None:
    for one in events:
        text = one if isinstance(one, str) else encode(one)
        recording.append(single(_TIME, Direction.RECEIVED, Kind.TEXT, text.encode()))


def said(state: RoomState) -> int:
    """Read all entries; return how many somebody else said."""
    return len(list(state.advance(60.0)))


def test_names_come_go_and_change() -> None:
    recording = Recording()
    state = RoomState(recording)
    append(recording, Welcome("Ada", ("Ben", "Ada")))
    assert said(state) == 0
    assert (state.is_room, state.own_name, state.names) == (True, "Ada", ["Ben", "Ada"])
    append(recording, Joined("Cem"), Left("Ben"), Renamed("Ada", "Eva"), Renamed("Cem", "Dan"))
    said(state)
    assert (state.own_name, state.names) == ("Eva", ["Eva", "Dan"])


def test_what_others_say_is_told_once() -> None:
    recording = Recording()
    state = RoomState(recording)
    append(recording, Welcome("Ada", ("Ada",)), Said("Ben", "hello"), Joined("Cem"))
    assert said(state) == 1
    assert said(state) == 0
    recording.append(single(_TIME, Direction.SENT, Kind.TEXT, b"hi"))
    recording.append(single(_TIME, Direction.RECEIVED, Kind.PING, b""))
    recording.append(single(_TIME, Direction.RECEIVED, Kind.BINARY, b"\x89PNG"))
    assert said(state) == 1


def test_another_server_s_messages_make_no_room() -> None:
    recording = Recording()
    state = RoomState(recording)
    append(recording, '{"hello": 1}', Joined("Ada"), "welcome")
    assert said(state) == 3
    assert not state.is_room
    append(recording, *("x" for _ in range(50)), Welcome("Ada", ("Ada",)))
    said(state)
    assert not state.is_room  # a room greets first


def test_a_new_connection_begins_outside_and_a_round_trip_changes_nothing() -> None:
    recording = Recording()
    state = RoomState(recording)
    append(recording, Welcome("Ada", ("Ada",)))
    recording.append(event(_TIME, RoundTrip(1.0)))
    said(state)
    assert state.own_name == "Ada"
    recording.append(event(_TIME, Connected("ws://h/")))
    said(state)
    assert (state.own_name, state.names) == ("", [])


def test_a_room_is_quiet_until_somebody_comes_or_says_something() -> None:
    recording = Recording()
    state = RoomState(recording)
    append(recording, Welcome("Ada", ("Ada",)))
    said(state)
    assert state.is_quiet
    append(recording, Joined("Ben"))
    said(state)
    assert not state.is_quiet
