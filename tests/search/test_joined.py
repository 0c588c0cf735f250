"""What single entries of a recording say that depends on earlier ones."""

from __future__ import annotations

import json

import pytest

from spacebeam.protocol.batch import Direction, single
from spacebeam.recording.recording import Recording
from spacebeam.search.joined import REACH, Joined, JoinedReader
from tests.decode.transcripts import Transcript
from tests.support.spanning import (
    DISCORD,
    EVENT,
    SOCKET_IO,
    binary,
    compressed,
    connected,
    played,
    recorded,
    repeated,
    text,
)


class Asking:
    """Asks about single entries, and counts the entries that are read for that."""

    def __init__(self, recording: Recording) -> None:
        self._recording, self._reader = recording, JoinedReader()
        self.count = 0

    def about(self, number: int, *, is_whole: bool = False) -> Joined | None:
        while True:
            run = self._reader.run(self._recording, number)
            if run is None:
                return None
            found: dict[int, Joined | None] = {}
            whole = (number,) if is_whole else ()
            end = run.head_end or min(number + 1100, len(self._recording))
            while run.position < end:
                block = self._recording.block(self._recording.block_index(run.position))
                stop = min(len(block), end - block.first)
                before = run.position
                found |= run.read(block, stop, (number,), whole)
                self.count += run.position - before
            self._reader.finish(self._recording, run)
            if not run.head_end:
                return found[number]


def summary(found: Joined | None) -> str:
    assert found is not None
    return found.summary


def test_an_event_has_its_attachments_put_in() -> None:
    payloads = [text(EVENT), binary(b"\0a"), binary(b"\0b")]
    asking = Asking(recorded(SOCKET_IO, [text(b'0{"sid":"x"}'), *payloads]))
    event = asking.about(1, is_whole=True)
    assert summary(event) == 'BINARY_EVENT files [{"$bytes":"AGE="},{"$bytes":"AGI="}]'
    assert event is not None
    assert not event.is_awaiting
    assert isinstance(event.value, dict)
    assert event.value["data"] == ["files", b"\0a", b"\0b"]
    for number, attachment in ((2, 1), (3, 2)):
        found = asking.about(number)
        assert found is not None
        assert (found.span.attachment, found.span.attachments, found.first) == (attachment, 2, 1)


def test_an_event_says_how_many_attachments_are_missing() -> None:
    asking = Asking(recorded(SOCKET_IO, [text(EVENT), binary(b"a")]))
    event = asking.about(0)
    assert event is not None
    assert event.is_awaiting
    assert event.received == 1


def test_both_directions_have_attachments_of_their_own() -> None:
    sent = Direction.SENT
    payloads = [text(EVENT), text(EVENT, sent), binary(b"a", sent), binary(b"b")]
    asking = Asking(recorded(SOCKET_IO, payloads))
    found = [asking.about(number) for number in (2, 3)]
    assert [(one.first, one.span.attachment) for one in found if one] == [(1, 1), (0, 1)]


def test_a_real_conversation_is_read_from_any_entry_as_from_its_beginning() -> None:
    names = ("socketio", "socketio2", "mqtt-v5", "mqtt-v311", "nats", "stomp-split")
    for name in (*names, "discord-zlib-stream", "signalr-msgpack"):
        recording = played(name)
        forwards = Asking(recording)
        every = [forwards.about(number) for number in range(len(recording))]
        assert any(every), name
        for number in reversed(range(len(recording))):
            assert Asking(recording).about(number) == every[number], (name, number)


def test_a_packet_says_in_which_entry_it_began() -> None:
    lines = list(Transcript("stomp-split").lines())
    asking = Asking(recording := played("stomp-split"))
    found = [asking.about(number) for number in range(len(recording))]
    assert len(lines) == len(found)
    continued = [one for one in found if one and one.span.continues]
    assert continued
    assert all(one.first < number for number, one in enumerate(found) if one in continued and one)


def test_a_packet_of_mqtt_says_in_which_message_it_began() -> None:
    packet = next(
        line.payload
        for line in Transcript("mqtt-v5-paho").lines()
        if line.payload[:1] == b"\x10" and len(line.payload) > 8
    )
    parts = [binary(packet[:6]), binary(packet[6:8]), binary(packet[8:])]
    asking = Asking(recorded("ws://localhost/", [binary(packet), *parts], "mqtt"))
    found = [asking.about(number) for number in (1, 2, 3)]
    assert [one.first for one in found if one] == [1, 1, 1]
    assert [one.span.continues for one in found if one] == [False, True, True]
    assert summary(found[2]).startswith("CONNECT")


def test_a_row_far_in_a_long_recording_reads_a_bounded_number_of_entries() -> None:
    recording = connected(SOCKET_IO)
    recording.append(repeated(b'42["tick"]', 50_000))
    for direction, kind, payload in (text(EVENT), binary(b"a"), binary(b"b")):
        recording.append(single(2000.0, direction, kind, payload))
    asking = Asking(recording)
    assert summary(asking.about(50_000)).startswith("BINARY_EVENT files")
    assert asking.count < 2 * REACH


def test_a_connection_of_plain_messages_is_not_read() -> None:
    asking = Asking(recorded("ws://localhost/", [text(b'{"id":1}')] * 5000))
    assert asking.about(4000) is None
    assert asking.count < 100


def test_a_message_in_a_compressed_stream_is_decompressed() -> None:
    asking = Asking(recorded(DISCORD, compressed(6000)))
    assert "EVENT_5000" in summary(asking.about(5000))
    before = asking.count
    assert "EVENT_4990" in summary(asking.about(4990))  # from a checkpoint
    assert asking.count - before < REACH


def test_a_compressed_stream_without_its_beginning_says_so() -> None:
    asking = Asking(recorded(DISCORD, compressed(6)[3:]))
    assert asking.about(1) is None or "earlier message" in summary(asking.about(1))


def test_what_is_unfinished_is_not_saved_in_checkpoints() -> None:
    attached = recorded(SOCKET_IO, [text(EVENT), binary(b"a")])
    run = JoinedReader().run(attached, 0)
    assert run is not None
    run.read(attached.block(0), 2, ())
    assert run.checkpoints == []


@pytest.mark.parametrize("count", [10, 300])
def test_another_connection_of_a_recording_begins_anew(count: int) -> None:
    recording = recorded(DISCORD, compressed(count))
    recording.add_handshake(json.dumps({"url": DISCORD}))
    for place, (direction, kind, payload) in enumerate(compressed(count)):
        recording.append(single(3000.0 + place, direction, kind, payload))
    asking = Asking(recording)
    for number in (count - 1, 2 * count - 1):
        assert f"EVENT_{count - 1}" in summary(asking.about(number))
