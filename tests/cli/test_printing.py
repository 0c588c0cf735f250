"""Printed entries, and a quota of messages."""

from __future__ import annotations

from array import array

import pytest

from spacebeam.cli import printing
from spacebeam.cli.forms import BinaryForm
from spacebeam.cli.message_form import MessageForm
from spacebeam.decode.decoder import Context
from spacebeam.decode.message_pack import MessagePackDecoder
from spacebeam.protocol.batch import Batch, Direction, Kind, Origin, event_batch, single

_MIXED = Batch(
    1.5,
    Direction.RECEIVED,
    b"onetwo\x00\xffpong",
    bytes((Kind.TEXT, Kind.PING, Kind.BINARY, Kind.TEXT)),
    array("I", (0, 3, 6, 8)),
    array("I", (3, 6, 8, 12)),
    {2: Origin(9, (2,), compressed=True), 3: Origin(9, (4,), compressed=True)},
)


def test_text_messages_are_printed_unchanged() -> None:
    batch = single(0.0, Direction.RECEIVED, Kind.TEXT, "a\x1b\nü".encode())
    assert printing.plain(MessageForm())(batch) == "a\x1b\nü\n".encode()


@pytest.mark.parametrize(
    ("form", "binary"), [(BinaryForm.HEX, b"00ff"), (BinaryForm.BASE64, b"AP8=")]
)
def test_only_messages_are_printed(form: BinaryForm, binary: bytes) -> None:
    assert printing.plain(MessageForm(form))(_MIXED) == b"one\n" + binary + b"\npong\n"


@pytest.mark.parametrize(
    ("decoder", "text", "json", "binary"),
    [
        (None, b"[1, 2]", b"5b312c20325d", b"fffe"),
        ("", b"[1, 2]", b"[1, 2]", b"fffe"),
        ("JSON", b"[1, 2]", b"[1, 2]", b"fffe"),
        ("Hex", b"5b312c20325d", b"5b312c20325d", b"fffe"),
        ("Text", b"[1, 2]", b"[1, 2]", b"\xff\xfe"),
    ],
)
def test_messages_are_printed_in_their_format(
    decoder: str | None, text: bytes, json: bytes, binary: bytes
) -> None:
    render = printing.plain(MessageForm(decoder=decoder))
    for kind, payload, printed in (
        (Kind.TEXT, b"[1, 2]", text),
        (Kind.BINARY, b"[1, 2]", json),
        (Kind.BINARY, b"\xff\xfe", binary),
    ):
        assert render(single(0.0, Direction.RECEIVED, kind, payload)) == printed + b"\n"


_SOCKET_IO = Context(endpoint="wss://a.test/socket.io/?EIO=4")
_PACKED = MessagePackDecoder().encode({"a": b"\xff"})


@pytest.mark.parametrize(
    ("decoder", "kind", "payload", "printed"),
    [
        ("", Kind.BINARY, _PACKED, b'{"a":{"$bytes":"/w=="}}'),
        ("", Kind.TEXT, b'42["a"]', b'42["a"]'),
        ("JSON", Kind.TEXT, b'42["a"]', b'42["a"]'),
        ("Socket.IO", Kind.TEXT, b'42["a"]', b'{"type":"EVENT","nsp":"/","data":["a"]}'),
        (None, Kind.BINARY, _PACKED, _PACKED.hex().encode()),
    ],
)
def test_other_formats_are_printed_as_their_values(
    decoder: str | None, kind: Kind, payload: bytes, printed: bytes
) -> None:
    render = printing.plain(MessageForm(decoder=decoder, connection=_SOCKET_IO))
    assert render(single(0.0, Direction.RECEIVED, kind, payload)) == printed + b"\n"


def test_sent_messages_and_events_are_not_printed() -> None:
    plain = printing.plain(MessageForm())
    assert plain(single(0.0, Direction.SENT, Kind.TEXT, b"a")) == b""
    assert plain(event_batch(0.0, b"Connected")) == b""


def test_json_has_every_entry() -> None:
    assert printing.json(_MIXED).count(b"\n") == 4
    assert b'"Connected"' in printing.json(event_batch(0.0, b"Connected"))


def test_control_characters_are_visible_on_a_terminal() -> None:
    batch = single(0.0, Direction.RECEIVED, Kind.TEXT, "a\x1b[2J\x9b\u202eb\tc\nd".encode())
    shown = printing.safe(printing.plain(MessageForm()))(batch).decode()
    assert shown == "a␛[2J⟨009B⟩⟨202E⟩b\tc\nd\n"


def _quota(wanted: int | None) -> tuple[printing.Quota, list[int]]:
    met: list[int] = []
    quota = printing.Quota(wanted, lambda: met.append(quota.received))
    return quota, met


def test_a_quota_limits_messages_and_not_control_frames() -> None:
    quota, met = _quota(2)
    taken = quota.take(_MIXED)
    assert list(zip(taken.kinds, taken.payloads(), strict=True)) == [
        (Kind.TEXT, b"one"),
        (Kind.PING, b"two"),
        (Kind.BINARY, b"\x00\xff"),
    ]
    assert taken.origins == {2: _MIXED.origins[2]}
    assert (quota.is_met, quota.received, met) == (True, 2, [2])
    later = quota.take(_MIXED)
    assert list(later.payloads()) == [b"two"]
    assert (quota.received, met) == (2, [2])


def test_a_quota_that_is_met_exactly() -> None:
    quota, met = _quota(3)
    assert quota.take(_MIXED) is _MIXED
    assert (quota.is_met, met) == (True, [3])


def test_a_quota_that_is_not_met() -> None:
    quota, met = _quota(4)
    quota.take(_MIXED)
    assert (quota.is_met, quota.received, met) == (False, 3, [])


def test_sent_messages_do_not_count_towards_a_quota() -> None:
    quota, _met = _quota(1)
    quota.take(single(0.0, Direction.SENT, Kind.TEXT, b"a"))
    assert not quota.is_met


def test_without_a_quota_all_entries_are_printed() -> None:
    quota, met = _quota(None)
    assert quota.take(_MIXED) is _MIXED
    assert (quota.is_met, quota.received, met) == (True, 3, [])
