"""Reading a recording's entries: which match, past damaged blocks, with progress on a terminal."""

from __future__ import annotations

import io
import itertools
import re
import sys
import time
from pathlib import Path

import pytest

from spacebeam.cli.reading import MatchingEntries
from spacebeam.recording.recording import Recording
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse
from tests.recording.test_reader import change, write
from tests.support.batches import numbered_batch
from tests.support.recordings import read

SEVENS = r"/^\d{15}7/"


def fifty(path: Path) -> Recording:
    """Write entries 0 to 49, each with its number, in blocks of ten."""
    write(path, *(numbered_batch(10 * number, 10) for number in range(5)))
    return read(path)


def matching(recording: Recording, text: str) -> MatchingEntries:
    return MatchingEntries(recording, Matcher(parse(text)) if text else None)


def numbers(entries: MatchingEntries, start: int = 0) -> list[int]:
    return [block.first + place for block, places in entries.read(start) for place in places]


@pytest.mark.parametrize("start", [0, 5, 10, 49, 50, 99])
def test_without_a_filter_all_entries_from_a_number_are_read(start: int, tmp_path: Path) -> None:
    entries = matching(fifty(tmp_path / "a.beam"), "")
    assert numbers(entries, start) == list(range(start, 50))
    assert (entries.count, entries.unread) == (len(range(start, 50)), 0)


def test_matching_entries_are_read_and_counted(tmp_path: Path) -> None:
    recording = fifty(tmp_path / "a.beam")
    entries = matching(recording, SEVENS)
    assert numbers(entries, 8) == [17, 27, 37, 47]
    assert entries.count == 4
    assert matching(recording, SEVENS).count_all() == 5
    assert matching(recording, "").count_all() == 50


@pytest.mark.parametrize(
    ("text", "count", "start"),
    [
        ("", 3, 47),
        ("", 0, 50),
        ("", 99, 0),
        (SEVENS, 1, 47),
        (SEVENS, 2, 37),
        (SEVENS, 5, 7),
        (SEVENS, 6, 0),
        (SEVENS, 0, 50),
        ("nowhere", 1, 0),
    ],
)
def test_the_last_matching_entries_start_at_a_number(
    text: str, count: int, start: int, tmp_path: Path
) -> None:
    assert matching(fifty(tmp_path / "a.beam"), text).start_of_last(count) == start


def test_damaged_blocks_are_skipped_and_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.beam"
    recording = fifty(path)
    change(path, "UPDATE content SET entries = x'00' WHERE first IN (20, 30)")
    entries = matching(recording, SEVENS)
    assert numbers(entries) == [7, 17, 47]
    assert entries.unread == 2
    entries.report_unread()
    printed = capsys.readouterr().err.splitlines()
    assert "block at entry 20" in printed[0]
    assert printed[1:] == ["spacebeam: Could not read 2 blocks of 5."]
    assert matching(recording, SEVENS).start_of_last(2) == 17
    assert matching(recording, SEVENS).count_all() == 3


def test_nothing_is_reported_if_every_block_is_readable(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entries = matching(fifty(tmp_path / "a.beam"), "")
    assert numbers(entries) == list(range(50))
    entries.report_unread()
    assert capsys.readouterr().err == ""


_REMOVED = "\x1b[?25h\r\x1b[1A\x1b[2K"  # the cursor is shown, the line above erased


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def at_a_terminal(monkeypatch: pytest.MonkeyPatch, seconds: float) -> Terminal:
    """A terminal, and a clock that advances by `seconds` at each reading."""
    clock = itertools.count(100, seconds)
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    return terminal


@pytest.mark.parametrize("seconds", [0.01, 0.6])
def test_a_long_search_shows_its_progress_on_a_terminal(
    seconds: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = at_a_terminal(monkeypatch, seconds)
    assert matching(fifty(tmp_path / "a.beam"), "nowhere").count_all() == 0
    shown = re.findall(r"(\d+)%", terminal.getvalue())
    assert sorted(set(map(int, shown))) == ([0, 20, 40, 60, 80] if seconds > 0.5 else [])
    assert seconds < 0.5 or terminal.getvalue().endswith(_REMOVED)


def test_the_progress_is_removed_before_an_entry_is_printed_and_after_an_interruption(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = at_a_terminal(monkeypatch, 1)
    going = matching(fifty(tmp_path / "a.beam"), r"/^\d{14}2/").read()
    next(going)  # the third block is the first that matches
    assert "40%" in terminal.getvalue()
    assert terminal.getvalue().endswith(_REMOVED)
    going.close()
    interrupted = matching(read(tmp_path / "a.beam"), "nowhere")
    monkeypatch.setattr(
        interrupted.matcher, "mask", lambda _block: (_ for _ in ()).throw(KeyboardInterrupt)
    )
    with pytest.raises(KeyboardInterrupt):
        interrupted.count_all()
    assert terminal.getvalue().endswith(_REMOVED)
