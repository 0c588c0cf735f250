"""Binary kernel messages of Jupyter, and offsets that lie."""

from __future__ import annotations

import struct

import pytest

from spacebeam.decode.decoder import Context, DecodeError
from spacebeam.decode.jupyter_binary import JupyterBinaryDecoder
from spacebeam.decode.protocols.jupyter import SUBPROTOCOL
from tests.decode.transcripts import Transcript

DECODER = JupyterBinaryDecoder()
VERSION_1 = Context(subprotocol=SUBPROTOCOL)
LEGACY = Context(endpoint="ws://a.test/api/kernels/0a-1b/channels?token=fake")
PARTS = (b"shell", b'{"msg_id":"1"}', b"{}", b"{}", b'{"a":1}', b"\0\xff", b"")


def _version_1(*parts: bytes) -> bytes:
    start = 8 * (len(parts) + 2)
    offsets = [start + sum(map(len, parts[:number])) for number in range(len(parts) + 1)]
    return struct.pack(f"<{len(offsets) + 1}Q", len(offsets), *offsets) + b"".join(parts)


def _legacy(*parts: bytes) -> bytes:
    start = 4 * (len(parts) + 1)
    offsets = [start + sum(map(len, parts[:number])) for number in range(len(parts))]
    return struct.pack(f">{len(offsets) + 1}I", len(offsets), *offsets) + b"".join(parts)


@pytest.mark.parametrize("name", ["jupyter-v1", "jupyter-legacy"])
def test_the_transcripts_binary_messages_are_recognized(name: str) -> None:
    found = [line for line in Transcript(name).lines() if line.context.kind == "binary"]
    assert found
    for line in found:
        assert DECODER.confidence(line.payload, line.context) == 0.95
        assert len(DECODER.decode(line.payload, line.context).messages) == 1


def test_a_message_of_version_1_has_its_parts_and_buffers() -> None:
    assert DECODER.decode(_version_1(*PARTS), VERSION_1).value == {
        "channel": "shell",
        "header": {"msg_id": "1"},
        "parent_header": {},
        "metadata": {},
        "content": {"a": 1},
        "buffers": [b"\0\xff", b""],
    }


def test_a_message_before_version_1_is_json_with_buffers() -> None:
    value = DECODER.decode(_legacy(b'{"channel":"iopub"}', b"ab", b"c"), LEGACY).value
    assert value == {"channel": "iopub", "buffers": [b"ab", b"c"]}


def _offsets(*numbers: int) -> bytes:
    return struct.pack(f"<{len(numbers)}Q", *numbers)


@pytest.mark.parametrize(
    ("payload", "context"),
    [
        (b"", VERSION_1),
        (_offsets(0), VERSION_1),
        (_offsets(2**63), VERSION_1),
        (_offsets(9999), VERSION_1),
        (_offsets(1, 16), VERSION_1),
        (_offsets(2, 24, 2**60), VERSION_1),
        (_offsets(2, 2**60, 24), VERSION_1),
        (_offsets(3, 32, 31, 32), VERSION_1),
        (_version_1(*PARTS) + b"more", VERSION_1),
        (_version_1(*PARTS)[:-1], VERSION_1),
        (_version_1(*PARTS[:4]), VERSION_1),
        (_version_1(b"shell", b"{", b"{}", b"{}", b"{}"), VERSION_1),
        (_legacy(b"{"), LEGACY),
        (_legacy(b"[]"), LEGACY),
        (b"\0\0\0\1\0\0\0\x09", LEGACY),
        (b"\xff" * 100, LEGACY),
    ],
)
def test_a_payload_that_lies_is_refused(payload: bytes, context: Context) -> None:
    with pytest.raises(DecodeError) as error:
        DECODER.decode(payload, context)
    assert 0 <= error.value.offset <= len(payload)


def test_a_part_that_is_not_json_is_refused_where_it_is_wrong() -> None:
    payload = _version_1(b"shell", b"{}", b"{}", b"{}", b'{"a":x}')
    with pytest.raises(DecodeError) as error:
        DECODER.decode(payload, VERSION_1)
    assert error.value.offset == payload.index(b"x}")


def test_the_same_bytes_of_another_server_are_not_claimed() -> None:
    for payload in (_version_1(*PARTS), _legacy(b"{}")):
        assert DECODER.confidence(payload, Context(endpoint="ws://a.test/api/kernels")) == 0
    assert DECODER.confidence(_version_1(*PARTS), Context("text", subprotocol=SUBPROTOCOL)) == 0
    cut = Context(subprotocol=SUBPROTOCOL, is_cut=True)
    assert DECODER.confidence(_version_1(*PARTS)[:90], cut) == 0.95
    assert DECODER.confidence(_version_1(*PARTS)[:90], VERSION_1) == 0
