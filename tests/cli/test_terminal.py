"""Colours: on a terminal, unless NO_COLOR or --color say otherwise, and never in a pipe."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.program import PATIENCE, command, read_until, spacebeam
from tests.cli.recordings import write_example


def on_a_terminal(*arguments: str, **environment: str) -> bytes:
    """Return what a terminal receives from `spacebeam`, up to the last entry."""
    ours, theirs = os.openpty()
    usual = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    with subprocess.Popen(
        command(*arguments), stdout=theirs, env=usual | {"TERM": "xterm"} | environment
    ) as child:
        os.close(theirs)
        shown = read_until(ours, b"bye")
        assert child.wait(PATIENCE) == 0
    os.close(ours)
    return shown


def test_json_has_colours_only_on_a_terminal(tmp_path: Path) -> None:
    path = write_example(tmp_path / "a.beam")
    assert b"\x1b[" in on_a_terminal("list", path, "--json")
    assert b"\x1b" not in spacebeam("list", path, "--json").stdout


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [((), {"NO_COLOR": "1"}), ((), {"TERM": "dumb"}), (("--color", "never"), {})],
)
def test_colours_can_be_switched_off(
    arguments: tuple[str, ...], environment: dict[str, str], tmp_path: Path
) -> None:
    shown = on_a_terminal(
        "list", write_example(tmp_path / "a.beam"), "--json", *arguments, **environment
    )
    assert b"\x1b" not in shown


def test_colours_can_be_switched_on_in_a_pipe(tmp_path: Path) -> None:
    path = write_example(tmp_path / "a.beam")
    assert b"\x1b[" in spacebeam("list", path, "--json", "--color=always").stdout
    assert b"\x1b[" in spacebeam("info", path, "--color=always").stdout


def test_rich_is_not_loaded_for_a_pipe(tmp_path: Path) -> None:
    path = write_example(tmp_path / "a.beam")
    code = "import sys; from spacebeam.__main__ import main; main(); print('rich' in sys.modules)"
    finished = subprocess.run(
        [command()[0], "-c", code, "info", path, "-v"], capture_output=True, timeout=PATIENCE
    )
    assert finished.stdout.endswith(b"\nFalse\n"), finished.stderr
