"""`spacebeam stats`: messages in groups, with the latencies of answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from spacebeam.protocol.batch import Batch, Direction, Kind, single
from tests.cli.program import spacebeam
from tests.cli.recordings import write_entries


def calls(count: int = 4) -> list[Batch]:
    """Calls of `slow`, `fast` and so on, the last one unanswered, and a notification."""
    batches = []
    for number in range(count):
        method = ("slow", "fast")[number % 2]
        sent = {"jsonrpc": "2.0", "id": number, "method": method}
        answer: dict[str, Any] = {"jsonrpc": "2.0", "id": number, "result": 1}
        if number == 2:
            answer = {"jsonrpc": "2.0", "id": 2, "error": {"code": -1, "message": "no"}}
        batches.append(_text(number, Direction.SENT, sent))
        if number < count - 1:
            latency = (0.5, 0.01)[number % 2]
            batches.append(_text(number + latency, Direction.RECEIVED, answer))
    push = {"jsonrpc": "2.0", "method": "tick", "params": [1]}
    return [*batches, _text(count, Direction.RECEIVED, push)]


def _text(time: float, direction: Direction, value: Any) -> Batch:
    return single(time, direction, Kind.TEXT, json.dumps(value).encode())


def groups(*arguments: str) -> list[dict[str, Any]]:
    finished = spacebeam("stats", *arguments, "--json")
    assert (finished.returncode, finished.stderr) == (0, b"")
    return [json.loads(line) for line in finished.stdout.splitlines()]


def test_calls_are_grouped_by_method_with_their_latencies(tmp_path: Path) -> None:
    path = write_entries(tmp_path / "a.beam", *calls())
    found = {one["name"]: one for one in groups(path)}
    assert {name: one["count"] for name, one in found.items()} == {"slow": 2, "fast": 2, "tick": 1}
    assert found["slow"]["median"] == pytest.approx(0.5, rel=0.01)
    assert found["fast"]["slowest"] == pytest.approx(0.01, rel=0.01)
    assert (found["slow"]["errors"], found["slow"]["answered"]) == (1, 2)
    assert found["tick"]["median"] is None


def test_a_table_is_printed_with_what_is_not_answered(tmp_path: Path) -> None:
    finished = spacebeam("stats", write_entries(tmp_path / "a.beam", *calls()))
    lines = finished.stdout.decode().splitlines()
    assert lines[0].endswith("99 %  Slowest  Name")
    assert lines[-1] == "1 question without an answer"
    assert any(line.endswith("slow") and "500 ms" in line for line in lines)


def test_messages_are_grouped_by_a_path(tmp_path: Path) -> None:
    batches = [_text(0.0, Direction.RECEIVED, {"type": one}) for one in ("a", "b", "a")]
    path = write_entries(tmp_path / "a.beam", *batches, _text(0.0, Direction.RECEIVED, {"no": 1}))
    found = groups(path, "--by", "json:type")
    assert [(one["name"], one["count"]) for one in found] == [("a", 2), ("b", 1)]


def test_a_filter_limits_what_is_counted_and_not_what_is_paired(tmp_path: Path) -> None:
    path = write_entries(tmp_path / "a.beam", *calls())
    found = {one["name"]: one["count"] for one in groups(path, "--filter", "is:sent fast")}
    assert found == {"fast": 2}


@pytest.mark.parametrize("by", ["price", "json:", "json:[", ""])
def test_a_wrong_path_is_bad_usage(tmp_path: Path, by: str) -> None:
    path = write_entries(tmp_path / "a.beam", *calls())
    assert spacebeam("stats", path, "--by", by).returncode == 2


def test_without_messages_there_is_nothing_to_count(tmp_path: Path) -> None:
    path = write_entries(tmp_path / "a.beam", *calls())
    assert spacebeam("stats", path, "--filter", "nothing-like-this").returncode == 1


def test_messages_are_paired_by_two_paths(tmp_path: Path) -> None:
    batches = (
        _text(1.0, Direction.SENT, {"id": 7, "cmd": "open"}),
        _text(1.5, Direction.RECEIVED, {"reply_to": 7}),
    )
    path = write_entries(tmp_path / "a.beam", *batches)
    (group,) = groups(path, "--pair", "json:id=json:reply_to")
    assert (group["name"], group["answered"]) == ("open", 1)
    assert group["slowest"] == pytest.approx(0.5, rel=0.01)
    refused = spacebeam("stats", path, "--pair", "id")
    assert (refused.returncode, b"such as json:id=json:reply_to" in refused.stderr) == (2, True)


def test_an_answer_has_its_latency_where_its_question_does_not_match(tmp_path: Path) -> None:
    question = {"jsonrpc": "2.0", "id": 1, "method": "store", "params": ["x" * 70_000]}
    batches = (  # each in a block of its own
        _text(1.0, Direction.SENT, question),
        _text(1.5, Direction.RECEIVED, {"jsonrpc": "2.0", "id": 1, "result": "y" * 70_000}),
    )
    path = write_entries(tmp_path / "a.beam", *batches)
    (group,) = groups(path, "--filter", "is:received")
    assert (group["name"], group["count"], group["answered"]) == ("store", 0, 1)
