"""Scenarios that are made of recordings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from spacebeam.exchange.exporters.exporter import ExportSource
from spacebeam.exchange.http_file import read
from spacebeam.exchange.losses import Loss, Losses
from spacebeam.profiles.collection import Variable
from spacebeam.protocol.batch import Direction, Kind, single
from spacebeam.recording.block import Block
from spacebeam.scenario.reading import scenarios_of
from spacebeam.scenario.runner import RunSettings, ScenarioRunner
from spacebeam.scenario.verdict import Outcome
from spacebeam.scenario.writing import export
from tests.scenario.feed import feed
from tests.support.loop import run

Line = tuple[str, object]
WELCOME: Line = ("<", {"type": "welcome", "path": "/feed"})
TALK: list[Line] = [
    WELCOME,
    (">", {"op": "sub", "id": 7, "ticks": 2}),
    ("<", {"type": "tick", "count": 0}),
    ("<", {"type": "tick", "count": 1}),
    ("<", {"type": "subscribed", "id": 7, "token": "token-of-then"}),
    (">", {"op": "who", "id": 8, "token": "token-of-then"}),
    ("<", {"type": "you", "token": "token-of-then", "id": 8}),
    (">", "plain text"),
    ("<", "plain text"),
]


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with feed() as address:
        yield address


def made(lines: Sequence[Line], address: str = "ws://h/feed") -> tuple[str, Losses]:
    directions = {"<": Direction.RECEIVED, ">": Direction.SENT}
    blocks = []
    for number, (sign, value) in enumerate(lines):
        payload = value if isinstance(value, bytes) else _text(value).encode()
        kind = Kind.BINARY if isinstance(value, bytes) else Kind.TEXT
        blocks.append(Block(number, single(number, directions[sign], kind, payload)))
    losses = Losses()
    source = ExportSource(lambda _kind, _payload: "", len(lines), address)
    pieces = export(source, ((block, range(len(block))) for block in blocks), losses)
    return b"".join(piece.data for piece in pieces).decode(), losses


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def passes_again(lines: Sequence[Line], host: str) -> None:
    text, losses = made(lines, f"ws://{host}/feed")
    assert not +losses
    file = scenarios_of(read(text), Path("made.http"))
    assert file.problems == ()
    settings = RunSettings({"host": Variable("host", "another.test")})
    result = run(ScenarioRunner(file.scenarios[0], file.path, settings).run())
    assert (result.outcome, result.fault) == (Outcome.PASSED, None)
    assert result.exchanges == 3


def test_what_was_recorded_passes_again(host: str) -> None:
    passes_again(TALK, host)


def test_braces_of_a_recording_are_no_variables(host: str) -> None:
    lines: list[Line] = [WELCOME]
    for text in ("home {{$env HOME}} {{$uuid}}", r"a \{{b}} {{{c}} \\{{"):
        lines += [(">", text), ("<", text)]
    lines += [
        (">", {"op": "who", "id": 9, "token": "{{host}}"}),
        ("<", {"type": "you", "token": "{{host}}", "id": 9}),
    ]
    passes_again(lines, host)


def test_pings_and_closes_are_told_apart() -> None:
    kinds = (Kind.PING, Kind.PONG, Kind.CLOSE)
    blocks = [
        Block(place, single(place, Direction.RECEIVED, kind, b""))
        for place, kind in enumerate(kinds)
    ]
    losses = Losses()
    source = ExportSource(lambda _kind, _payload: "", len(blocks), "ws://h/")
    list(export(source, ((block, range(1)) for block in blocks), losses))
    assert +losses == {Loss.CONTROL_FRAMES: 2, Loss.CLOSES: 1}


def test_answers_are_expected_by_their_type_and_ids() -> None:
    text, _losses = made(TALK)
    assert "# @expect json:type=welcome\n" in text
    assert "# @expect json:type=subscribed json:id=7\n# @capture token = token\n" in text
    assert '{"op": "who", "id": 8, "token": "{{token}}"}' in text
    assert '# @expect "plain text"\n' in text


@pytest.mark.parametrize("message", ["# heading", "a\n===\nb", "< file", "\nblank first", b"\0\1"])
def test_what_the_file_cannot_hold_is_told(message: object) -> None:
    text, losses = made([(">", message), ("<", "answer"), (">", "next")])
    assert losses[Loss.UNWRITABLE_MESSAGES] == 1
    assert "# Message 1 cannot be written here" in text
    assert scenarios_of(read(text), Path("made.http")).problems == ()


def test_braces_of_the_address_are_no_variables() -> None:
    text, _losses = made([WELCOME], "wss://h/feed?q={{token}}&token=•••")
    assert r"WEBSOCKET wss://h/feed?q=\{{token}}&token={{token}}" in text


def test_secrets_of_the_address_are_variables() -> None:
    text, _losses = made([WELCOME], "wss://h/feed?token=•••&a=1")
    assert "WEBSOCKET wss://h/feed?token={{token}}&a=1\n" in text
