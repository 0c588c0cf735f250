"""Saved connections in the terminal: connected by name, listed, saved and removed."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.library.connections.nodes import ROOT
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.profiles.collection import (
    Environment,
    Folder,
    MessageFormat,
    SavedConnection,
    SavedMessage,
    Variable,
)
from spacebeam.profiles.profile import Profile, RequestSettings, SignIn, SignInMethod
from tests.cli.program import PATIENCE, command, read_until, spacebeam, started
from tests.cli.test_completion import completed
from tests.support.guarded_server import guarded_server
from tests.support.listener import listener
from tests.support.recordings import read
from tests.support.restartable_server import restartable_server

ECHO = SavedConnection(
    "Echo",
    "{{base}}/echo",
    messages=(
        SavedMessage("Login", "login {{who}} {{$seq}}", on_connect=True),
        SavedMessage("Bytes", "00 ff {{hex}}", MessageFormat.HEX),
        SavedMessage("Braces", "a \\{{b}}"),
        SavedMessage("Odd", "{{nobody}}"),
    ),
    variables=(Variable("hex", "0a"), Variable("who", "ada")),
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, served: str) -> OpenFolder:
    """A library with a connection to the test server and two environments."""
    monkeypatch.setenv("SPACEBEAM_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    found = OpenFolder(tmp_path / "library", deleted=tmp_path / "deleted")
    found.create_connection(found.create_folder(ROOT, Folder("Trading")), ECHO)
    files = EnvironmentFiles(found.root)
    base = served.removesuffix("/")
    files.save(Environment("Test", (Variable("base", base),)))
    files.save(Environment("Live", (Variable("base", base), Variable("who", "live"))))
    return found


def connect(*arguments: str, stdin: bytes = b"") -> list[str]:
    """Connect to the echo with an environment, and return the answers."""
    finished = spacebeam("connect", *arguments, "--env", "Test", stdin=stdin)
    assert finished.returncode == 0, finished.stderr.decode()
    return finished.stdout.decode().splitlines()


@pytest.mark.parametrize("name", ["Echo", "Trading/Echo", "trading/echo", "Trading/Echo.yml"])
def test_a_name_connects_and_sends_what_is_sent_on_connect(folder: OpenFolder, name: str) -> None:
    assert connect(name, "--expect", "1") == ["login ada 1"]


def test_a_file_connects(folder: OpenFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPACEBEAM_LIBRARY")
    file = str(folder.root / "Trading/Echo.yml")
    assert connect(file, "--expect", "1") == ["login ada 1"]
    assert connect("Echo", "--library", str(folder.root), "--expect", "1") == ["login ada 1"]


def test_standard_input_follows_the_messages_on_connect(folder: OpenFolder) -> None:
    lines = connect("Echo", "--expect", "3", stdin=b"one {{who}}\ntwo\n")
    assert lines == ["login ada 1", "one {{who}}", "two"]


def test_variables_in_input_are_replaced_only_on_request(folder: OpenFolder) -> None:
    words = ("Echo", "--no-on-connect", "--expand")
    assert connect(*words, "--expect", "1", stdin=b'{"a": "{{who}}"}\n') == ['{"a": "ada"}']
    lines = connect(*words, "--expect", "2", "--send", "{{who}} {{$seq}}", "--send", "{{$seq}}")
    assert lines == ["ada 1", "2"]
    finished = spacebeam("connect", *words, "--env", "Test", stdin=b"{{nobody}}\n")
    assert (finished.returncode, b"nobody" in finished.stderr) == (2, True)


def test_saved_messages_are_sent_by_name(folder: OpenFolder) -> None:
    words = ("--message", "Bytes", "--message", "braces", "--send", "{{x}}", "--expect", "3")
    assert connect("Echo", "--no-on-connect", *words) == ["00ff0a", "a {{b}}", "{{x}}"]


def test_a_saved_message_is_sent_in_its_format(tmp_path: Path) -> None:
    with listener() as peer:
        words = ("connect", peer.url, "--encode", "messagepack", "--send", '{"a": 1}')
        library = ("--library", str(tmp_path))
        finished = spacebeam(*words, "--save-as", "Packed", *library)
        assert finished.returncode == 0, finished.stderr
        assert spacebeam("connect", "Packed", *library, stdin=b"").returncode == 0
        assert peer.messages == [b"\x81\xa1a\x01"]
        file = str(tmp_path / "a.beam")
        recorded = spacebeam("record", "Packed", file, *library, "--for", "0.5")
        assert recorded.returncode == 0, recorded.stderr
        assert peer.messages == [b"\x81\xa1a\x01"] * 2


def test_a_saved_message_that_cannot_be_encoded_says_why(tmp_path: Path) -> None:
    library = ("--library", str(tmp_path))
    with listener() as peer:
        words = ("connect", peer.url, "--encode", "messagepack", "--send", "{")
        assert spacebeam(*words, "--save-as", "Packed", *library).returncode == 0
        finished = spacebeam("connect", "Packed", *library, stdin=b"")
        assert finished.returncode == 2
        assert "“message 1” cannot be sent as MessagePack: " in finished.stderr.decode()


def test_the_command_line_wins_over_what_is_saved(folder: OpenFolder) -> None:
    assert connect("Echo", "--var", "who=bob", "--expect", "1") == ["login bob 1"]
    finished = spacebeam("connect", "Echo", "--env", "Live", "--expect", "1")
    assert finished.stdout == b"login ada 1\n"  # the connection's own one wins over it


def test_the_environment_can_be_a_variable_of_the_process(
    folder: OpenFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPACEBEAM_ENV", "Test")
    assert spacebeam("connect", "Echo", "--expect", "1").stdout == b"login ada 1\n"


def test_an_environment_is_found_in_either_case_if_only_one_fits(folder: OpenFolder) -> None:
    words = ("connect", "Echo", "--expect", "1", "--env")
    assert spacebeam(*words, "test").stdout == b"login ada 1\n"
    base = EnvironmentFiles(folder.root).environment("Test")
    assert base is not None
    EnvironmentFiles(folder.root).save(replace(base, name="TEST"))
    refused = spacebeam(*words, "test")
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert "no environment “test”" in refused.stderr.decode()
    assert spacebeam(*words, "Test").stdout == b"login ada 1\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("Echo",), ("“base” has no value", "--var", "--env", "Live, Test")),
        (("Echo", "--env", "Nope"), ("no environment “Nope”", "“Live”, “Test”")),
        (("Ecko x", "--env", "Test"), ("no saved connection “Ecko x”",)),
        (("Tradin g/Echo",), ("no saved connection", "“Trading/Echo”")),
        (("Echo", "--env", "Test", "--message", "Byts"), ("saved message “Byts”", "“Bytes”")),
        (("Echo", "--env", "Test", "--message", "Odd"), ("“Odd”", "“nobody” has no value")),
        (("Echo", "--env", "Test", "--var", "who={{who}}"), ("“who” refers to itself",)),
        (("Echo", "--env", "Test", "--var", "hex=x", "--message", "Bytes"), ("“Bytes”", "hex")),
        (("ws://{{nowhere}}/x",), ("“nowhere” has no value",)),
        (("missing.yml",), ("no saved connection",)),
    ],
)
def test_what_is_unknown_is_said_before_connecting(
    folder: OpenFolder, words: tuple[str, ...], said: tuple[str, ...]
) -> None:
    finished = spacebeam("connect", *words)
    assert finished.returncode == 2, finished.stderr.decode()
    for part in said:
        assert part in finished.stderr.decode()


@pytest.mark.parametrize("words", [("record", "Echo", "a.beam"), ("probe", "Echo")])
def test_other_commands_take_names_too(
    folder: OpenFolder, words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.getcwd())
    monkeypatch.chdir(tmp_path)
    finished = spacebeam(*words)
    assert (finished.returncode, b"\xe2\x80\x9cbase\xe2\x80\x9d" in finished.stderr) == (2, True)
    assert not Path("a.beam").exists()
    more = ("--count", "1") if words[0] == "record" else ()
    finished = spacebeam(*words, "--env", "Test", *more)
    assert finished.returncode == 0, finished.stderr


def test_several_connections_of_one_name_are_listed(folder: OpenFolder) -> None:
    folder.create_connection(ROOT, ECHO)
    finished = spacebeam("connect", "Echo", "--env", "Test")
    assert finished.returncode == 2
    assert "names 2 connections: “library/Echo”, “library/Trading/Echo”" in sorted_names(
        finished.stderr
    )


def sorted_names(words: bytes) -> str:
    text = words.decode()
    names = text.partition("connections: ")[2].partition(".")[0]
    return text.replace(names, ", ".join(sorted(names.split(", "))))


def test_an_address_wins_over_a_name(folder: OpenFolder, served: str) -> None:
    folder.create_connection(ROOT, replace(ECHO, name=served, address="ws://127.0.0.1:1"))
    finished = spacebeam(
        "connect", f"{served.removesuffix('/')}/echo", "--send", "x", "--expect", "1"
    )
    assert finished.stdout == b"x\n"


def test_a_word_that_is_no_name_is_a_host(folder: OpenFolder) -> None:
    finished = spacebeam("probe", "ecko-of-nobody")
    assert finished.returncode == 1
    assert b"Could not find the server" in finished.stderr


def test_a_broken_file_is_not_connected_to(folder: OpenFolder) -> None:
    file = folder.root / "Trading/Echo.yml"
    file.write_text(f"{file.read_text()}bad: [\n")
    finished = spacebeam("connect", "Echo", "--env", "Test")
    assert finished.returncode == 2
    assert b"Trading/Echo.yml: Line" in finished.stderr
    assert b"not YAML" in finished.stderr


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_messages_on_connect_are_sent_after_each_reconnect(folder: OpenFolder) -> None:
    with restartable_server() as server:
        words = ("Echo", "--var", f"base={server.url}", "--reconnect", "--listen")
        with started("connect", *words):
            wait_until(lambda: server.messages == ["login ada 1"])
            server.stop()
            server.start()
            wait_until(lambda: server.messages == ["login ada 1", "login ada 2"])


def test_a_recording_has_the_messages_but_no_secret_of_the_address(
    folder: OpenFolder, tmp_path: Path
) -> None:
    file = tmp_path / "a.beam"
    with guarded_server(asks=False) as server:
        connection = SavedConnection(
            "Guarded",
            f"{server.url.removesuffix('/')}/{{{{key}}}}/x?plain={{{{key}}}}",
            Profile(
                RequestSettings(headers=(("X-Plain", "a {{key}}"),)),
                SignIn(SignInMethod.BEARER, token="{{bearer}}"),
            ),
            messages=(SavedMessage("Hello", "hello", on_connect=True),),
            variables=(Variable("key", None, is_secret=True),),
        )
        folder.create_connection(ROOT, connection)
        secrets = ("--var", "key=pl4in-words", "--var", "bearer=b3arer")
        finished = spacebeam("record", "Guarded", str(file), *secrets, "--for", "1", "--debug")
    assert finished.returncode == 0, finished.stderr
    assert b"/pl4in-words/x?plain=pl4in-words" in server.received
    assert b"a pl4in-words" in server.received
    data = file.read_bytes()
    for secret in (b"pl4in-words", b"b3arer"):
        assert secret not in data
        assert secret not in finished.stderr
    assert "•••/x?plain=•••" in read(file).facts["address"]


def test_connections_are_listed_as_a_tree(folder: OpenFolder) -> None:
    folder.create_connection(ROOT, SavedConnection("Feed", "wss://a.example/?token=s3cret"))
    (folder.root / "broken.yml").write_text("a: [\n\x1b[31m")
    finished = spacebeam("connections")
    assert finished.returncode == 4
    lines = finished.stdout.decode().splitlines()
    assert lines[0] == "Trading/"
    assert lines[1].split() == ["Echo", "{{base}}/echo"]
    assert lines[2].startswith("Feed")
    assert lines[2].endswith("wss://a.example/?token=•••")
    assert lines[3].startswith("broken.yml")
    assert "\x1b" not in finished.stdout.decode()
    only = spacebeam("connections", "Trading")
    assert only.stdout.decode().split() == ["Echo", "{{base}}/echo"]


def test_connections_are_listed_as_json(folder: OpenFolder) -> None:
    finished = spacebeam("connections", "--json")
    assert [json.loads(line) for line in finished.stdout.splitlines()] == [
        {
            "library": str(folder.root),
            "folder": ["Trading"],
            "name": "Echo",
            "address": "{{base}}/echo",
            "favorite": False,
            "file": "Trading/Echo.yml",
            "problem": None,
        }
    ]


def test_a_missing_library_is_said(tmp_path: Path) -> None:
    finished = spacebeam("connections", "--library", str(tmp_path / "none"))
    assert finished.returncode == 4
    assert b"The folder cannot be opened: No such file or directory." in finished.stderr


def test_a_saved_connection_is_printed_as_a_command(folder: OpenFolder, served: str) -> None:
    finished = spacebeam("connect", "Echo", "--env", "Test", "--print-as", "websocat")
    assert finished.returncode == 0
    assert f"{served.removesuffix('/')}/echo" in finished.stdout.decode()


def test_names_and_environments_are_completed(folder: OpenFolder) -> None:
    assert completed("connect", "tr") == ["plain,Trading/Echo"]
    assert completed("connect", "Echo", "--env", "Te") == ["plain,Test"]


def test_an_empty_library_says_on_a_terminal_how_one_saves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert spacebeam("connections").stderr == b""
    ours, theirs = os.openpty()
    try:
        with subprocess.Popen(command("connections"), stdout=theirs, stderr=theirs):
            os.close(theirs)
            read_until(ours, b"There are no saved connections.")
    finally:
        os.close(ours)
