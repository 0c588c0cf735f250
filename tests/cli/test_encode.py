"""JSON that goes out in another format, from the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.program import spacebeam
from tests.support.listener import listener
from tests.support.processes import LOOPBACK

WIRE = Path(__file__).parents[1] / "decode" / "wire"
PROTO = ("--proto", str(WIRE / "feed.desc"), "--message-type", "sent:feed.v1.Request")
ORDER = '{"op": "buy", "id": 7}'
PACKED = bytes.fromhex("82a26f70a3627579a2696407")


def test_messages_of_send_and_of_standard_input_go_out_so() -> None:
    with listener() as peer:
        first = spacebeam(
            "connect", peer.url, "--encode", "messagepack", "--send", ORDER, "--timeout", "2"
        )
        assert first.returncode == 0, first.stderr
        lines = f'{ORDER}\n"a"\n'.encode()
        second = spacebeam("connect", peer.url, "--encode", "messagepack", stdin=lines)
        assert second.returncode == 0, second.stderr
        assert peer.messages == [PACKED, PACKED, b"\xa1a"]


def test_a_protobuf_message_has_the_type_that_is_sent() -> None:
    with listener() as peer:
        words = ("--encode", "protobuf", "--send", '{"id": 7}', "--timeout", "2")
        assert spacebeam("connect", peer.url, *PROTO, *words).returncode == 0
        assert peer.messages == [b"\x08\x07"]


def test_a_format_of_text_is_sent_as_text() -> None:
    with listener() as peer:
        spacebeam("connect", peer.url, "--encode", "sockjs", stdin=b'{"frame": "h"}\n')
        assert peer.messages == ["h"]


def test_variables_are_replaced_before(tmp_path: Path) -> None:
    with listener() as peer:
        words = ("--var", "id=7", "--expand", "--encode", "cbor", "--library", str(tmp_path))
        finished = spacebeam("connect", peer.url, *words, stdin=b'{"id": {{id}}}\n')
        assert finished.returncode == 0, finished.stderr
        assert peer.messages == [bytes.fromhex("a162696407")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"id": ', "MessagePack: "),
        ('{"id": {"$bytes": "?"}}', "MessagePack: $bytes is not Base64"),
    ],
)
def test_what_cannot_be_encoded_is_bad_usage_before_connecting(text: str, told: str) -> None:
    words = ("--encode", "messagepack", "--send", text)
    finished = spacebeam("connect", f"ws://{LOOPBACK}:1/", *words)
    assert finished.returncode == 2
    assert told.encode() in finished.stderr


def test_a_line_that_cannot_be_encoded_ends_the_input() -> None:
    with listener() as peer:
        lines = f"{ORDER}\nno\n{ORDER}\n".encode()
        finished = spacebeam("connect", peer.url, "--encode", "messagepack", stdin=lines)
        assert finished.returncode == 2
        assert b"MessagePack: " in finished.stderr
        assert peer.messages == [PACKED]


def test_decode_prints_where_a_message_violates_its_schema(tmp_path: Path) -> None:
    schema = tmp_path / "order.json"
    schema.write_text('{"properties": {"id": {"type": "string"}}}')
    words = ("decode", "--decode", "messagepack", "--json-schema", str(schema), "-")
    finished = spacebeam(*words, stdin=PACKED)
    assert finished.returncode == 0
    assert b"$.id: 7 is not of type 'string'" in finished.stderr
    schema.write_text('{"properties": {"id": {"type": "integer"}}}')
    assert b"violates" not in spacebeam(*words, stdin=PACKED).stderr


def test_cbor_is_printed_in_its_diagnostic_notation() -> None:
    finished = spacebeam("decode", "--diagnostic", "-", stdin=bytes.fromhex("c1bf6161f93e00ff"))
    assert finished.stdout == b'1({_ "a": 1.5_1})\n'
    wrong = spacebeam("decode", "--diagnostic", "-", stdin=b"\x9f")
    assert wrong.returncode == 4
    assert b"This is not CBOR: ends in the middle of a value, at byte 1." in wrong.stderr


def test_decode_writes_the_payload_of_json() -> None:
    finished = spacebeam("decode", "--encode", "messagepack", "-", stdin=ORDER.encode())
    assert finished.stdout == PACKED
    wrong = spacebeam("decode", "--encode", "bson", "-", stdin=b"7")
    assert (wrong.returncode, wrong.stdout) == (4, b"")
    assert b"BSON: " in wrong.stderr
