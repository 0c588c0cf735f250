"""`spacebeam diff`: which fields of two entries differ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from spacebeam.compare.comparison import MAX_SIZE
from spacebeam.protocol.batch import Batch, Direction, Kind, single
from tests.cli.program import spacebeam
from tests.cli.recordings import write_entries

ORDER: dict[str, Any] = {"type": "order", "id": 7, "price": 12.5, "time": 1, "items": [1, 2]}


def _text(value: Any, direction: Direction = Direction.RECEIVED) -> Batch:
    payload = value.encode() if isinstance(value, str) else json.dumps(value).encode()
    return single(1.0, direction, Kind.TEXT, payload)


@pytest.fixture
def orders(tmp_path: Path) -> str:
    """An order, a trade, the order with another price, an echoed text, a binary message."""
    return write_entries(
        tmp_path / "orders.beam",
        _text(ORDER),
        _text({"type": "trade", "id": 7, "price": 9}),
        _text({**ORDER, "price": 13.0, "time": 2, "items": [1, 2, 3]}),
        _text("hello\nworld", Direction.SENT),
        _text("hello\nworld!"),
        single(1.0, Direction.RECEIVED, Kind.BINARY, b"\x00" * 16),
        _text({key: ORDER[key] for key in reversed(ORDER)}),
    )


def diff(*arguments: str) -> tuple[int, list[str], str]:
    """Return the exit code, the lines printed, and what is on standard error."""
    finished = spacebeam("diff", *arguments)
    return finished.returncode, finished.stdout.decode().splitlines(), finished.stderr.decode()


def test_the_field_that_changed_is_printed(orders: str) -> None:
    assert diff(orders, "1", "3", "--ignore", "time") == (
        1,
        ["~ price  12.5 → 13.0", "+ items[2]  3"],
        "#1 → #3, JSON: 2 differences, 1 more is left out\n",
    )


def test_an_entry_is_compared_with_the_previous_of_its_kind(orders: str) -> None:
    assert diff(orders, "3")[1] == ["~ price  12.5 → 13.0", "~ time  1 → 2", "+ items[2]  3"]
    code, lines, error = diff(orders, "2")
    assert (code, lines) == (2, [])
    assert error == "spacebeam: No entry before it is of its kind.\n"


def test_the_same_is_exit_code_0(orders: str) -> None:
    words = "The same values; they are written differently, as the text shows"
    assert diff(orders, "1", "7") == (0, [], f"#1 → #7, JSON: {words}\n")
    assert diff(orders, "1", "1") == (0, [], "#1 → #1, JSON: The same\n")
    assert diff(orders, "1", "7", "--text")[0] == 1


def test_texts_are_compared_by_lines(orders: str) -> None:
    assert diff(orders, "4", "--echo") == (
        1,
        ["  hello", "- world", "+ world!"],
        "#4 → #5, Text: 1 line removed, 1 added\n",
    )
    assert diff(orders, "1", "3", "--text", "--ignore", "items")[1] == [
        *("  {", '    "type": "order",', '    "id": 7,'),
        *('-   "price": 12.5,', '-   "time": 1,', '+   "price": 13.0,', '+   "time": 2,'),
        *('    "items": "(left out)"', "  }"),
    ]


def test_json_has_the_paths_and_values(orders: str) -> None:
    code, lines, _error = diff(orders, "1", "3", "--json", "--ignore", "time")
    assert (code, len(lines)) == (1, 1)
    assert json.loads(lines[0]) == {
        "before": 1,
        "after": 3,
        "format": "JSON",
        "same": False,
        "changes": [
            {"kind": "changed", "path": "price", "place": "price", "before": 12.5, "after": 13.0},
            {"kind": "added", "path": "items[2]", "place": "items[2]", "after": 3},
        ],
        "lines": None,
        "left_out": 1,
        "complete": True,
    }
    told = json.loads(diff(orders, "4", "5", "--json")[1][0])
    assert (told["changes"], told["lines"][1]) == (None, {"mark": "-", "text": "world"})


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["8"], 2), (["1", "8"], 2), (["0"], 2), (["1", "3", "--ignore", "a..b"], 2), (["1"], 2)],
)
def test_what_is_not_there_is_bad_usage(orders: str, arguments: list[str], code: int) -> None:
    assert diff(orders, *arguments)[0] == code


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    assert diff(str(tmp_path / "none.beam"), "1", "2")[0] == 4


def test_what_is_too_long_is_not_compared(tmp_path: Path) -> None:
    long = _text("x" * (MAX_SIZE + 1))
    code, _lines, error = diff(write_entries(tmp_path / "a.beam", _text("x"), long), "1", "2")
    assert (code, error) == (
        4,
        "spacebeam: Entry #2 is longer than 4.0 MiB, and is not compared.\n",
    )
