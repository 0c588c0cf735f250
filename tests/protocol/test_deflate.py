"""permessage-deflate: negotiation, compression and decompression (RFC 7692)."""

from __future__ import annotations

import itertools
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.deflate import Agreement, Deflate, accept, agreed
from spacebeam.protocol.frames import ProtocolError, Role

LIMIT = 1_000_000


@pytest.mark.parametrize(
    ("header", "agreement"),
    [
        ("permessage-deflate", Agreement()),
        ("permessage-deflate; client_max_window_bits", Agreement()),
        ("permessage-deflate; client_max_window_bits=10", Agreement(client_max_window_bits=10)),
        ('permessage-deflate; server_max_window_bits="9"', Agreement(server_max_window_bits=9)),
        (
            "permessage-deflate;server_no_context_takeover ; client_no_context_takeover",
            Agreement(server_no_context_takeover=True, client_no_context_takeover=True),
        ),
        ("x-other; a=b, permessage-deflate", Agreement()),
        # An unacceptable offer is skipped.
        ("permessage-deflate; unknown, permessage-deflate", Agreement()),
        ("permessage-deflate; server_max_window_bits=8, permessage-deflate", Agreement()),
        ("permessage-deflate; server_max_window_bits", None),
        ("permessage-deflate; server_max_window_bits=7", None),
        ("permessage-deflate; server_max_window_bits=16", None),
        ("permessage-deflate; server_max_window_bits=09", None),
        ("permessage-deflate; server_max_window_bits=x", None),
        ("permessage-deflate; server_max_window_bits=", None),
        ("permessage-deflate; client_max_window_bits=²", None),
        ("permessage-deflate; client_no_context_takeover=1", None),
        ("permessage-deflate; client_no_context_takeover; client_no_context_takeover", None),
        ("permessage-deflate; server_max_window_bits=8", None),
        ("permessage-bzip2", None),
        ("", None),
    ],
)
def test_the_first_acceptable_offer_is_accepted(header: str, agreement: Agreement | None) -> None:
    assert accept(header) == agreement


def test_an_agreement_is_read_from_the_response_header() -> None:
    header = "permessage-deflate; server_max_window_bits=8; client_no_context_takeover"
    agreement = Agreement(client_no_context_takeover=True, server_max_window_bits=8)
    assert agreed(header) == agreement
    assert agreed("") is None
    assert agreed("x-other") is None


agreements = st.builds(
    Agreement, st.booleans(), st.booleans(), st.integers(9, 15), st.integers(8, 15)
)


@given(agreements)
def test_an_agreement_is_read_back_from_its_header(agreement: Agreement) -> None:
    assert agreed(agreement.as_header()) == agreement
    assert accept(agreement.as_header()) == agreement


def test_the_header_has_only_values_other_than_the_default() -> None:
    assert Agreement().as_header() == "permessage-deflate"
    assert (
        Agreement(True, True, 10, 12).as_header()
        == "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
        "server_max_window_bits=10; client_max_window_bits=12"
    )


def test_the_examples_of_the_rfc_are_decompressed() -> None:
    # RFC 7692, section 7.2.3
    deflate = Deflate(Agreement(), Role.CLIENT)
    hello = b"\xf2\x48\xcd\xc9\xc9\x07\x00"
    assert deflate.unpack(hello, LIMIT, last=True) == b"Hello"
    assert deflate.unpack(b"\xf2\x00\x11\x00\x00", LIMIT, last=True) == b"Hello"
    stored = b"\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"
    final = b"\xf3\x48\xcd\xc9\xc9\x07\x00\x00"
    two_blocks = b"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"
    for packed in (stored, final, two_blocks, hello):
        assert deflate.unpack(packed, LIMIT, last=True) == b"Hello"


def test_messages_are_compressed_as_in_the_rfc() -> None:
    deflate = Deflate(Agreement(), Role.CLIENT)
    assert deflate.pack(b"Hello") == b"\xf2\x48\xcd\xc9\xc9\x07\x00"
    assert deflate.pack(b"Hello") == b"\xf2\x00\x11\x00\x00"
    fresh = Deflate(Agreement(client_no_context_takeover=True), Role.CLIENT)
    assert fresh.pack(b"Hello") == fresh.pack(b"Hello")


def test_an_empty_message_is_compressed_to_one_byte() -> None:
    deflate = Deflate(Agreement(), Role.CLIENT)
    peer = Deflate(Agreement(), Role.SERVER)
    for payload in (b"", b"", b"x", b""):
        packed = deflate.pack(payload)
        assert packed
        assert peer.unpack(packed, LIMIT, last=True) == payload


# Distant repetitions, which a window that is too small does not reach.
_payloads = st.lists(
    st.one_of(
        st.binary(max_size=50),
        st.integers(200, 40_000).map(lambda gap: b"far apart" + bytes(gap) + b"far apart"),
        st.integers(0, 255).map(lambda seed: bytes((seed * i * i) % 251 for i in range(600)) * 3),
    ),
    max_size=5,
)


@given(agreement=agreements, payloads=_payloads, pieces=st.integers(1, 50))
def test_compressed_messages_are_decompressed_by_the_other_side(
    agreement: Agreement, payloads: list[bytes], pieces: int
) -> None:
    client, server = Deflate(agreement, Role.CLIENT), Deflate(agreement, Role.SERVER)
    for sender, receiver in ((client, server), (server, client)):
        for payload in payloads:
            packed = sender.pack(payload)
            step = len(packed) // pieces + 1
            cuts = list(range(0, len(packed), step))
            unpacked = b"".join(
                receiver.unpack(packed[at : at + step], LIMIT, last=at == cuts[-1]) for at in cuts
            )
            assert unpacked == payload


def test_a_message_as_long_as_the_limit_is_accepted() -> None:
    for limit, size in itertools.product((1, 100, 65_536), (0, 1)):
        packed = Deflate(Agreement(), Role.SERVER).pack(bytes(limit + size))
        deflate = Deflate(Agreement(), Role.CLIENT)
        if size == 0:
            assert deflate.unpack(packed, limit, last=True) == bytes(limit)
            continue
        with pytest.raises(ProtocolError) as caught:
            deflate.unpack(packed, limit, last=True)
        assert caught.value.code is CloseCode.MESSAGE_TOO_BIG


def test_a_final_block_does_not_end_the_stream_of_messages() -> None:
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(b"final") + packer.flush(zlib.Z_FINISH) + b"\x00"
    deflate = Deflate(Agreement(), Role.CLIENT)
    for _ in range(3):
        assert deflate.unpack(packed, LIMIT, last=True) == b"final"


def test_a_window_larger_than_agreed_is_decompressed_however_it_is_divided() -> None:
    payload = b"far apart" + bytes(range(256)) * 20 + b"far apart"
    packed = Deflate(Agreement(), Role.SERVER).pack(payload)
    for step in (1, 7, len(packed)):
        deflate = Deflate(Agreement(server_max_window_bits=9), Role.CLIENT)
        cuts = range(0, len(packed), step)
        parts = [deflate.unpack(packed[at : at + step], LIMIT, last=at == cuts[-1]) for at in cuts]
        assert b"".join(parts) == payload


def test_a_message_may_have_thousands_of_final_blocks() -> None:
    text = b"\x01\x02\x00\xfd\xffhi"  # a final block, stored uncompressed
    packed = b"\x03\x00" * 3000 + text * 3000 + b"\x00"
    deflate = Deflate(Agreement(), Role.CLIENT)
    assert deflate.unpack(packed, LIMIT, last=True) == b"hi" * 3000
    with pytest.raises(ProtocolError, match="size limit"):
        deflate.unpack(packed, 5999, last=True)


class CountingUnpacker:
    """A zlib unpacker that counts the bytes it is given."""

    fed = 0  # by all of them; zlib copies those after a final block each time

    def __init__(self, unpacker: zlib._Decompress) -> None:
        self._unpacker = unpacker

    def decompress(self, data: bytes, limit: int) -> bytes:
        CountingUnpacker.fed += len(data)
        return self._unpacker.decompress(data, limit)

    @property
    def eof(self) -> bool:
        return self._unpacker.eof

    @property
    def unused_data(self) -> bytes:
        return self._unpacker.unused_data


def test_the_cost_of_final_blocks_is_linear(monkeypatch: pytest.MonkeyPatch) -> None:
    new_unpacker = Deflate._new_unpacker

    def cost(size: int) -> int:
        CountingUnpacker.fed = 0
        deflate, data = Deflate(Agreement(), Role.CLIENT), b"\x03\x00" * (size // 2)
        assert deflate.unpack(data, LIMIT, last=False) == b""
        assert CountingUnpacker.fed >= size
        return CountingUnpacker.fed

    monkeypatch.setattr(
        Deflate, "_new_unpacker", lambda deflate: CountingUnpacker(new_unpacker(deflate))
    )
    assert cost(2**18) <= 5 * cost(2**16)


@pytest.mark.parametrize("junk", [b"\x07", b"\xff" * 10, b"\x04\xff\xff\xff"])
def test_invalid_deflate_data_is_refused_with_1007(junk: bytes) -> None:
    with pytest.raises(ProtocolError, match="cannot be unpacked") as caught:
        Deflate(Agreement(), Role.CLIENT).unpack(junk, LIMIT, last=True)
    assert caught.value.code is CloseCode.INVALID_PAYLOAD


def test_each_side_keeps_its_own_window_and_memory() -> None:
    agreement = Agreement(server_no_context_takeover=True, client_max_window_bits=9)
    client, server = Deflate(agreement, Role.CLIENT), Deflate(agreement, Role.SERVER)
    assert server.pack(b"Hello") == server.pack(b"Hello")
    assert client.pack(b"Hello") != client.pack(b"Hello")
    noise = bytes((i * i * 31 + i) % 251 ^ (i >> 3) & 255 for i in range(2000))
    assert len(client.pack(noise + noise)) > 1.5 * len(server.pack(noise + noise))
