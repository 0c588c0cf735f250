"""Events as sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.net.close_reason import CloseCause, CloseReason, closed
from spacebeam.net.events import (
    Closed,
    Connected,
    ConnectFailed,
    Event,
    Expectation,
    Note,
    NotReconnected,
    RawFrameSent,
    Reconnecting,
    RoundTrip,
    Unread,
    to_payload,
)
from spacebeam.net.failures import Failure, FailureCause
from spacebeam.protocol.batch import Direction
from spacebeam.protocol.raw_frame import LengthForm, RawFrame
from spacebeam.wording.events import event_words, frame_words

MASK = b"1234"


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Connected("ws://h/{url}"), "Connected to ws://h/{url}"),
        (
            ConnectFailed(Failure(FailureCause.NAME_NOT_FOUND, "h")),
            "Could not find the server “h”.",
        ),
        (
            Closed.of(closed(1001, "later", Direction.RECEIVED)),
            "Closed by the server (1001, going away: “later”).",
        ),
        (Closed.of(CloseReason(CloseCause.DROPPED)), "Connection dropped."),
        (RoundTrip(12.34), "Round trip: 12.3 ms"),
        (Unread("sent", 1200), "1,200 bytes of the client are missing in the capture"),
        (
            Unread("received", detail="a masked frame"),
            "The server's frames cannot be read from here on: a masked frame",
        ),
        (Reconnecting(2, 10), "Reconnecting (attempt 2 of 10)…"),
        (Reconnecting(2, 0), "Reconnecting (attempt 2)…"),
        (NotReconnected(0), "Not reconnecting: the server's refusal is final."),
        (NotReconnected(1), "Gave up reconnecting after 1 attempt."),
        (NotReconnected(3), "Gave up reconnecting after 3 attempts."),
        (
            RawFrameSent.of(RawFrame(b"x", fin=False)),
            "Sent a raw frame: opcode 1 (text), 1 byte",
        ),
        (
            Expectation("expect", "passed", 12.4, ("json:id=7", "ready")),
            "Expected json:id=7 and ready: met in 12 ms",
        ),
        (
            Expectation("expect-next", "failed", 2000, ("json:id=7",)),
            "Expected json:id=7 next: not met in 2 s",
        ),
        (
            Expectation("expect-none", "passed", 300, ("error",)),
            "Expected none of error: met in 300 ms",
        ),
        (
            Expectation("expect-close", "passed", 0, number=1000),
            "Expected the server to close (1000): met",
        ),
        (Expectation("wait", "failed", 5000, number=2), "Expected 2 messages: not met in 5 s"),
        (Expectation("capture", "failed", 0, ("id",)), "Expected a value at id: not met"),
        (
            Expectation("schema", "error", 0, ("a.json",)),
            "Expected a message by the schema a.json: could not be checked",
        ),
        (
            Expectation("snapshot", "passed", 0.4, ("You",)),
            "Expected a message as in the snapshot You: met",
        ),
        (Note("Connected to ws://old/"), "Connected to ws://old/"),
    ],
)
def test_an_event_is_a_sentence(event: Event, words: str) -> None:
    assert event_words(to_payload(event)) == words


def test_an_event_of_an_old_recording_is_its_sentence() -> None:
    assert event_words(b"Closed by the server (1000).") == "Closed by the server (1000)."


@given(st.binary())
def test_any_payload_has_words(payload: bytes) -> None:
    assert isinstance(event_words(payload), str)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (
            RawFrame(bytes(12), 3, rsv=4, mask=MASK, length_form=LengthForm.BITS_16),
            "FIN RSV1 opcode 3, 16-bit length, masked, 12 bytes",
        ),
        (RawFrame(rsv=3, opcode=9), "FIN RSV2 RSV3 opcode 9 (ping), 0 bytes"),
        (
            RawFrame(b"ab", 8, claimed_length=9),
            "FIN opcode 8 (close), 2 bytes, with a length of 9 in the header",
        ),
    ],
)
def test_a_raw_frame_is_a_phrase(frame: RawFrame, words: str) -> None:
    assert frame_words(RawFrameSent.of(frame)) == words
