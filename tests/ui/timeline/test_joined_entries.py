"""Rows say what depends on earlier messages, without reading all of them."""

from __future__ import annotations

import pytest

from spacebeam.protocol.batch import Kind, single
from spacebeam.recording.recording import Recording
from spacebeam.ui.timeline.timeline import Timeline
from tests.support.spanning import (
    DISCORD,
    EVENT,
    SOCKET_IO,
    Payload,
    binary,
    compressed,
    connected,
    played,
    recorded,
    repeated,
    text,
)
from tests.support.waiting import eventually
from tests.ui.doing import shown
from tests.ui.pageobjects.timeline import TimelinePage
from tests.ui.timeline.lists import at_rest, filled, in_sight

_ATTACHED = 'BINARY_EVENT files [{"$bytes":"AGE="},{"$bytes":"AGI="}]'


def previews(timeline: Timeline) -> list[str]:
    return TimelinePage(timeline).previews_in_sight


def add(recording: Recording, *payloads: Payload) -> None:
    for direction, kind, payload in payloads:
        recording.append(single(2000.0, direction, kind, payload))


async def test_an_event_is_shown_with_its_attachments() -> None:
    payloads = [text(b'0{"sid":"x"}'), text(EVENT), binary(b"\0a"), binary(b"\0b")]
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(SOCKET_IO, payloads))
        await eventually(
            lambda: (
                previews(timeline)[1:]
                == [_ATTACHED, "Attachment 1 of 2 of #2", "Attachment 2 of 2 of #2"]
            )
        )


async def test_an_event_says_what_is_missing_until_it_has_come() -> None:
    async with shown(Timeline()) as timeline:
        recording = recorded(SOCKET_IO, [text(EVENT), binary(b"\0a")])
        await filled(timeline, recording)
        await eventually(lambda: previews(timeline)[0].startswith("1 of 2 attachments missing: "))
        add(recording, binary(b"\0b"))
        timeline.show_recording(recording)
        await eventually(lambda: previews(timeline)[0] == _ATTACHED)


async def test_a_message_of_a_compressed_stream_is_shown_decompressed() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(DISCORD, compressed(3000)))
        timeline.go_to(2500)
        await eventually(lambda: any("EVENT_2500" in one for one in previews(timeline)))


async def test_a_frame_in_two_messages_says_where_it_began() -> None:
    async with shown(Timeline(), 900, 900) as timeline:
        await filled(timeline, played("stomp-split"))
        await eventually(
            lambda: any(one.startswith("Continued from #") for one in previews(timeline))
        )


async def test_a_row_has_the_negotiated_format() -> None:
    async with shown(Timeline(), 900, 900) as timeline:
        await filled(timeline, played("signalr-msgpack"))
        await eventually(lambda: any("Completion" in one for one in previews(timeline)))


async def test_the_decoder_that_is_chosen_shows_the_payload_alone() -> None:
    async with shown(Timeline()) as timeline:
        await filled(timeline, recorded(SOCKET_IO, [text(EVENT), binary(b"\0a"), binary(b"\0b")]))
        await eventually(lambda: previews(timeline)[1] == "Attachment 1 of 2 of #1")
        timeline.rows.choose_decoder(Kind.BINARY, "Hex")
        await eventually(lambda: previews(timeline)[1] == "00 61")


@pytest.mark.parametrize("address", [SOCKET_IO, "ws://localhost/"])
async def test_a_jump_in_a_long_recording_reads_what_is_near(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    recording = connected(address)
    for _block in range(20):
        recording.append(repeated(b'42["tick"]', 50_000))
    add(recording, text(EVENT), binary(b"\0a"), binary(b"\0b"))
    original = Recording.block

    def block(self: Recording, index: int, *, use_cache: bool = True) -> object:
        if not use_cache:
            read.append(index)
        return original(self, index, use_cache=use_cache)

    monkeypatch.setattr(Recording, "block", block)
    async with shown(Timeline()) as timeline:
        await filled(timeline, recording)
        timeline.go_to(1_000_000)
        await eventually(lambda: 1_000_000 in in_sight(timeline))
        await eventually(lambda: previews(timeline)[-1] == "Attachment 2 of 2 of #1,000,001")
        await at_rest(timeline)
        assert len(set(read)) <= 3
