"""Messages whose meaning a schema says, in the terminal: of the options, or a saved connection."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.library.connections.nodes import ROOT
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.profiles.collection import Environment, SavedConnection, Variable
from spacebeam.profiles.profile import Profile, SchemaFiles
from tests.cli.program import spacebeam
from tests.library.files import write_recording

WIRE = Path(__file__).parents[1] / "decode" / "wire"
PROTO = ("--proto", str(WIRE / "feed.proto"), "--message-type", "feed.v1.Envelope")
QUOTE = bytes.fromhex("0829 5212 0a07 4254432d455552 11 0000000000002340".replace(" ", ""))
SEND = ("--binary", "hex", "--send", QUOTE.hex(), "--expect", "1", "--decode", "protobuf")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenFolder:
    monkeypatch.setenv("SPACEBEAM_LIBRARY", str(tmp_path / "library"))
    found = OpenFolder(tmp_path / "library", deleted=tmp_path / "deleted")
    found.root.mkdir()
    (found.root / "feed.desc").write_bytes((WIRE / "feed.desc").read_bytes())
    return found


def save(folder: OpenFolder, address: str, *types: str, file: str = "feed.desc") -> None:
    profile = Profile(schemas=SchemaFiles(file, types))
    folder.create_connection(ROOT, SavedConnection("Feed", address, profile))


def test_messages_are_printed_by_the_schema_of_the_options(served: str) -> None:
    finished = spacebeam("connect", f"{served}/echo", *PROTO, *SEND)
    assert finished.returncode == 0, finished.stderr
    value = json.loads(finished.stdout)
    assert value == {"seq": 41, "quote": {"symbol": "BTC-EUR", "bid": 9.5}}


def test_a_saved_connection_has_its_schema_beside_it(folder: OpenFolder, served: str) -> None:
    save(folder, f"{served}/echo", "feed.v1.Envelope")
    finished = spacebeam("connect", "Feed", *SEND)
    assert json.loads(finished.stdout)["quote"]["symbol"] == "BTC-EUR"


def test_the_options_win_over_the_saved_connection(folder: OpenFolder, served: str) -> None:
    save(folder, f"{served}/echo", "feed.v1.Heartbeat")
    finished = spacebeam("connect", "Feed", *PROTO, *SEND)
    assert json.loads(finished.stdout)["quote"]["symbol"] == "BTC-EUR"


def test_a_missing_file_of_a_saved_connection_is_a_note(folder: OpenFolder, served: str) -> None:
    save(folder, f"{served}/echo", "feed.v1.Envelope", file="missing.desc")
    finished = spacebeam("connect", "Feed", *SEND)
    assert finished.returncode == 0
    assert b"missing.desc: Could not read the file: No such file" in finished.stderr
    assert json.loads(finished.stdout)["1"] == 41  # by the numbers of the fields


def test_a_wrong_file_of_the_options_is_bad_usage(served: str, tmp_path: Path) -> None:
    path = tmp_path / "wrong.proto"
    path.write_text("message {\n")
    finished = spacebeam("connect", f"{served}/echo", "--proto", str(path), *SEND)
    assert finished.returncode == 2
    assert b"wrong.proto:1:" in finished.stderr


def test_a_connection_is_saved_with_its_schema(folder: OpenFolder, served: str) -> None:
    finished = spacebeam("connect", f"{served}/echo", *PROTO, "--save-as", "Feed")
    assert finished.returncode == 0, finished.stderr
    folder.load()
    saved = folder.connection("Feed.yml").profile.schemas
    assert saved == SchemaFiles(str(WIRE / "feed.proto"), ("feed.v1.Envelope",))


PACKED = b"\x81\xa2id\x07"  # {"id": 7}
OF_PACKED = ("--binary", "hex", "--send", PACKED.hex(), "--expect", "1")


def save_decoders(folder: OpenFolder, address: str, text: str, binary: str) -> None:
    saved = SavedConnection("Feed", address, decoder=text, binary_decoder=binary)
    folder.create_connection(ROOT, saved)


def test_messages_are_printed_by_the_decoders_of_the_saved_connection(
    folder: OpenFolder, served: str
) -> None:
    save_decoders(folder, f"{served}/echo", "Hex", "MessagePack")
    finished = spacebeam("connect", "Feed", *OF_PACKED, "--decode", "saved")
    assert json.loads(finished.stdout) == {"id": 7}
    text = ("--send", "hi", "--expect", "1")
    assert spacebeam("connect", "Feed", *text, "--decode", "saved").stdout == b"6869\n"
    assert spacebeam("connect", "Feed", *text, "--decode", "auto").stdout == b"hi\n"
    assert spacebeam("connect", "Feed", *text).stdout == b"hi\n"  # a pipe gets what was sent


def test_a_decoder_that_does_not_exist_is_a_note(folder: OpenFolder, served: str) -> None:
    save_decoders(folder, f"{served}/echo", "Klingon", "MessagePack")
    finished = spacebeam("connect", "Feed", *OF_PACKED, "--decode", "saved")
    assert json.loads(finished.stdout) == {"id": 7}
    assert b"There is no decoder \xe2\x80\x9cKlingon\xe2\x80\x9d." in finished.stderr


def test_an_address_has_no_saved_decoders(served: str) -> None:
    finished = spacebeam("connect", f"{served}/echo", *OF_PACKED, "--decode", "saved")
    assert finished.returncode == 2
    assert b"An address has no saved decoders." in finished.stderr


def test_a_recording_is_read_by_the_connection_saved_for_its_address(
    folder: OpenFolder, tmp_path: Path
) -> None:
    path = str(write_recording(tmp_path / "a.beam", QUOTE, address="ws://feed.test/v1?token=•••"))
    refused = spacebeam("list", path, "--decode", "saved", "--raw")
    assert refused.returncode == 2
    assert "No saved connection leads to ws://feed.test/v1?token=•••." in refused.stderr.decode()
    profile = Profile(schemas=SchemaFiles("feed.desc", ("feed.v1.Envelope",)))
    saved = SavedConnection("Feed", "ws://{{host}}/v1", profile, binary_decoder="Protobuf")
    EnvironmentFiles(folder.root).save(Environment("Test", (Variable("host", "feed.test"),)))
    folder.create_connection(ROOT, saved)
    wanted = {"seq": 41, "quote": {"symbol": "BTC-EUR", "bid": 9.5}}
    for command in (("list", path), ("search", path, "json:quote.symbol=BTC-EUR")):
        finished = spacebeam(*command, "--decode", "saved", "--raw")
        assert json.loads(finished.stdout) == wanted, finished.stderr
    bare = str(write_recording(tmp_path / "b.beam", QUOTE, address=""))
    assert b"The recording has no address." in spacebeam("list", bare, "--decode", "saved").stderr
    numbers = spacebeam("list", path, "--decode", "protobuf", "--raw")  # nothing is looked up
    assert json.loads(numbers.stdout)["1"] == 41
    other = ("--proto", str(WIRE / "feed.proto"), "--message-type", "feed.v1.Heartbeat")
    assert (
        json.loads(spacebeam("list", path, "--decode", "saved", "--raw", *other).stdout) != wanted
    )
