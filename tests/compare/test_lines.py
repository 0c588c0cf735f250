"""What differs between two texts, as lines."""

from __future__ import annotations

from spacebeam.compare.lines import MAX_LINES, line_differences


def told(before: str, after: str) -> list[str]:
    return [f"{one.mark}{one.text}" for one in line_differences(before, after).lines]


def test_lines_around_a_difference_are_shown() -> None:
    before = "\n".join(map(str, range(20)))
    assert told(before, before.replace("10", "ten")) == [
        *("…", " 7", " 8", " 9"),
        *("-10", "+ten"),
        *(" 11", " 12", " 13", "…"),
    ]
    assert told(before, before) == []
    assert told("", "a") == ["-", "+a"]


def test_a_long_line_is_compared_in_parts() -> None:
    found = told("x" * 4000, "x" * 2000 + "y" + "x" * 1999)
    assert "+⤷ " + "y" + "x" * 399 in found
    assert max(map(len, found)) <= 403


def test_the_number_of_lines_is_bounded() -> None:
    found = line_differences("\n".join("a" * MAX_LINES), "\n".join("b" * MAX_LINES))
    assert (len(found.lines), found.is_complete) == (MAX_LINES, False)
