"""`spacebeam decode`: what a payload means."""

from __future__ import annotations

import json
from pathlib import Path

from spacebeam.decode.message_pack import MessagePackDecoder
from spacebeam.protocol.batch import Direction, Kind, single
from tests.cli.program import spacebeam
from tests.cli.recordings import write_entries
from tests.decode.transcripts import WIRE, Transcript

_SOCKET_IO = ("--endpoint", "wss://a.test/socket.io/?EIO=4")


def test_the_format_is_found_and_the_value_is_printed(tmp_path: Path) -> None:
    path = tmp_path / "packet.bin"
    path.write_bytes(MessagePackDecoder().encode({"id": 7, "digest": b"\x00\xff"}))
    finished = spacebeam("decode", str(path))
    assert (finished.returncode, finished.stderr) == (0, b"MessagePack, 16 bytes\n")
    assert json.loads(finished.stdout) == {"id": 7, "digest": {"$bytes": "AP8="}}


def test_a_list_is_printed_as_csv() -> None:
    payload = MessagePackDecoder().encode(
        {"id": 7, "book": [{"price": 1.5, "side": "=buy"}, {"price": 2, "note": "a,b"}]}
    )
    finished = spacebeam("decode", "--csv", "book", "-", stdin=payload)
    assert finished.returncode == 0
    assert finished.stdout.splitlines() == [b"price,side,note", b"1.5,'=buy,", b'2,,"a,b"']
    finished = spacebeam("decode", "--csv", "@", "-", stdin=b'[{"a":1},{"a":2}]')
    assert finished.stdout == b"a\n1\n2\n"
    finished = spacebeam("decode", "--csv", "id", "-", stdin=payload)
    assert finished.returncode == 4
    assert b"There is no list of objects or lists at id." in finished.stderr


def test_json_has_the_messages_of_the_protocol() -> None:
    finished = spacebeam("decode", *_SOCKET_IO, "--json", "-", stdin=b'427["sum",40,2]')
    told = json.loads(finished.stdout)
    assert (told["format"], told["guess"]) == ("Socket.IO", False)
    assert told["value"]["data"] == ["sum", 40, 2]
    (message,) = told["messages"]
    assert message == {"type": "EVENT", "name": "sum", "id": "7", "value": [40, 2]}


def test_what_is_not_in_the_chosen_format_is_an_error_with_its_place() -> None:
    finished = spacebeam("decode", "--decode", "messagepack", "-", stdin=b"\x82\xa1a\x01")
    assert finished.returncode == 4
    assert finished.stderr == (
        b"spacebeam: This is not MessagePack: ends in the middle of a value, at byte 4.\n"
    )


def test_a_peers_control_characters_are_visible() -> None:
    finished = spacebeam("decode", "-", stdin=b"a\x1b[31mb")
    assert finished.stdout == "a␛[31mb\n".encode()


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    finished = spacebeam("decode", str(tmp_path / "none.bin"))
    assert finished.returncode == 4
    assert b"No such file or directory" in finished.stderr


_ENVELOPE = ("--proto", str(WIRE / "feed.desc"), "--message-type", "received:feed.v1.Envelope")


def _order() -> bytes:
    lines = Transcript("protobuf-feed").lines()
    return next(line.payload for line in lines if line.context.direction == "received")


def test_a_schema_names_the_fields_of_protobuf(tmp_path: Path) -> None:
    path = tmp_path / "packet.bin"
    path.write_bytes(_order())
    told = json.loads(spacebeam("decode", *_ENVELOPE, "--json", str(path)).stdout)
    assert (told["format"], told["guess"]) == ("Protobuf", False)
    assert told["value"]["quote"]["symbol"] == "AAA"


def test_list_and_search_read_with_the_schema(tmp_path: Path) -> None:
    entries = [single(0.0, Direction.RECEIVED, Kind.BINARY, _order())] * 2
    path = write_entries(tmp_path / "a.beam", *entries)
    finished = spacebeam("list", path, *_ENVELOPE, "--decode", "auto", "--raw")
    symbols = [json.loads(line)["quote"]["symbol"] for line in finished.stdout.splitlines()]
    assert symbols == ["AAA", "AAA"]
    for wanted, count in (("json:quote.symbol=AAA", b"2"), ("json:quote.symbol=B", b"0")):
        found = spacebeam("search", path, wanted, *_ENVELOPE, "--count").stdout
        assert found.strip() == count


def test_a_type_that_is_not_in_the_schema_is_bad_usage(tmp_path: Path) -> None:
    path = tmp_path / "packet.bin"
    path.write_bytes(_order())
    for words, told in (
        (
            ("--proto", str(WIRE / "feed.desc"), "--message-type", "a.B"),
            "has no type “a.B”. There are: feed.v1.".encode(),
        ),
        (("--proto", str(WIRE / "feed.desc")), b"--message-type"),
        (("--message-type", "a.B"), b"--proto"),
        (("--proto", str(WIRE / "README.md")), b"no descriptor set"),
        (("--avro", str(WIRE / "README.md")), b"no Avro schema"),
    ):
        finished = spacebeam("decode", *words, str(path))
        assert finished.returncode == 2
        assert told in finished.stderr
