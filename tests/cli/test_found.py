"""The entries that are asked for, from wherever they begin."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.cli.found import Found, start_of_last
from spacebeam.recording.recording import Recording
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse
from tests.recording.test_reader import change, write
from tests.support.batches import numbered_batch
from tests.support.kept import read

SEVENS = r"/^\d{15}7/"


def fifty(path: Path) -> Recording:
    """Entries 0 to 49, each with its number, in blocks of ten."""
    write(path, *(numbered_batch(10 * number, 10) for number in range(5)))
    return read(path)


def matching(text: str) -> Matcher | None:
    return Matcher(parse(text), 0.0) if text else None


def numbers(found: Found) -> list[int]:
    return [block.first + place for block, places in found for place in places]


@pytest.mark.parametrize("start", [0, 5, 10, 49, 50, 99])
def test_without_a_filter_all_from_a_number_on_are_found(start: int, tmp_path: Path) -> None:
    found = Found(fifty(tmp_path / "a.beam"), None, start)
    assert numbers(found) == list(range(start, 50))
    assert (found.count, found.unread) == (len(range(start, 50)), 0)


def test_those_that_pass_are_found(tmp_path: Path) -> None:
    found = Found(fifty(tmp_path / "a.beam"), matching(SEVENS), 8)
    assert numbers(found) == [17, 27, 37, 47]
    assert found.count == 4


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
def test_the_last_of_those_that_pass_begin_there(
    text: str, count: int, start: int, tmp_path: Path
) -> None:
    assert start_of_last(fifty(tmp_path / "a.beam"), matching(text), count) == start


def test_what_is_damaged_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.beam"
    recording = fifty(path)
    change(path, "UPDATE content SET entries = x'00' WHERE first = 20")
    found = Found(recording, matching(SEVENS))
    assert numbers(found) == [7, 17, 37, 47]
    assert found.unread == 1
    assert start_of_last(recording, matching(SEVENS), 3) == 17
