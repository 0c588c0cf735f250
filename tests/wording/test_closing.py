"""Close reasons and close codes as sentences."""

from __future__ import annotations

import pytest

from spacebeam.net.close_reason import CloseCause, CloseReason, closed, refused
from spacebeam.protocol.batch import Direction
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.frames import ProtocolError
from spacebeam.wording.closing import close_payload_words, close_words, code_meaning
from spacebeam.wording.sizes import exact_size

TOO_BIG = ProtocolError(CloseCode.MESSAGE_TOO_BIG, "a message over the size limit")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (closed(1000, "", Direction.SENT), "Disconnected (1000, normal closure)."),
        (closed(1000, "bye", Direction.SENT), "Disconnected (1000, normal closure: “bye”)."),
        (closed(1001, "", Direction.RECEIVED), "Closed by the server (1001, going away)."),
        (
            closed(4321, "no {code}", Direction.RECEIVED),
            "Closed by the server (4321, a code of the application: “no {code}”).",
        ),
        (closed(1000, "", Direction.NONE), "Closed (1000, normal closure)."),
        (closed(1005, "", Direction.RECEIVED), "Closed by the server (no status code)."),
        (closed(1005, "", Direction.SENT), "Disconnected (no status code)."),
        (
            CloseReason(CloseCause.STREAM_CLOSED),
            "Connection lost: the server closed it without a close frame.",
        ),
        (
            CloseReason(CloseCause.IO_ERROR, detail="Reset {by} peer", is_inside_message=True),
            "Connection lost in the middle of a message: Reset {by} peer.",
        ),
        (
            CloseReason(CloseCause.SILENT, seconds=2.5),
            "Timed out: the server did not answer a ping within 2.5 s.",
        ),
        (
            refused(ProtocolError(CloseCode.PROTOCOL_ERROR, "a masked frame"), 1),
            "Protocol error: the server sent a masked frame (1002).",
        ),
        (
            refused(TOO_BIG, 64 * 2**20),
            "The server sent a message over the limit of 64 MiB (1009).",
        ),
    ],
)
def test_a_close_reason_says_who_closed_and_why(reason: CloseReason, words: str) -> None:
    assert close_words(reason) == words


def test_every_cause_has_its_own_sentence() -> None:
    sentences = {close_words(CloseReason(cause)) for cause in CloseCause}
    assert len(sentences) == len(CloseCause)
    assert all(sentence.endswith(".") for sentence in sentences)


def test_every_code_has_its_own_meaning() -> None:
    meanings = {code_meaning(code) for code in CloseCode}
    assert len(meanings) == len(CloseCode)
    assert code_meaning(1000) == "normal closure"


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        (3000, "a code of a library or framework"),
        (4999, "a code of the application"),
        (1004, "unknown code"),
        (2999, "unknown code"),
    ],
)
def test_codes_outside_the_registry_are_named_by_their_range(code: int, meaning: str) -> None:
    assert code_meaning(code) == meaning


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"", "no status code"),
        (b"\x03\xe8", "1000 normal closure"),
        (b"\x03\xe9{code}", "1001 going away: {code}"),
    ],
)
def test_a_close_frame_is_its_code_and_reason(payload: bytes, words: str) -> None:
    assert close_payload_words(payload) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (3 * 2**30, "3 GiB"),
        (2**10, "1 KiB"),
        (1_000_000, "1,000,000 bytes"),
        (1, "1 byte"),
        (0, "0 bytes"),
    ],
)
def test_a_size_is_exact(count: int, words: str) -> None:
    assert exact_size(count) == words
