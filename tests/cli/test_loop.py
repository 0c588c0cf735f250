"""The loop that commands run on, and the signals that end it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys

import pytest

from spacebeam.cli.loop import on_signals, run
from tests.cli.program import PATIENCE


def test_the_result_is_returned() -> None:
    async def work() -> int:
        await asyncio.sleep(0)
        return 7

    assert run(work()) == 7


def test_an_error_is_raised() -> None:
    async def work() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        run(work())


def test_unfinished_tasks_are_cancelled() -> None:
    cancelled: list[bool] = []

    async def stay() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    async def work() -> None:
        task = asyncio.create_task(stay())
        await asyncio.sleep(0)
        del task

    run(work())
    assert cancelled == [True]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_is_handled(number: signal.Signals) -> None:
    async def work() -> None:
        asked = asyncio.Event()
        with on_signals(asked.set):
            os.kill(os.getpid(), number)
            async with asyncio.timeout(PATIENCE):
                await asked.wait()

    before = signal.getsignal(number)
    try:
        run(work())
    finally:
        signal.signal(number, before)


def test_the_second_signal_ends_the_program() -> None:
    code = (
        "import asyncio, os, signal\n"
        "from spacebeam.cli.loop import on_signals, run\n"
        "async def work():\n"
        "    asked = asyncio.Event()\n"
        "    with on_signals(asked.set):\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "        await asked.wait()\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "        await asyncio.get_running_loop().create_future()\n"
        "run(work())\n"
    )
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=PATIENCE)
    assert finished.returncode == -signal.SIGINT
    assert finished.stderr == b""
