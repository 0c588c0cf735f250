"""HAR of browsers and proxies becomes conversations."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import pytest

from spacebeam.exchange.importers.importer import ImportFault
from spacebeam.exchange.losses import Loss
from spacebeam.net.close_reason import closed
from spacebeam.net.events import Closed, Connected, event
from spacebeam.protocol.batch import Direction, Kind, single
from spacebeam.recording.recording import Recording
from tests.exchange.exporting import BEGAN, exported, text
from tests.exchange.importing import Imported, imported

_SAMPLES = Path(__file__).parent / "samples"
_SENT, _RECEIVED = Direction.SENT, Direction.RECEIVED
_GREETING = (_RECEIVED, Kind.TEXT, b"welcome")
_SENT_BYTES = (_SENT, Kind.BINARY, b"\x00\x01\x02\xfa\xfb\xff")
_SENT_TEXT = (_SENT, Kind.TEXT, "Grüße 🚀\nsecond line".encode())
_EMPTY = (_SENT, Kind.TEXT, b"")


def _sample(name: str) -> Imported:
    found = imported((_SAMPLES / name).read_bytes())
    assert found.error is None
    return found


@pytest.mark.parametrize(
    ("name", "addresses", "has_empty"),
    [
        ("chrome-156-with-sensitive-data.har", 2, True),
        ("chrome-156-sanitized.har", 2, True),
        ("playwright-1.65.1-embed.har", 2, False),  # it loses empty messages
        ("playwright-1.65.1-attach.zip", 2, False),
        ("playwright-1.61.0-embed-wrong-gaps.har", 2, False),
        ("mitmproxy-11.0.2.har", 3, True),
        ("mitmproxy-11.0.2.zhar", 3, True),
    ],
)
def test_every_message_is_imported(name: str, addresses: int, has_empty: bool) -> None:
    found = _sample(name)
    assert found.format == "har"
    assert len(found.conversations) == addresses
    first, *_others, last = found.conversations
    assert first.begin.address == "ws://127.0.0.1:8791/ws?room=1&q=a%20b"
    assert last.begin.address == "ws://127.0.0.1:8791/bad"
    assert {_GREETING, _SENT_BYTES, _SENT_TEXT} <= set(first.messages)
    assert (_EMPTY in first.messages) is has_empty
    times = [one.time for one in first.entries]
    assert all(abs(time - first.begin.began) < 60 for time in times)
    assert found.losses["refused"] == 1
    assert all(one.end is not None for one in found.conversations)


def test_the_gaps_of_playwright_1_61_0_are_corrected() -> None:
    found = _sample("playwright-1.61.0-embed-wrong-gaps.har")
    first = found.conversations[0]
    took = max(one.time for one in first.entries) - first.begin.began
    assert took > 0.01
    assert found.losses["wrong-times"]


def test_an_error_of_chrome_is_an_event() -> None:
    last = _sample("chrome-156-sanitized.har").conversations[-1]
    assert b"One or more reserved bits are on" in last.events[-1]


def test_the_handshake_is_imported() -> None:
    report = _sample("firefox-153esr.har").conversations[0].begin.report
    assert report is not None
    assert report.exchanges[0].request_header("upgrade") == "websocket"
    assert report.exchanges[0].status == 101


@pytest.mark.parametrize(
    ("name", "count"), [("firefox-153esr.har", 3), ("playwright-1.65.1-omit.har", 2)]
)
def test_a_file_without_messages_says_so(name: str, count: int) -> None:
    found = _sample(name)
    assert found.losses["no-messages"] == count
    assert [one.messages for one in found.conversations] == [[]] * count
    assert all(b'"connected"' in one.events[0] for one in found.conversations)


def test_the_close_of_http_toolkit_is_an_event() -> None:
    first, second = _sample("httptoolkit-by-hand.har").conversations
    assert b'"closed"' in first.events[-1]
    assert b'"stream-closed"' in second.events[-1]


def test_odd_spellings_are_read() -> None:
    found = _sample("odd-spellings-by-hand.har")
    http2, other = found.conversations
    assert http2.begin.address == "wss://example.invalid/chat"
    assert http2.messages == [(_SENT, Kind.TEXT, b"hi")]
    assert other.messages == [
        (_SENT, Kind.TEXT, b"no opcode"),
        (_RECEIVED, Kind.PING, b"hb"),
        (_SENT, Kind.PONG, b"hb"),
        (_RECEIVED, Kind.CLOSE, b"\x03\xe8"),
    ]
    assert found.losses == {"wrong-times": 1, "other-requests": 1}


def test_our_own_har_comes_back() -> None:
    batches = (
        event(BEGAN, Connected("ws://h/")),
        single(BEGAN + 1, _SENT, Kind.TEXT, 'Grüße "🚀"\n\x00\x7f'.encode()),
        single(BEGAN + 2, _RECEIVED, Kind.BINARY, bytes(range(256))),
        single(BEGAN + 3, _RECEIVED, Kind.PING, b"hi"),
        single(BEGAN + 4, _RECEIVED, Kind.CLOSE, b"\x03\xe8bye"),
        event(BEGAN + 4, Closed.of(closed(1000, "bye", _RECEIVED))),
    )

    def say(recording: Recording) -> None:
        recording.facts["address"] = "ws://h/"

    pieces, _losses = exported("har", *batches, also=say, has_control_frames=True)
    (found,) = imported(text(pieces).encode()).conversations
    assert [(one.time, one.kind, bytes(one.payload)) for one in found.entries[:5]] == [
        (batch.time, Kind(batch.kinds[0]), batch.payload(0)) for batch in batches[:5]
    ]


def _har(entry: dict[str, Any]) -> bytes:
    return json.dumps({"log": {"entries": [entry]}}).encode()


def _entry(messages: object, **more: object) -> dict[str, Any]:
    request = {"url": "ws://h/", "headers": [{"name": "Upgrade", "value": "websocket"}]}
    return {
        "startedDateTime": "2023-11-14T22:13:20Z",
        "request": request,
        "response": {"status": 101},
        "_webSocketMessages": messages,
        **more,
    }


def test_the_keys_of_an_entry_may_be_in_any_order() -> None:
    entry = _entry([{"type": "send", "time": BEGAN, "opcode": 1, "data": "x"}])
    backwards = dict(reversed(entry.items()))
    (found,) = imported(_har(backwards)).conversations
    assert found.messages == [(_SENT, Kind.TEXT, b"x")]
    assert found.begin.address == "ws://h/"


@pytest.mark.parametrize(
    "message",
    [
        7,
        {"type": "send", "opcode": 2, "data": "no base64!"},
        {"type": "other", "data": "x"},
        {"type": "send", "opcode": 3, "data": "x"},
        {"type": "send", "opcode": [1], "data": "x"},
        {"type": "send", "opcode": 1, "data": 7},
    ],
)
def test_an_invalid_message_is_counted_and_the_others_are_imported(message: object) -> None:
    good = {"type": "send", "time": BEGAN, "opcode": 1, "data": "x"}
    found = imported(_har(_entry([message, good])))
    assert found.losses[Loss.INVALID_MESSAGES.value] == 1
    assert found.conversations[0].messages == [(_SENT, Kind.TEXT, b"x")]


@pytest.mark.parametrize("time", [-1, 1e300, 10**400, "x", None, True])
def test_an_invalid_time_is_that_of_the_message_before(time: object) -> None:
    messages = [
        {"type": "send", "time": BEGAN + 1, "opcode": 1, "data": "x"},
        {"type": "send", "time": time, "opcode": 1, "data": "\ud800"},
    ]
    found = imported(_har(_entry(messages)))
    assert found.conversations[0].entries[-1].time == BEGAN + 1
    assert found.losses[Loss.WRONG_TIMES.value] == 1


def test_a_file_that_is_cut_anywhere_gives_what_came_before() -> None:
    whole = (_SAMPLES / "chrome-156-sanitized.har").read_bytes()
    complete = sum(len(one.messages) for one in imported(whole).conversations)
    counts = []
    for end in range(2000, len(whole) - 4, 997):
        found = imported(whole[:end])
        assert found.error is not None
        assert found.error.fault is ImportFault.CUT_OFF
        assert 0 < found.error.offset <= end
        counts.append(sum(len(one.messages) for one in found.conversations))
    assert counts == sorted(counts)
    assert 0 < counts[-1] <= complete


def test_a_mistake_in_the_middle_is_told_with_its_place() -> None:
    messages = [{"type": "send", "time": BEGAN, "opcode": 1, "data": str(n)} for n in range(9)]
    whole = _har(_entry(messages))
    place = whole.index(b'"5"')
    found = imported(whole[:place] + b"#" + whole[place + 1 :])
    assert [payload for *_about, payload in found.conversations[0].messages] == [
        str(n).encode() for n in range(5)
    ]
    assert found.conversations[0].end is None
    assert found.error is not None
    assert found.error.fault is ImportFault.NOT_JSON
    assert place - 80 < found.error.offset <= place


@pytest.mark.parametrize("rest", [b"{}", b" \n GARBAGE"])
def test_what_follows_the_document_is_told(rest: bytes) -> None:
    whole = _har(_entry([{"type": "send", "time": BEGAN, "opcode": 1, "data": "a"}]))
    found = imported(whole + rest)
    assert len(found.conversations) == 1
    assert found.error is not None
    assert found.error.fault is ImportFault.NOT_JSON
    assert found.error.offset >= len(whole)
    assert imported(whole + b" \r\n").error is None


def test_a_long_message_is_read_over_many_chunks() -> None:
    long = 'é"\\' * 300_000
    found = imported(_har(_entry([{"type": "send", "time": BEGAN, "data": long}] * 3)))
    assert [payload for *_about, payload in found.conversations[0].messages] == [long.encode()] * 3


def test_a_damaged_compressed_file_is_refused() -> None:
    packed = bytearray(zlib.compress(b'{"log": {"entries": []}}' + b" " * 200_000, 9))
    packed[-3] ^= 0xFF
    found = imported(bytes(packed))
    assert found.error is not None
    assert found.error.fault is ImportFault.NOT_ZLIB


def test_depth_is_bounded() -> None:
    found = imported(b'{"log": {"pages": ' + b"[" * 100_000)
    assert found.error is not None
    assert found.error.fault in (ImportFault.OTHER_SHAPE, ImportFault.CUT_OFF)
