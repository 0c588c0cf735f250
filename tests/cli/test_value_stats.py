"""`spacebeam stats --path`: values over time, drawn, counted and as CSV."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from spacebeam.protocol.batch import Batch, Direction, Kind, event_batch, single
from tests.cli.program import spacebeam
from tests.cli.recordings import write_entries
from tests.support.calls import CALLS, text


def _text(time: float, value: Any) -> Batch:
    return single(time, Direction.RECEIVED, Kind.TEXT, json.dumps(value).encode())


def feed(tmp_path: Path) -> str:
    """A feed with a gap of two at entry 7, a price that rises, and a status."""
    batches = []
    for at in range(12):
        seq = at + 2 * (at >= 6)
        status = "open" if at < 4 else "=halted"
        batches.append(
            _text(1000.0 + at, {"seq": seq, "price": f"{at}.5", "status": status, "ch": at % 2})
        )
    return write_entries(tmp_path / "a.beam", *batches, _text(1020.0, {"other": 1}))


def printed(*arguments: str) -> str:
    finished = spacebeam("stats", *arguments)
    assert (finished.returncode, finished.stderr) == (0, b"")
    return finished.stdout.decode()


def test_numbers_states_and_a_sequence_are_told(tmp_path: Path) -> None:
    paths = [word for name in ("price", "status", "seq") for word in ("--path", f"json:{name}")]
    price, status, seq = printed(feed(tmp_path), *paths).split("\n\n")
    assert price == "json:price\n  12 values, the newest 11.5\n  0.5 to 11.5, mean 6"
    assert "=halted 8, open 4" in status
    assert "a sequence: 1 gap (2 missing)\n    entry 7: 8 after 5" in seq


def test_a_chart_is_drawn_with_its_gaps(tmp_path: Path) -> None:
    lines = printed(feed(tmp_path), "--path", "json:seq", "--plot").splitlines()
    drawn = lines[6:]
    assert drawn[0][-1] > "\N{BRAILLE PATTERN BLANK}"  # the highest number is the last one
    assert drawn[0].lstrip().startswith("13 ┤")
    assert any(line.lstrip().startswith("gaps │") and line.count("×") == 1 for line in drawn)
    assert max(map(len, drawn)) <= 80


def test_states_are_bands_one_after_another(tmp_path: Path) -> None:
    lines = printed(feed(tmp_path), "--path", "json:status", "--plot").splitlines()
    bands = {line.split("│")[0].strip(): line.split("│")[1] for line in lines if "█" in line}
    assert bands["open"].rstrip().count("█") == pytest.approx(58 * 4 / 12, abs=2)
    assert bands["=halted"].startswith(" " * (bands["open"].rstrip().count("█") - 1))


def test_csv_has_a_row_for_each_message_and_no_formula(tmp_path: Path) -> None:
    text = printed(feed(tmp_path), "--path", "json:price", "--path", "json:status", "--csv")
    head, first, *_rest, last = csv.reader(text.splitlines())
    assert head == ["number", "time", "price", "status"]
    assert first == ["1", "1970-01-01T00:16:40.000000Z", "0.5", "open"]
    assert last[2:] == ["11.5", "'=halted"]


def test_json_has_the_breaks(tmp_path: Path) -> None:
    found = json.loads(printed(feed(tmp_path), "--path", "json:seq", "--json"))
    assert (found["gaps"], found["missing"], found["duplicates"]) == (1, 2, 0)
    assert found["breaks"] == [
        {"number": 7, "time": 1006.0, "kind": "gap", "expected": 6, "found": 8}
    ]


def test_a_filter_chooses_the_messages(tmp_path: Path) -> None:
    text = printed(feed(tmp_path), "--path", "json:seq", "--json", "--filter", "json:ch=1")
    assert json.loads(text)["count"] == 6


def test_groups_are_drawn_over_time(tmp_path: Path) -> None:
    head, *rows = printed(feed(tmp_path), "--by", "json:status", "--plot").splitlines()
    column = head.index("Messages over time")
    bars = {row.split()[-1]: row[column : column + 24] for row in rows}
    assert bars["open"].strip()
    assert not bars["open"][8:].strip()
    assert bars["=halted"][16:].strip() == ""  # the rest of the time has none


@pytest.mark.parametrize(
    "arguments",
    [
        ("--path", "price"),
        ("--path", "json:["),
        ("--path", "json:a", "--by", "method"),
        ("--csv",),
        ("--path", "json:a", "--csv", "--json"),
    ],
)
def test_bad_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert spacebeam("stats", feed(tmp_path), *arguments).returncode == 2


def test_without_values_nothing_matches(tmp_path: Path) -> None:
    finished = spacebeam("stats", feed(tmp_path), "--path", "json:none", "--plot")
    assert (finished.returncode, finished.stdout) == (1, b"json:none\n  no values\n")


def test_gaps_are_found_from_any_entry_on(tmp_path: Path) -> None:
    """The filter knows the entries before those that are printed."""
    path = feed(tmp_path)
    finished = spacebeam("list", path, "--filter", "gap:json:seq", "--last", "1", "--json")
    assert json.loads(finished.stdout)["number"] == 7
    assert spacebeam("search", path, "gap:json:seq", "--count").stdout == b"1\n"
    finished = spacebeam("list", path, "--filter", "gap:json:seq", "--from", "7", "--json")
    assert json.loads(finished.stdout)["number"] == 7


def test_a_connection_starts_a_filtered_sequence_over(tmp_path: Path) -> None:
    connected = event_batch(5.0, b'{"type":"connected","url":"ws://a/"}')
    batches = [_text(float(at), {"seq": seq}) for at, seq in enumerate((50, 51, 52, 53, 54))]
    batches += [connected, *(_text(6.0 + seq, {"seq": seq}) for seq in range(7, 12))]
    path = write_entries(tmp_path / "a.beam", *batches)
    found = json.loads(printed(path, "--path", "json:seq", "--json", "--filter", "is:received"))
    assert (found["count"], found["breaks"]) == (10, [])


def test_latencies_and_sizes_are_series_too(tmp_path: Path) -> None:
    path = write_entries(tmp_path / "a.beam", *(text(*line) for line in CALLS))
    every, of_one, size = printed(
        path, "--path", "latency", "--path", "latency:getBook", "--path", "size"
    ).split("\n\n")
    assert every == "latency\n  3 values, the newest 125 ms\n  125 ms to 1 s, mean 458 ms"
    assert of_one == "latency:getBook\n  2 values, the newest 125 ms\n  125 ms to 1 s, mean 562 ms"
    assert size.startswith("size\n  8 values, the newest 45 B\n")
    drawn = printed(path, "--path", "latency", "--plot").splitlines()
    assert any(line.lstrip().startswith("125 ms ┤") for line in drawn)
    found = json.loads(printed(path, "--path", "latency:ping", "--json"))
    assert (found["path"], found["newest"], found["mean"]) == ("latency:ping", "0.25", 0.25)
    rows = list(csv.reader(printed(path, "--path", "latency", "--csv").splitlines()))
    assert rows[0] == ["number", "time", "latency:"]
    assert [(row[0], row[2]) for row in rows[1:]] == [("3", "0.25"), ("4", "1.0"), ("7", "0.125")]


def test_latencies_may_be_of_pairs_by_two_paths(tmp_path: Path) -> None:
    lines = (
        (1.0, Direction.SENT, {"id": 1, "type": "ask"}),
        (1.5, Direction.RECEIVED, {"reply_to": 1}),
    )
    path = write_entries(tmp_path / "a.beam", *(text(*line) for line in lines))
    words = (path, "--path", "latency:ask", "--json")
    assert spacebeam("stats", *words).returncode == 1
    found = json.loads(printed(*words, "--pair", "json:id=json:reply_to"))
    assert (found["count"], found["most"]) == (1, 0.5)


@pytest.mark.parametrize("written", ["size:large", "speed", "latency2", ""])
def test_a_series_that_does_not_exist_is_bad_usage(tmp_path: Path, written: str) -> None:
    finished = spacebeam("stats", feed(tmp_path), "--path", written)
    assert (finished.returncode, finished.stdout) == (2, b"")
