"""The process that exports and imports for the window."""

from __future__ import annotations

import json
import os
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spacebeam.net.events import Connected, event
from spacebeam.protocol.batch import Direction, Kind, single
from spacebeam.recording.codec import encode
from spacebeam.recording.opening import open_read_only
from spacebeam.recording.recording import Recording
from spacebeam.wording.exchange import import_fault_words
from spacebeam.worker.frames import FrameKind, frame, json_frame
from spacebeam.worker.process import WorkerError, WorkerProcess
from tests.support.waiting import eventually

BEGAN = 1_700_000_000.25
_SAMPLES = Path(__file__).parents[1] / "exchange" / "samples"


def _recording() -> Recording:
    made = Recording()
    made.append(event(BEGAN, Connected("ws://h/")))
    for number in range(5):
        made.append(single(BEGAN + number, Direction.SENT, Kind.TEXT, str(number).encode()))
    return made


def _head(target: Path, name: str = "jsonl", **more: Any) -> bytes:
    told = {
        "format": name,
        "target": str(target),
        "length": 6,
        "address": "ws://h/",
        "title": "",
        "handshakes": [],
        "marks": [[1, True, "note"]],
        "has_control_frames": False,
    }
    return json_frame({**told, **more})


def _block(recording: Recording, *places: int) -> bytes:
    (block,) = recording.blocks()
    entries = frame(FrameKind.ENTRIES, block.first.to_bytes(8, "little") + encode(block))
    return (
        entries
        + frame(FrameKind.PAYLOAD, bytes(block.data))
        + frame(FrameKind.PLACES, array("I", places).tobytes())
    )


async def test_the_entries_that_are_sent_are_exported(tmp_path: Path) -> None:
    target = tmp_path / "a.jsonl"
    target.write_text("old")
    async with WorkerProcess("export") as worker:
        await worker.send(_head(target) + _block(_recording(), 1, 3) + frame(FrameKind.END))
        told = await worker.receive()
    assert told == {"problem": "", "size": target.stat().st_size, "losses": {}}
    lines = [json.loads(line) for line in target.read_text().splitlines()]
    assert [(line["number"], line["text"]) for line in lines] == [(2, "0"), (4, "2")]
    assert lines[0]["note"] == "note"
    assert target.stat().st_mode & 0o077 == 0


async def test_an_export_that_is_cancelled_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "a.jsonl"
    target.write_text("old")
    async with WorkerProcess("export") as worker:
        await worker.send(_head(target) + _block(_recording()))
        await eventually(lambda: len(os.listdir(tmp_path)) == 2)
    await eventually(lambda: os.listdir(tmp_path) == ["a.jsonl"])
    assert target.read_text() == "old"


async def test_an_export_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    async with WorkerProcess("export") as worker:
        await worker.send(_head(tmp_path / "none" / "a.csv", "csv") + frame(FrameKind.END))
        told = await worker.receive()
    assert told == {"problem": "Could not write “a.csv”: No such file or directory."}


async def _imported(path: Path, folder: Path, take: list[int]) -> tuple[dict[str, Any], list[str]]:
    async with WorkerProcess("import", str(path), str(folder)) as worker:
        while "found" not in (told := await worker.receive()):
            pass
        await worker.send(json_frame({"take": take}))
        return told, (await worker.receive())["taken"]


async def test_the_chosen_conversations_become_recordings(tmp_path: Path) -> None:
    told, taken = await _imported(_SAMPLES / "mitmproxy-11.0.2.har", tmp_path / "new", [0, 2])
    assert len(told["found"]) == 3
    assert told["problem"] == ""
    assert told["losses"]["refused"] == 1
    address, _began, entries, _size = told["found"][2]
    assert sorted(map(Path, taken)) == sorted((tmp_path / "new").iterdir())
    recording = open_read_only(Path(taken[1]))
    assert (recording.facts["address"], len(recording)) == (address, entries)
    recording.close()


def _hidden(folder: Path) -> Callable[[], bool]:
    return lambda: folder.exists() and any(one.name[0] == "." for one in folder.iterdir())


async def test_an_import_that_is_cancelled_at_the_choice_leaves_nothing(tmp_path: Path) -> None:
    async with WorkerProcess("import", str(_SAMPLES / "firefox-153esr.har"), str(tmp_path)) as one:
        while "found" not in await one.receive():
            pass
        assert _hidden(tmp_path)()
    await eventually(lambda: not list(tmp_path.iterdir()))


async def test_an_import_that_is_cancelled_while_it_reads_leaves_nothing(tmp_path: Path) -> None:
    lines, folder = tmp_path / "a.jsonl", tmp_path / "new"
    with lines.open("wb") as file:
        for number in range(300_000):
            file.write(b'{"time": %d, "kind": "text", "text": "%s"}\n' % (number, b"x" * 200))
    async with WorkerProcess("import", str(lines), str(folder)) as worker:
        assert (await worker.receive())["format"] == "jsonl"
        assert "read" in await worker.receive()
        worker.cancel()
    await eventually(lambda: not list(folder.iterdir()))


async def test_a_broken_file_says_where_and_gives_what_came_before(tmp_path: Path) -> None:
    broken = tmp_path / "a.jsonl"
    broken.write_bytes(b'{"text": "a"}\n{"tex')
    told, taken = await _imported(broken, tmp_path / "new", [0])
    assert told["problem"] == "It is cut off at line 2."
    recording = open_read_only(Path(taken[0]))
    assert bytes(recording.entry(0).payload) == b"a"
    recording.close()


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("none", "Could not read the file: No such file or directory."),
        (".", import_fault_words("unknown-format")),
    ],
)
async def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, name: str, problem: str) -> None:
    told, _taken = await _imported(tmp_path / name, tmp_path / "new", [])
    assert told == {"found": [], "losses": {}, "problem": problem}


async def test_a_worker_that_ended_is_an_error(tmp_path: Path) -> None:
    async with WorkerProcess("export") as worker:
        await worker.send(frame(FrameKind.JSON, b"{}"))
        with pytest.raises(WorkerError):
            await worker.receive()
    assert not list(tmp_path.iterdir())
