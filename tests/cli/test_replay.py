"""`spacebeam replay` and `serve --replay`: both halves of a recording, played again."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest
from websockets.sync.client import connect

from spacebeam.protocol.batch import Direction, Kind, single
from tests.cli.program import read_until, spacebeam, started
from tests.cli.recordings import BEGAN, write_entries
from tests.scenario.feed import feed

RECEIVED, SENT = Direction.RECEIVED, Direction.SENT
TALK = [
    (RECEIVED, {"type": "welcome", "path": "/feed"}),
    (SENT, {"op": "sub", "id": 7}),
    (RECEIVED, {"type": "subscribed", "id": 7, "token": "t-7"}),
    (SENT, {"op": "who", "id": 8, "token": "t-7"}),
    (RECEIVED, {"type": "you", "token": "t-7", "id": 8}),
]


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with feed() as address:
        yield address


def recorded(path: Path, talk: Sequence[tuple[Direction, object]] = TALK) -> str:
    batches = [
        single(BEGAN + number / 100, direction, Kind.TEXT, json.dumps(value).encode())
        for number, (direction, value) in enumerate(talk)
    ]
    return write_entries(path, *batches)


def test_equal_answers_are_one_line(host: str, tmp_path: Path) -> None:
    finished = spacebeam("replay", recorded(tmp_path / "a.beam"), f"ws://{host}/feed")
    assert finished.returncode == 0
    assert finished.stdout.decode() == "2 messages sent; answers: 3 equal.\n"


def test_what_differs_is_told_by_its_path(host: str, tmp_path: Path) -> None:
    talk = [*TALK[:2], (RECEIVED, {"type": "subscribed", "id": 7, "token": "old"})]
    file = recorded(tmp_path / "a.beam", talk)
    finished = spacebeam("replay", file, f"ws://{host}/feed", "--junit", str(tmp_path / "r.xml"))
    assert finished.returncode == 1
    lines = [line.strip() for line in finished.stdout.decode().splitlines()]
    assert 'different: {"type": "subscribed", "id": 7, "token": "old"}' in lines
    assert 'token: "old" is now "t-7"' in lines
    (failure,) = ElementTree.parse(tmp_path / "r.xml").iter("failure")
    assert failure.get("message") == "different"
    ignored = spacebeam("replay", file, f"ws://{host}/feed", "--ignore", "token")
    assert ignored.returncode == 0


def test_json_has_an_object_for_each_sent_message(host: str, tmp_path: Path) -> None:
    file = recorded(tmp_path / "a.beam")
    finished = spacebeam("replay", file, f"ws://{host}/feed", "--json", "--set", "id=9")
    greeting, first, second, last = map(json.loads, finished.stdout.splitlines())
    assert (greeting["sent"], greeting["number"]) == (None, None)
    assert json.loads(first["sent"]["text"]) == {"op": "sub", "id": 9}
    assert [one["path"] for one in first["answers"][0]["changes"]] == ["id", "token"]
    assert (second["number"], last["summary"]["different"]) == (4, 2)


@pytest.mark.parametrize("pace", [("--at-once",), ("--speed", "100"), ("--step",)])
def test_each_pace_plays_all(host: str, tmp_path: Path, pace: tuple[str, ...]) -> None:
    file = recorded(tmp_path / "a.beam")
    finished = spacebeam("replay", file, f"ws://{host}/feed", *pace, stdin=b"\n\n\n")
    assert finished.stdout.decode() == "2 messages sent; answers: 3 equal.\n"


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("ws://127.0.0.1:1/",), 1, "Connection refused"),
        (("ws://127.0.0.1:1/", "--speed", "0"), 2, "--speed"),
        (("ws://127.0.0.1:1/", "--ignore", "a..b"), 2, "A path is written as in"),
        (("ws://127.0.0.1:1/", "--filter", "none"), 2, "no sent message that matches"),
    ],
)
def test_what_cannot_be_played_is_told(
    tmp_path: Path, arguments: tuple[str, ...], status: int, words: str
) -> None:
    finished = spacebeam("replay", recorded(tmp_path / "a.beam"), *arguments)
    assert (finished.returncode, finished.stdout) == (status, b"")
    assert words in finished.stderr.decode()


def test_a_server_plays_its_part_to_whoever_connects(tmp_path: Path) -> None:
    arguments = ("serve", "--replay", recorded(tmp_path / "a.beam"), "--echo", "id")
    with started(*arguments, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        url = read_until(server.stdout.fileno(), b"\n").decode().strip()
        for number in (41, 42):
            with connect(f"{url}/anywhere") as client:
                assert json.loads(client.recv(20)) == TALK[0][1]
                # In another order, and with an id of its own.
                client.send(json.dumps({"op": "who", "id": number, "token": "x"}))
                told = json.loads(client.recv(20))
                assert told == {"type": "you", "token": "t-7", "id": number}
                client.send(json.dumps({"op": "sub", "id": number}))
                assert json.loads(client.recv(20))["id"] == number
                client.send(json.dumps({"op": "sub", "id": number + 1}))  # once more
                assert json.loads(client.recv(20))["id"] == number + 1
                client.send("what\x1b[31m?")
        assert server.stderr is not None
        told_error = read_until(server.stderr.fileno(), b"?").decode()
        assert "No recorded message is like this one: what" in told_error
        assert "\x1b" not in told_error


def test_a_server_plays_its_part_in_order(tmp_path: Path) -> None:
    arguments = ("serve", "--replay", recorded(tmp_path / "a.beam"), "--match", "order")
    with started(*arguments, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        url = read_until(server.stdout.fileno(), b"\n").decode().strip()
        with connect(url) as client:
            client.recv(20)
            for place in (2, 4):
                client.send("anything")
                assert json.loads(client.recv(20)) == TALK[place][1]


def test_both_halves_together_are_equal(tmp_path: Path) -> None:
    file = recorded(tmp_path / "a.beam")
    with started("serve", "--replay", file, "--speed", "100", stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        url = read_until(server.stdout.fileno(), b"\n").decode().strip()
        finished = spacebeam("replay", file, url)
        assert (finished.returncode, finished.stderr) == (0, b"")


def test_stepping_without_standard_input_says_so(host: str, tmp_path: Path) -> None:
    file = recorded(tmp_path / "a.beam")
    finished = spacebeam("replay", file, f"ws://{host}/feed", "--step")
    assert finished.returncode == 1
    assert b"Standard input ended; the rest was not sent." in finished.stderr
    assert b"Traceback" not in finished.stderr
