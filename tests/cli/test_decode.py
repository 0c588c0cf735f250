"""`spacebeam decode`: what a payload means."""

from __future__ import annotations

import json
from pathlib import Path

from spacebeam.decode.message_pack import MessagePackDecoder
from tests.cli.program import spacebeam

_SOCKET_IO = ("--endpoint", "wss://a.test/socket.io/?EIO=4")


def test_the_format_is_found_and_the_value_is_printed(tmp_path: Path) -> None:
    path = tmp_path / "packet.bin"
    path.write_bytes(MessagePackDecoder().encode({"id": 7, "digest": b"\x00\xff"}))
    finished = spacebeam("decode", str(path))
    assert (finished.returncode, finished.stderr) == (0, b"MessagePack, 16 bytes\n")
    assert json.loads(finished.stdout) == {"id": 7, "digest": {"$bytes": "AP8="}}


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
