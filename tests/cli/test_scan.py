"""Going through blocks: past the damaged ones, and with a word about it where it takes long."""

from __future__ import annotations

import io
import itertools
import re
import sys
import time
from pathlib import Path

import pytest

from spacebeam.cli.scan import Scan
from spacebeam.cli.shares import Share
from tests.recording.test_reader import change, write
from tests.support.batches import numbered_batch
from tests.support.kept import read


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def sitting_at_a_terminal(monkeypatch: pytest.MonkeyPatch, seconds: float) -> Terminal:
    """A person for whom so many seconds pass between two looks at the clock."""
    clock = itertools.count(100, seconds)
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    return terminal


def blocks(path: Path, count: int) -> Path:
    write(path, *(numbered_batch(10 * number, 10) for number in range(count)))
    return path


def test_blocks_that_are_damaged_are_left_out_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = blocks(tmp_path / "a.beam", 5)
    change(path, "UPDATE content SET entries = x'00' WHERE first IN (10, 30)")
    going = Scan(read(path), range(5))
    assert [block.first for block in going] == [0, 20, 40]
    assert going.unread == 2
    going.complain()
    said = capsys.readouterr().err.splitlines()
    assert said[0].endswith("its block at entry 10 is not valid.")
    assert said[1:] == ["spacebeam: 2 blocks of 5 cannot be read. The rest was."]


def test_where_all_can_be_read_nothing_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    going = Scan(read(blocks(tmp_path / "a.beam", 3)), range(2, -1, -1))
    assert [block.first for block in going] == [20, 10, 0]
    going.complain()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("seconds", [0.01, 0.6])
def test_on_a_terminal_it_says_how_far_it_is_once_it_takes_long(
    seconds: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = sitting_at_a_terminal(monkeypatch, seconds)
    recording = read(blocks(tmp_path / "a.beam", 4))
    assert len(list(Scan(recording, range(4), is_silent=True))) == 4
    assert terminal.getvalue() == ""
    assert len(list(Scan(recording, range(4)))) == 4
    clear = "\r\x1b[K"
    told = "".join(f"{clear}{share}% was looked at" for share in (25, 50, 75)) + clear
    assert terminal.getvalue() == (told if seconds > 0.5 else "")


def test_where_it_takes_more_than_was_expected_it_is_never_beyond_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = sitting_at_a_terminal(monkeypatch, 1)
    expecting_two = Share(0, 2, 4, range(64))
    assert len(list(Scan(read(blocks(tmp_path / "a.beam", 4)), expecting_two))) == 4
    assert re.findall(r"\d+%", terminal.getvalue()) == ["0%", "50%", "100%", "100%"]


def test_where_it_is_left_early_the_line_is_not_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = sitting_at_a_terminal(monkeypatch, 1)
    going = iter(Scan(read(blocks(tmp_path / "a.beam", 4)), range(4)))
    assert [next(going).first, next(going).first] == [0, 10]
    assert terminal.getvalue().endswith("25% was looked at")
    del going
    assert terminal.getvalue().endswith("25% was looked at\r\x1b[K")
