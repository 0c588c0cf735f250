"""Packet captures become conversations, as their two sides saw them."""

from __future__ import annotations

import random
import struct
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from spacebeam.exchange.importers.capture import capture_file
from spacebeam.exchange.importers.importer import ImportFault
from spacebeam.net.close_reason import CloseCause
from spacebeam.net.events import Closed, Unread, from_payload
from spacebeam.protocol.batch import Direction, Kind, Origin
from spacebeam.protocol.frames import Role, encode
from tests.exchange.capturing import (
    ACCEPT,
    ACK,
    BEGAN,
    LINKS,
    MASK,
    RST,
    Conversation,
    Form,
    answer,
    deflater,
    received,
    request,
    sent,
)
from tests.exchange.importing import Imported, imported
from tests.support.captured_talk import LONG, TEXTS, captured

_SENT, _RECEIVED = Direction.SENT, Direction.RECEIVED
_SAMPLE = Path(__file__).parent / "samples" / "tshark-4.0.17.pcapng"
_PCAPNG = Form()


def _talk() -> Conversation:
    """Return a conversation with a few messages, in order."""
    made = Conversation()
    made.open(after_answer=received(b"welcome"))
    made.client(sent(b"a" * 200) + sent(b"hb", 9)[:3])
    made.client(sent(b"hb", 9)[3:])
    made.server(received(b"hb", 10))
    made.server(encode(2, b"\x00\xff", fin=False))
    made.server(encode(0, b"\x01"))
    made.client(sent(b"\x0f\xa1bye", 8))
    made.server(received(b"\x0f\xa1bye", 8))
    made.end()
    return made


_MESSAGES = [
    (_RECEIVED, Kind.TEXT, b"welcome"),
    (_SENT, Kind.TEXT, b"a" * 200),
    (_SENT, Kind.PING, b"hb"),
    (_RECEIVED, Kind.PONG, b"hb"),
    (_RECEIVED, Kind.BINARY, b"\x00\xff\x01"),
    (_SENT, Kind.CLOSE, b"\x0f\xa1bye"),
    (_RECEIVED, Kind.CLOSE, b"\x0f\xa1bye"),
]


def _whole(content: bytes) -> Imported:
    found = imported(content)
    assert found.error is None
    assert found.format == "capture"
    return found


def _events(found: Imported, kind: type) -> list[object]:
    events = [from_payload(one) for talk in found.conversations for one in talk.events]
    return [one for one in events if isinstance(one, kind)]


def test_a_capture_of_tshark_is_read_frame_by_frame() -> None:
    found = _whole(_SAMPLE.read_bytes())
    (one,) = found.conversations
    assert one.begin.address == "ws://127.0.0.1:8791/ws?room=1"
    assert one.begin.report is not None
    assert one.begin.report.subprotocol == "chat.v1"
    text = "Grüße 🚀\nsecond line".encode()
    for direction in (_SENT, _RECEIVED):
        for message in (
            (Kind.TEXT, text),
            (Kind.TEXT, b""),
            (Kind.BINARY, b"\x00\x01\x02\xfa\xfb\xff"),
        ):
            assert (direction, *message) in one.messages
    pings = [
        (each.direction, bytes(each.payload)) for each in one.entries if each.kind is Kind.PING
    ]
    assert pings == [(_SENT, b"client-hb"), (_RECEIVED, b"hb")]
    origins = {bytes(each.payload): each.origin for each in one.entries}
    assert origins[b"fragmented-send"] == Origin(19, (17,), True)
    assert origins[b"fragmented"] == Origin(23, (8, 8, 1), True)
    assert one.entries[1].time == pytest.approx(1795917142.394276560, abs=1e-6)
    (closed,) = _events(found, Closed)
    assert closed == Closed(CloseCause.CLOSE_FRAME, 4001, "received", "bye now")
    assert found.losses == {}
    assert one.end is not None


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("is_ipv6", [False, True])
def test_every_kind_of_link_is_read(link: str, is_ipv6: bool) -> None:
    found = _whole(Form(link=link, is_ipv6=is_ipv6).write(_talk().segments))
    assert found.conversations[0].messages == _MESSAGES
    assert found.losses == {}


@pytest.mark.parametrize(
    ("file", "order", "is_nano"), list(product(("pcapng", "pcap"), ("<", ">"), (False, True)))
)
def test_every_form_of_file_is_read_with_its_times(file: str, order: str, is_nano: bool) -> None:
    form = Form(file, order, is_nano=is_nano)  # type: ignore[arg-type]
    (one,) = _whole(form.write(_talk().segments)).conversations
    assert one.messages == _MESSAGES
    assert [each.time for each in one.entries[:3]] == pytest.approx(
        [BEGAN + 0.3, BEGAN + 0.3, BEGAN + 0.4], abs=1e-6
    )
    assert one.begin.address == "ws://h.example/feed?a=1"


def test_a_file_of_several_sections_and_interfaces_is_read() -> None:
    segments = _talk().segments
    little, big = Form(), Form(order=">", link="cooked", is_nano=True)
    content = little.write(segments[:6]) + big.write(segments[6:])
    assert _whole(content).conversations[0].messages == _MESSAGES


def test_segments_in_any_order_and_sent_again_give_the_same() -> None:
    dice = random.Random(1)
    for _ in range(30):
        segments = _talk().segments
        head, tail = segments[:4], segments[4:-3]
        late = [tail.pop(dice.randrange(len(tail))) for _ in range(3)]
        for one in late:  # a moment late, as with several queues, or sent again
            tail.insert(dice.randrange(len(tail) + 1), one)
        again = dice.choice(tail)
        tail.insert(tail.index(again) + 1, again)
        mixed = [*head, *tail, *segments[-3:]]
        close = [replace(one, time=BEGAN + at / 2000) for at, one in enumerate(mixed)]
        found = _whole(_PCAPNG.write(close))
        messages = found.conversations[0].messages
        for direction in (_SENT, _RECEIVED):
            assert [one for one in messages if one[0] is direction] == [
                one for one in _MESSAGES if one[0] is direction
            ]


def test_overlapping_segments_are_taken_once_as_they_came_first() -> None:
    made = Conversation()
    made.open()
    first = made.server(received(b"one") + received(b"two")[:2])
    rest = made.server(received(b"two")[2:])
    # What was sent again has another length, and an attacker's bytes where the first ones were.
    again = replace(rest, number=first.number + 3, payload=b"XXXX" + rest.payload)
    made.segments.insert(-1, again)
    found = _whole(_PCAPNG.write(made.segments))
    assert [payload for *_about, payload in found.conversations[0].messages] == [b"one", b"two"]


def test_lost_bytes_are_said_and_the_next_frames_are_read() -> None:
    made = Conversation()
    made.open()
    made.server(received(b"before"))
    lost = made.server(received(b"lost" * 10))
    made.server(received(b"after"))
    made.client(sent(b"reply"))  # it acknowledges what the capture lacks
    made.server(received(b"last"))
    made.lose(lost)
    found = _whole(_PCAPNG.write(made.segments))
    messages = [payload for *_about, payload in found.conversations[0].messages]
    assert messages == [b"before", b"after", b"reply", b"last"]
    assert _events(found, Unread) == [Unread("received", 42)]
    assert found.losses == {"missing-bytes": 42}


def test_a_gap_inside_a_long_frame_ends_where_its_header_says() -> None:
    made = Conversation()
    made.open()
    long = received(b"\x81\x01" * 5000, 2)  # looks like frames
    parts = [made.server(long[at : at + 1000]) for at in range(0, len(long), 1000)]
    made.server(received(b"after"))
    made.lose(parts[4])
    found = _whole(_PCAPNG.write(made.segments))
    assert [payload for *_about, payload in found.conversations[0].messages] == [b"after"]
    assert _events(found, Unread) == [Unread("received", 1000)]


def test_a_short_snap_length_is_said() -> None:
    made = Conversation()
    made.open()
    long = made.server(received(b"x" * 500))
    made.server(received(b"short"))
    last = made.client(sent(b"y" * 300))
    made.cut(long, 96)
    made.cut(last, 96)
    found = _whole(_PCAPNG.write(made.segments))
    assert [payload for *_about, payload in found.conversations[0].messages] == [b"short"]
    assert {one.size for one in _events(found, Unread)} == {504 - 96, 308 - 96}  # type: ignore[attr-defined]


@pytest.mark.parametrize("is_lossy", [False, True])
def test_compression_with_context_takeover_is_read_up_to_what_is_lost(is_lossy: bool) -> None:
    server, client = deflater(Role.SERVER), deflater(Role.CLIENT)
    texts = [f'{{"price": {number}, "symbol": "BTC-EUR"}}'.encode() for number in range(9)]
    made = Conversation()
    made.open("permessage-deflate")
    frames = [made.server(encode(1, server.pack(text), rsv=4)) for text in texts]
    made.client(encode(1, client.pack(texts[0]), MASK, rsv=4))
    made.client(encode(1, client.pack(texts[0]), MASK, rsv=4))
    if is_lossy:
        made.lose(frames[3])
    found = _whole(_PCAPNG.write(made.segments))
    messages = found.conversations[0].messages
    assert [one for one in messages if one[0] is _SENT] == [(_SENT, Kind.TEXT, texts[0])] * 2
    assert [payload for direction, _kind, payload in messages if direction is _RECEIVED] == (
        texts[:3] if is_lossy else texts
    )
    assert len(_events(found, Unread)) == (2 if is_lossy else 0)


def test_frames_that_break_the_protocol_are_said() -> None:
    made = Conversation()
    made.open()
    made.client(sent(b"a") + encode(3, b"") + sent(b"never"))
    found = _whole(_PCAPNG.write(made.segments))
    assert [payload for *_about, payload in found.conversations[0].messages] == [b"a"]
    assert _events(found, Unread) == [Unread("sent", detail="a frame with the reserved opcode 3")]
    assert found.losses == {"invalid-messages": 1}


def test_a_connection_that_is_lost_says_so_and_one_that_is_still_open_does_not() -> None:
    made = Conversation()
    made.open()
    is_open = _whole(_PCAPNG.write(made.segments))
    assert _events(is_open, Closed) == []
    assert is_open.conversations[0].end is not None
    made.add(False, b"", RST | ACK)
    assert _events(_whole(_PCAPNG.write(made.segments)), Closed) == [
        Closed(CloseCause.STREAM_CLOSED, 1006)
    ]


def test_requests_before_the_websocket_on_the_same_connection_are_passed_over() -> None:
    made = Conversation()
    made.shake()
    made.client(b"POST /login HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nGET ")
    made.server(b"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\nHTTP/1.1 101 x\r\n\r\nHTTP/1.1 2")
    refused = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno"
    made.client(request())
    made.server(refused)
    made.client(request("/other", Authorization="Bearer abc"))
    made.server(answer() + received(b"hi"))
    found = _whole(_PCAPNG.write(made.segments))
    assert found.conversations[0].begin.address == "ws://h.example/other"
    assert found.conversations[0].messages == [(_RECEIVED, Kind.TEXT, b"hi")]
    assert found.losses == {"refused": 1}


def test_an_answer_to_another_key_opens_nothing() -> None:
    made = Conversation()
    made.shake()
    made.client(request())
    made.server(answer().replace(ACCEPT.encode(), b"x" * 28) + received(b"hi"))
    found = _whole(_PCAPNG.write(made.segments))
    assert found.conversations == []
    assert found.losses == {"refused": 1}


def test_connections_that_are_no_websockets_are_counted() -> None:
    tls, other, again = Conversation(), Conversation(), Conversation()
    tls.shake()
    tls.client(b"\x16\x03\x01\x00\x05hello")
    tls.server(b"\x16\x03\x03\x00\x05hello")
    other.shake()
    other.client(b"EHLO h\r\n\r\n")
    again.client(received(b"the handshake came before the capture"))
    parts = [
        _PCAPNG.write(one.segments, (50000 + at, 80)) for at, one in enumerate((tls, other, again))
    ]
    secrets = _PCAPNG.block(10, struct.pack("<II", 0x544C534B, 4) + b"key\n")
    found = _whole(b"".join((*parts, secrets)))
    assert found.conversations == []
    assert found.losses == {"encrypted": 1, "other-connections": 2, "tls-secrets": 1}


def test_connections_of_http_2_are_named() -> None:
    head = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    made = Conversation()
    made.shake()
    made.client(head[:3].encode())
    made.client(head[3:].encode() + bytes.fromhex("000000040000000000"))
    made.server(bytes.fromhex("000000040000000000"))
    found = _whole(_PCAPNG.write(made.segments))
    assert found.conversations == []
    assert found.losses == {"http2": 1}


def test_two_connections_between_the_same_ports_are_two_conversations() -> None:
    first, second = _talk(), _talk()
    second_segments = [
        replace(one, number=one.number + 5000, acknowledged=one.acknowledged + 5000)
        for one in second.segments
    ]
    found = _whole(_PCAPNG.write(first.segments + second_segments))
    assert [one.messages for one in found.conversations] == [_MESSAGES, _MESSAGES]


def test_more_websockets_than_can_be_open_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture_file, "_MAX_OPEN", 2)
    content = b"".join(_PCAPNG.write(_talk().segments[:-3], (50000 + at, 80)) for at in range(3))
    found = _whole(content)
    assert len(found.conversations) == 2
    assert found.losses == {"too-many-open": 1}


def test_bytes_out_of_order_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture_file, "_MAX_HELD", 10_000)
    made = Conversation()
    made.open()
    made.server(encode(2, bytes(100_000))[:30_000])
    found = imported(_PCAPNG.write(made.segments))
    assert found.error is not None
    assert found.error.fault is ImportFault.TOO_LARGE


@pytest.mark.parametrize("file", ["pcapng", "pcap"])
def test_a_file_that_is_cut_anywhere_gives_what_came_before(file: str) -> None:
    whole = Form(file).write(_talk().segments)  # type: ignore[arg-type]
    counts = []
    for end in range(30, len(whole) - 1, 37):
        found = imported(whole[:end])
        if found.error is not None:
            assert found.error.fault is ImportFault.CUT_OFF
            assert found.error.offset == end
            assert all(one.end is None or one.messages == _MESSAGES for one in found.conversations)
        counts.append(sum(len(one.messages) for one in found.conversations))
    assert counts == sorted(counts)
    assert counts[-1] >= len(_MESSAGES) - 1


def test_a_broken_block_in_the_middle_is_told_with_its_place() -> None:
    segments = _talk().segments
    before, after = _PCAPNG.write(segments[:6]), _PCAPNG.write(segments[6:])
    found = imported(before + b"\x06\0\0\0\x03\0\0\0" + after)
    assert found.error is not None
    assert (found.error.fault, found.error.offset) == (ImportFault.OTHER_SHAPE, len(before))
    assert found.conversations[0].messages == _MESSAGES[:3]


def test_packets_of_other_kinds_are_counted() -> None:
    link = _PCAPNG.block(1, struct.pack("<HHI", 147, 0, 0))
    other = _PCAPNG.section() + link + _PCAPNG.packet_block(BEGAN, bytes(60), 60)
    fragment = bytearray(Form(file="pcap", link="raw").write(_talk().segments[:1]))
    fragment[24 + 16 + 6] = 0x20  # more of the IP packet follows
    assert _whole(other).losses == {"other-links": 1}
    assert _whole(bytes(fragment)).losses == {"ip-fragments": 1}


def test_a_conversation_that_tcpdump_captured_is_read_whole(tmp_path: Path) -> None:
    captured(path := tmp_path / "a.pcap")
    found = _whole(path.read_bytes())
    (one,) = found.conversations
    texts = [text.encode() for text in TEXTS]
    assert [payload for direction, kind, payload in one.messages if kind is Kind.TEXT] == [
        *(each for text in texts for each in (text, text)),
        b"LONG",
        LONG.encode(),
    ]
    assert _events(found, Closed)[0] == Closed(CloseCause.CLOSE_FRAME, 1000, "sent")
    assert _events(found, Unread) == []
    assert found.losses == {}
