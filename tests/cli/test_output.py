"""Standard output: nothing blocks, nothing is lost, and a slow reader is detected."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from spacebeam.cli.loop import run
from spacebeam.cli.output import Output
from tests.cli.program import PATIENCE

_MORE_THAN_A_PIPE_HOLDS = bytes(range(256)) * 4096


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reader, writer = os.pipe()
    yield reader, writer
    for end in (reader, writer):
        with contextlib.suppress(OSError):  # the test has closed it
            os.close(end)


def _read(reader: int, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += os.read(reader, size - len(data))
    return data


def test_a_reader_gets_everything_in_order(pipe: tuple[int, int]) -> None:
    reader, writer = pipe
    calls: list[str] = []

    async def work() -> bytes:
        output = Output(writer)
        output.on_full = lambda: calls.append("full")
        output.on_room = lambda: calls.append("room")
        output.write(b"first")
        assert calls == []
        output.write(_MORE_THAN_A_PIPE_HOLDS)
        assert calls == ["full"]
        output.write(b"last")
        size = 5 + len(_MORE_THAN_A_PIPE_HOLDS) + 4
        reading = asyncio.to_thread(_read, reader, size)
        async with asyncio.timeout(PATIENCE):
            data, _nothing = await asyncio.gather(reading, output.drain())
        assert calls[-1] == "room"
        return data

    assert run(work()) == b"first" + _MORE_THAN_A_PIPE_HOLDS + b"last"


def test_an_allowance_can_be_awaited(pipe: tuple[int, int]) -> None:
    calls: list[str] = []

    async def work() -> None:
        output = Output(pipe[1])
        output.max_pending = len(_MORE_THAN_A_PIPE_HOLDS)
        output.on_full = lambda: calls.append("full")
        output.write(_MORE_THAN_A_PIPE_HOLDS)
        assert calls == []
        output.write(_MORE_THAN_A_PIPE_HOLDS)
        assert calls == ["full"]
        output.forget()
        await output.drain()

    run(work())


def test_a_closed_pipe_is_reported_once(pipe: tuple[int, int]) -> None:
    reader, writer = pipe
    calls: list[str] = []

    async def work() -> Output:
        output = Output(writer)
        output.on_failed = lambda: calls.append("failed")
        output.write(_MORE_THAN_A_PIPE_HOLDS)
        os.close(reader)
        async with asyncio.timeout(PATIENCE):
            await output.drain()
        output.write(b"more")
        return output

    output = run(work())
    assert calls == ["failed"]
    assert output.has_reader_left
    assert output.failure is None


def test_a_full_disk_is_an_error() -> None:
    descriptor = os.open("/dev/full", os.O_WRONLY)
    try:
        output = Output(descriptor)
        output.write(b"x")
        assert output.failure == "No space left on device"
        assert not output.has_reader_left
    finally:
        os.close(descriptor)


def test_a_file_is_written_at_once(tmp_path: Path) -> None:
    with (tmp_path / "out").open("wb") as file:
        Output(file.fileno()).write(_MORE_THAN_A_PIPE_HOLDS)
    assert (tmp_path / "out").read_bytes() == _MORE_THAN_A_PIPE_HOLDS


def test_a_pipe_keeps_its_mode(pipe: tuple[int, int]) -> None:
    Output(pipe[1]).write(b"x")
    assert os.get_blocking(pipe[1])


def test_a_non_blocking_pipe_is_written_completely(pipe: tuple[int, int]) -> None:
    reader, writer = pipe
    os.set_blocking(writer, False)

    async def work() -> bytes:
        output = Output(writer)
        output.write(_MORE_THAN_A_PIPE_HOLDS)
        reading = asyncio.to_thread(_read, reader, len(_MORE_THAN_A_PIPE_HOLDS))
        async with asyncio.timeout(PATIENCE):
            data, _nothing = await asyncio.gather(reading, output.drain())
        return data

    assert run(work()) == _MORE_THAN_A_PIPE_HOLDS
