"""HAR: what Chrome writes, and what its DevTools read."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from spacebeam.net.close_reason import CloseCause, CloseReason, closed
from spacebeam.net.events import Closed, Connected, RoundTrip, event
from spacebeam.net.report import HandshakeReport, HttpExchange
from spacebeam.net.report_json import to_json
from spacebeam.net.stages import HandshakeStage, StageSpan
from spacebeam.protocol.batch import Batch, Direction, Kind, Origin, single
from spacebeam.recording.entry import Mark
from spacebeam.recording.recording import Recording
from tests.exchange.exporting import BEGAN, exported, text

_SENT, _RECEIVED = Direction.SENT, Direction.RECEIVED
_REQUEST = (
    "GET /chat?room=a%20b HTTP/1.1\nHost: h\nUpgrade: websocket\nAuthorization: Bearer SECRET12"
)
_REPORT = HandshakeReport(
    "ws://h/chat?room=a%20b",
    (
        HttpExchange(
            "ws://h/chat?room=a%20b",
            _REQUEST,
            "HTTP/1.1 101 Switching Protocols\nUpgrade: websocket",
            101,
        ),
    ),
    (
        StageSpan(HandshakeStage.DNS, 0.0, 1.0),
        StageSpan(HandshakeStage.TCP, 1.0, 3.0),
        StageSpan(HandshakeStage.TLS, 3.0, 7.5),
        StageSpan(HandshakeStage.UPGRADE, 7.5, 9.5),
    ),
    began=BEGAN - 1,
    total=9.5,
)


def _har(*batches: Batch, **settings: Any) -> tuple[list[dict[str, Any]], dict[str, int]]:
    pieces, losses = exported("har", *batches, **settings)
    log = json.loads(text(pieces))["log"]
    assert (log["version"], log["creator"]["name"]) == ("1.2", "Spacebeam")
    return log["entries"], losses


def _with_handshake(recording: Recording) -> None:
    recording.handshakes.append((0, to_json(_REPORT)))


def test_messages_have_the_form_of_chrome() -> None:
    (entry,), losses = _har(
        event(BEGAN, Connected("ws://h/chat")),
        single(BEGAN + 1, _SENT, Kind.TEXT, 'Grüße "🚀"\n\x00'.encode()),
        single(BEGAN + 2.000001, _RECEIVED, Kind.BINARY, b"\x00\xff"),
        single(BEGAN + 3, _RECEIVED, Kind.TEXT, b""),
    )
    assert entry["_resourceType"] == "websocket"
    assert entry["_webSocketMessages"] == [
        {"type": "send", "time": BEGAN + 1, "opcode": 1, "data": 'Grüße "🚀"\n\x00'},
        {"type": "receive", "time": BEGAN + 2.000001, "opcode": 2, "data": "AP8="},
        {"type": "receive", "time": BEGAN + 3, "opcode": 1, "data": ""},
    ]
    assert losses == {}


def test_the_handshake_is_the_request_and_its_secrets_are_left_out() -> None:
    (entry,), losses = _har(single(BEGAN, _SENT, Kind.TEXT, b"x"), also=_with_handshake)
    request = entry["request"]
    assert request["url"] == "ws://h/chat?room=a%20b"
    assert request["queryString"] == [{"name": "room", "value": "a b"}]
    assert {one["name"] for one in request["headers"]} == {"Host", "Upgrade", "Authorization"}
    assert "SECRET12" not in json.dumps(entry)
    assert losses == {"secrets": 1}
    assert entry["response"]["status"] == 101
    assert entry["startedDateTime"] == "2023-11-14T22:13:19.250Z"
    assert entry["time"] == pytest.approx(1000)
    timings = entry["timings"]
    assert (timings["dns"], timings["connect"], timings["ssl"]) == (1.0, 6.5, 4.5)


def test_a_secret_in_a_strangers_recording_is_left_out_of_the_address() -> None:
    def say(recording: Recording) -> None:
        recording.facts["address"] = "ws://me:pw12345@h/?access_token=abcdefgh"

    (entry,), losses = _har(single(BEGAN, _SENT, Kind.TEXT, b"x"), also=say)
    url = entry["request"]["url"]
    assert url.isascii()
    assert "abcdefgh" not in url
    assert "pw12345" not in url
    assert losses == {"secrets": 1}


def test_each_connection_is_an_entry() -> None:
    def connect_twice(recording: Recording) -> None:
        recording.handshakes += [(0, to_json(_REPORT)), (2, "no report")]
        recording.facts["address"] = "ws://other/"

    entries, _losses = _har(
        single(BEGAN, _SENT, Kind.TEXT, b"1"),
        single(BEGAN, _SENT, Kind.TEXT, b"2"),
        single(BEGAN + 5, _SENT, Kind.TEXT, b"3"),
        also=connect_twice,
    )
    messages = [[one["data"] for one in entry["_webSocketMessages"]] for entry in entries]
    assert messages == [["1", "2"], ["3"]]
    assert [one["request"]["url"] for one in entries] == ["ws://h/chat?room=a%20b", "ws://other/"]


def test_a_close_has_its_code_and_reason() -> None:
    (entry,), losses = _har(
        single(BEGAN, _SENT, Kind.TEXT, b"x"),
        single(BEGAN + 2, _RECEIVED, Kind.CLOSE, b"\x03\xe9bye"),
        single(BEGAN + 3, _SENT, Kind.CLOSE, b"\x03\xe9"),
        event(BEGAN + 3, Closed.of(closed(1001, "bye", _RECEIVED))),
    )
    assert entry["_webSocketClose"] == {"code": 1001, "reason": "bye", "timestamp": 2.0}
    assert losses == {}


def test_a_lost_connection_is_an_error_as_in_chrome() -> None:
    reason = CloseReason(CloseCause.STREAM_CLOSED)
    (entry,), _losses = _har(
        single(BEGAN, _SENT, Kind.TEXT, b"x"), event(BEGAN + 1, Closed.of(reason))
    )
    error = entry["_webSocketMessages"][-1]
    assert (error["type"], error["opcode"], error["time"]) == ("error", -1, BEGAN + 1)
    assert entry["_webSocketClose"] == "aborted"


_PING = single(BEGAN, _RECEIVED, Kind.PING, b"hi")


def test_control_frames_are_written_only_if_asked_for() -> None:
    (entry,), losses = _har(_PING)
    assert entry["_webSocketMessages"] == []
    assert losses == {"control-frames": 1}
    (entry,), losses = _har(_PING, has_control_frames=True)
    (ping,) = entry["_webSocketMessages"]
    assert (ping["opcode"], base64.b64decode(ping["data"])) == (9, b"hi")
    assert losses == {}


def test_what_has_no_place_is_counted() -> None:
    _entries, losses = _har(
        event(BEGAN, RoundTrip(3.0)),
        single(BEGAN, _SENT, Kind.TEXT, b"\xff"),
        single(BEGAN, _SENT, Kind.TEXT, b"abc", Origin(9, (1, 2), True)),
        also=lambda recording: recording.set_mark(1, Mark(True)),
    )
    assert losses == {"events": 1, "invalid-texts": 1, "wire-forms": 1, "marks": 1}
