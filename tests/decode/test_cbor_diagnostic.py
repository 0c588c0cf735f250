"""CBOR in its diagnostic notation: the examples of RFC 8949, appendix A, and hostile bytes."""

from __future__ import annotations

import pytest

from spacebeam.decode.cbor_diagnostic import diagnostic
from spacebeam.decode.decoder import DecodeError


@pytest.mark.parametrize(
    ("payload", "written"),
    [
        ("00", "0"),
        ("1bffffffffffffffff", "18446744073709551615"),
        ("3903e7", "-1000"),
        ("c249010000000000000000", "2(h'010000000000000000')"),
        ("f93e00", "1.5_1"),
        ("fb3ff199999999999a", "1.1"),
        ("fa47c35000", "100000.0_2"),
        ("f97c00", "Infinity_1"),
        ("f97e00", "NaN_1"),
        ("f4", "false"),
        ("f6", "null"),
        ("f7", "undefined"),
        ("f0", "simple(16)"),
        ("f8ff", "simple(255)"),
        ("c11a514b67b0", "1(1363896240)"),
        ("d818456449455446", "24(h'6449455446')"),
        ("4401020304", "h'01020304'"),
        ("62225c", '"\\"\\\\"'),
        ("62c3bc", '"ü"'),
        ("8301820203820405", "[1, [2, 3], [4, 5]]"),
        ("a201020304", "{1: 2, 3: 4}"),
        ("826161a161626163", '["a", {"b": "c"}]'),
        ("5f42010243030405ff", "(_ h'0102', h'030405')"),
        ("7f657374726561646d696e67ff", '(_ "strea", "ming")'),
        ("9f018202039f0405ffff", "[_ 1, [2, 3], [_ 4, 5]]"),
        ("bf61610161629f0203ffff", '{_ "a": 1, "b": [_ 2, 3]}'),
        ("0102", "1, 2"),
    ],
)
def test_an_item_is_written(payload: str, written: str) -> None:
    assert diagnostic(bytes.fromhex(payload)) == written


@pytest.mark.parametrize(
    ("payload", "offset"),
    [
        (b"", 0),
        (b"\x9f", 1),
        (b"\xff", 0),
        (b"\x1c", 0),
        (b"\x9b\x7f\xff\xff\xff\xff\xff\xff\xff", 9),  # a length that lies
        (b"\x62\xc3\x28", 1),
        (b"\x81" * 5000, 257),
        (b"\xbf\x01\xff", 2),
    ],
)
def test_what_is_wrong_is_said_with_its_place(payload: bytes, offset: int) -> None:
    with pytest.raises(DecodeError) as caught:
        diagnostic(payload)
    assert caught.value.offset == offset
