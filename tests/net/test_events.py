"""Events as payloads of entries, and payloads that are no valid event."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.net.events import (
    MAX_EVENT_PAYLOAD,
    Connected,
    Event,
    Expectation,
    Note,
    Reconnecting,
    RoundTrip,
    Unread,
    from_payload,
    to_payload,
)


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        (Connected("ws://bücher.example/"), '{"type":"connected","url":"ws://bücher.example/"}'),
        (RoundTrip(1.5), '{"type":"round-trip","milliseconds":1.5}'),
        (Reconnecting(2, 5), '{"type":"reconnecting","attempt":2,"attempts":5}'),
        (Reconnecting(2, 0), '{"type":"reconnecting","attempt":2,"attempts":0}'),
        (Unread("sent", 7), '{"type":"unread","direction":"sent","size":7}'),
        (
            Expectation("expect", "passed", 12.5, ("json:id=7",)),
            '{"type":"expectation","step":"expect","outcome":"passed","milliseconds":12.5,'
            '"subjects":["json:id=7"]}',
        ),
        (Note("“Hello”\n"), '{"type":"note","text":"“Hello”\\n"}'),
    ],
)
def test_an_event_is_compact_json_and_comes_back(event: Event, payload: str) -> None:
    assert to_payload(event) == payload.encode()
    assert from_payload(payload.encode()) == event


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"Connected to ws://example.com/",
        b"[1]",
        b"{}",
        b'{"type":"connected"',
        b'{"type":"unheard-of"}',
        b'{"type":["connected"]}',
        b'{"type":"connected","url":7}',
        b'{"type":"round-trip","milliseconds":NaN}',
        b'{"type":"round-trip","milliseconds":-1}',
        b'{"type":"round-trip","milliseconds":true}',
        b'{"type":"round-trip","milliseconds":1e999}',
        b'{"type":"round-trip","milliseconds":' + b"9" * 4000 + b"}",
        b'{"type":"round-trip","milliseconds":' + b"9" * 9000 + b"}",
        b'{"type":"reconnecting","attempt":0,"attempts":5}',
        b'{"type":"reconnecting","attempt":1,"attempts":false}',
        b'{"type":"reconnecting","attempt":1,"attempts":null}',
        b'{"type":"reconnecting","attempt":' + b"9" * 40 + b',"attempts":0}',
        b"[" * MAX_EVENT_PAYLOAD,
    ],
)
def test_a_payload_that_is_not_an_event_becomes_a_note_of_its_text(payload: bytes) -> None:
    assert from_payload(payload) == Note(payload.decode())


def test_a_note_of_a_payload_that_is_too_long_keeps_its_beginning() -> None:
    payload = b'{"type":"note","text":"' + b"x" * MAX_EVENT_PAYLOAD + b'"}'
    assert from_payload(payload) == Note(payload[:MAX_EVENT_PAYLOAD].decode())


def test_a_lone_surrogate_is_replaced_on_both_ways() -> None:
    payload = b'{"type":"note","text":"\\ud800!"}'
    assert from_payload(payload) == Note(payload.decode())
    assert to_payload(Note("\ud800!")) == b'{"type":"note","text":"?!"}'


@given(st.binary())
def test_any_payload_can_be_read_and_written_again(payload: bytes) -> None:
    event = from_payload(payload)
    assert from_payload(to_payload(event)) == event
