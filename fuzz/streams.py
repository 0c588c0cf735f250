"""Fuzzing of frames: any division into blocks gives the same entries, within all limits."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from fuzz.target import Target, pieces, split
from spacebeam.protocol.batch import Kind, Origin, split_close
from spacebeam.protocol.close import CloseCode, close_payload, is_legal
from spacebeam.protocol.deflate import Agreement, Deflate
from spacebeam.protocol.frame_decoder import FrameDecoder
from spacebeam.protocol.frame_encoder import FrameEncoder
from spacebeam.protocol.frames import MAX_CONTROL_PAYLOAD, Opcode, ProtocolError, Role, encode

_AGREEMENTS = (
    None,
    Agreement(),
    Agreement(True, True, 9, 9),
    Agreement(server_max_window_bits=8, client_max_window_bits=10),
)
_LIMITS = (1, 10, 125, 1000, 70_000, 2**20)
_MASK = b"\x12\xf4\x56\x08"
_RSV1 = 4
_CODES = (CloseCode.PROTOCOL_ERROR, CloseCode.INVALID_PAYLOAD, CloseCode.MESSAGE_TOO_BIG)

Found = tuple[list[tuple[Kind, bytes, Origin | None]], tuple[CloseCode, str] | None, bool]


def _choose(options: int) -> tuple[Role, Agreement | None, int]:
    role = Role(options & 1)
    return role, _AGREEMENTS[options >> 1 & 3], _LIMITS[(options >> 3) % len(_LIMITS)]


def _frame_decoder(options: int) -> FrameDecoder:
    role, agreement, limit = _choose(options)
    return FrameDecoder(role, None if agreement is None else Deflate(agreement, role), limit)


def _received(decoder: FrameDecoder, blocks: Iterable[bytes]) -> Found:
    """Return the entries and the error of these blocks, and whether a message is incomplete."""
    entries = [
        (Kind(batch.kinds[place]), batch.payload(place), batch.origin(place))
        for block in blocks
        for batch in decoder.feed(block, 0.0)
        for place in range(len(batch))
    ]
    failure = decoder.failure
    error = None if failure is None else (failure.code, failure.explanation)
    # Bytes after the end are ignored, however they are divided.
    return entries, error, decoder.is_inside_message and not decoder.is_finished


def check_frame_decoder(data: bytes) -> None:
    """Check the frame decoder; `data` has options, a pattern of cuts, and a peer's bytes."""
    head, stream = split(data, 5)
    options, pattern = head[0], int.from_bytes(head[1:], "big")
    limit = _choose(options)[2]
    whole = _received(_frame_decoder(options), [stream])
    cut = _received(_frame_decoder(options), pieces(stream, pattern))
    assert _comparable(whole, options) == _comparable(cut, options)
    entries, error, _inside = whole
    assert error is None or error[0] in _CODES
    for kind, payload, _origin in entries:
        assert len(payload) <= (MAX_CONTROL_PAYLOAD if kind >= Kind.CLOSE else limit)
        if kind is Kind.TEXT:
            payload.decode()
    if error is not None:
        _check_offender(options, stream)


def _comparable(found: Found, options: int) -> object:
    entries, error, inside = found
    # Decompressed data is checked in pieces. If it is not UTF-8, and also too long or not a deflate
    # stream, the first error found depends on the cuts.
    is_compressed = _choose(options)[1] is not None
    if error is not None and is_compressed and error[0] is not CloseCode.PROTOCOL_ERROR:
        return entries, "refused", inside
    return entries, error, inside


def _check_offender(options: int, stream: bytes) -> None:
    """Check that a violation is found at the same byte, in single bytes and in one block."""
    decoder = _frame_decoder(options)
    for place in range(len(stream)):
        list(decoder.feed(stream[place : place + 1], 0.0))
        if decoder.failure is not None:
            before = _received(_frame_decoder(options), [stream[:place]])
            assert before[1] is None
            return
    raise AssertionError("a violation was found only in the whole stream")


def check_frame_encoder(data: bytes) -> None:
    """Check that encoded messages are decoded again; `data` has options and messages."""
    head, rest = split(data, 6)
    role, agreement, _limit = _choose(head[0])
    other = Role.SERVER if role is Role.CLIENT else Role.CLIENT
    encoder = FrameEncoder(other, None if agreement is None else Deflate(agreement, other))
    decoder = FrameDecoder(role, None if agreement is None else Deflate(agreement, role))
    wire, sent = bytearray(), []
    for number, payload in enumerate(pieces(rest, int.from_bytes(head[1:5], "big"))):
        packed = encoder.pack(payload * head[5])
        sizes = [1 + number % 7] * (number % 5)
        if number % 3:
            wire += b"".join(encoder.fragments(Opcode.BINARY, packed, sizes))
        else:
            wire += b"".join(encoder.message(Opcode.BINARY, packed))
        wire += encoder.control(Opcode.PING, payload[:MAX_CONTROL_PAYLOAD])
        sent += [(Kind.BINARY, payload * head[5]), (Kind.PING, payload[:MAX_CONTROL_PAYLOAD])]
    entries, error, inside = _received(decoder, pieces(bytes(wire), head[4]))
    assert [entry[:2] for entry in entries] == sent
    assert (error, inside) == (None, False)


def check_deflate(data: bytes) -> None:
    """Check decompression; `data` has options, a pattern of cuts, and a compressed message."""
    head, packed = split(data, 5)
    role, agreement, limit = _choose(head[0])
    agreement = agreement or Agreement()
    whole = _unpacked(Deflate(agreement, role), [packed], limit)
    cut = _unpacked(
        Deflate(agreement, role), pieces(packed, int.from_bytes(head[1:], "big")) or [b""], limit
    )
    # zlib reads ahead, and may find an error in later data before the limit is exceeded.
    assert whole == cut or (isinstance(whole, CloseCode) and isinstance(cut, CloseCode))
    assert isinstance(whole, CloseCode) or len(whole) <= limit
    other = Role.SERVER if role is Role.CLIENT else Role.CLIENT
    packer, unpacker = Deflate(agreement, other), Deflate(agreement, role)
    for _ in range(2):
        again = packer.pack(packed)
        assert unpacker.unpack(again, len(packed), last=True) == packed


def _unpacked(deflate: Deflate, parts: list[bytes], limit: int) -> bytes | CloseCode:
    unpacked = b""
    try:
        for number, part in enumerate(parts, 1):
            unpacked += deflate.unpack(part, limit - len(unpacked), last=number == len(parts))
    except ProtocolError as error:
        return error.code
    return unpacked


def check_close(data: bytes) -> None:
    """Check a close frame with the payload `data`."""
    payload = data[:MAX_CONTROL_PAYLOAD]
    code, reason = split_close(payload)
    decoder = FrameDecoder(Role.CLIENT)
    entries, error, _inside = _received(decoder, [encode(Opcode.CLOSE, payload)])
    if error is None:
        assert entries == [(Kind.CLOSE, payload, None)]
        assert payload == b"" or (is_legal(code) and payload[2:] == reason.encode())
    else:
        assert entries == []
        assert not is_legal(code) or payload[2:] != reason.encode()
    try:
        ours = close_payload(code, data[2:].decode(errors="replace"))
    except ValueError:
        return
    entries, error, _inside = _received(FrameDecoder(Role.CLIENT), [encode(Opcode.CLOSE, ours)])
    assert (entries, error) == ([(Kind.CLOSE, ours, None)], None)


def _stream_seeds() -> Iterator[bytes]:
    packed = Deflate(Agreement(), Role.SERVER).pack("hé “hello” hello".encode() * 3)
    bomb = Deflate(Agreement(), Role.SERVER).pack(bytes(100_000))
    frames: list[tuple[Opcode, bytes, int, bool]] = [
        (Opcode.TEXT, "plain é".encode(), 0, True),
        (Opcode.BINARY, bytes(200), 0, True),
        (Opcode.TEXT, "€".encode()[:2], 0, False),
        (Opcode.PING, b"between", 0, True),
        (Opcode.CONTINUATION, "€".encode()[2:], 0, True),
        (Opcode.TEXT, packed[:9], _RSV1, False),
        (Opcode.PONG, b"", 0, True),
        (Opcode.CONTINUATION, packed[9:], 0, True),
        (Opcode.BINARY, bomb, _RSV1, True),
        (Opcode.TEXT, b"\xed\xa0\x80", 0, True),
        (Opcode.CLOSE, b"\x03\xe8bye", 0, True),
    ]
    for options in range(48):
        mask = _MASK if options & 1 else b""
        each = [encode(code, data, mask, fin=fin, rsv=rsv) for code, data, rsv, fin in frames]
        yield bytes((options, 0, 1, 2, options)) + b"".join(each)
        yield bytes((options, 9, 9, 9, 9)) + each[options % len(each)]
        yield bytes((options, 7, 7, 7, 7)) + each[8] + each[-2]


def _deflate_seeds() -> Iterator[bytes]:
    final = zlib.compressobj(wbits=-15)
    texts = [
        Deflate(Agreement(), Role.SERVER).pack(b"hello hello"),
        Deflate(Agreement(), Role.SERVER).pack(bytes(100_000)),
        final.compress(b"final") + final.flush(zlib.Z_FINISH) + b"\x00",
        b"\x03\x00" * 20,
        b"\x00\x05\x00\xfa\xffHello\x00",
        b"\x01\x02\x00\xfd\xffhi" * 4,
    ]
    for number, text in enumerate(texts):
        for options in range(0, 48, 5):
            yield bytes((options, number, 1, 2, 3)) + text


STREAMS = {
    "frame-decoder": Target(check_frame_decoder, tuple(_stream_seeds())),
    "frame-encoder": Target(
        check_frame_encoder, tuple(bytes((n, 3, n, 7, n, n)) + b"hello" * n for n in range(48))
    ),
    "deflate": Target(check_deflate, tuple(_deflate_seeds())),
    "close": Target(check_close, (b"", b"\x03\xe8", b"\x03\xe8bye \xc3\xa9", b"\x0f\xa0", b"\x03")),
}
