"""spacebeam/help/topics/terminal.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from spacebeam.cli.status import Status
from spacebeam.exchange.json_lines import to_lines
from spacebeam.net.close_reason import closed
from spacebeam.net.events import Closed, Connected, event
from spacebeam.protocol.batch import Direction, Kind, single

_ROOT = Path(__file__).parents[2]
_PAGE = (_ROOT / "spacebeam/help/topics/terminal.md").read_text()
_TIME = 1_700_000_000.25


def test_every_exit_code_is_described() -> None:
    table = _PAGE.partition("## Exit codes")[2].partition("How a connection ends")[0]
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)} == set(Status)


def test_the_examples_of_json_lines_are_those_of_the_code() -> None:
    sent, received = Direction.SENT, Direction.RECEIVED
    batches = (
        event(_TIME, Connected("ws://h/")),
        single(_TIME, sent, Kind.TEXT, b"hello"),
        single(_TIME, received, Kind.BINARY, b"\x00\xff"),
        single(_TIME, received, Kind.PING, b""),
        single(_TIME, sent, Kind.TEXT, b"\xff"),
        single(_TIME, received, Kind.CLOSE, b"\x03\xe8bye"),
        event(_TIME, Closed.of(closed(1000, "bye", received))),
    )
    shown = _PAGE.partition("```json\n")[2].partition("```")[0]
    assert shown == "".join(map(to_lines, batches))


def test_every_link_leads_to_a_heading() -> None:
    linked = (_ROOT / "spacebeam/help/topics/recording-format.md").read_text()
    assert "](recording-format.md#events)" in _PAGE
    assert re.search(r"^#+ Events$", linked, re.MULTILINE)
