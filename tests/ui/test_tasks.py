"""An owner's tasks are referenced, reported when they fail, and cancelled in one place."""

from __future__ import annotations

import asyncio
import gc

from spacebeam.ui.tasks import Tasks
from tests.support.waiting import eventually


async def fail() -> None:
    raise LookupError("planted")


async def test_an_exception_in_a_task_reaches_the_hook(unnoticed: list[str]) -> None:
    Tasks().start(fail())
    await eventually(lambda: unnoticed)
    assert "planted" in unnoticed.pop()


async def test_a_task_runs_without_another_reference() -> None:
    done: list[bool] = []

    async def work() -> None:
        for _ in range(3):
            await asyncio.sleep(0)
            gc.collect()
        done.append(True)

    tasks = Tasks()
    tasks.start(work())
    await eventually(lambda: done)


async def test_cancel_ends_every_task_without_a_report() -> None:
    tasks = Tasks()
    waiting = [tasks.start(asyncio.Event().wait()) for _ in range(3)]
    await asyncio.sleep(0)
    tasks.cancel()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(result) for result in results] == [asyncio.CancelledError] * 3


async def test_an_ended_task_is_released() -> None:
    tasks = Tasks()
    task = tasks.start(asyncio.sleep(0))
    await task
    await eventually(lambda: not tasks.are_running)


async def test_a_tasks_result_can_be_awaited() -> None:
    async def answer() -> int:
        return 42

    assert await Tasks().start(answer()) == 42


async def test_finish_waits_for_every_task() -> None:
    tasks, done = Tasks(), list[int]()

    async def work(turns: int) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        done.append(turns)

    for turns in (1, 5, 3):
        tasks.start(work(turns))
    await tasks.finish()
    assert sorted(done) == [1, 3, 5]
