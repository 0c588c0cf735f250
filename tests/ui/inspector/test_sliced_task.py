"""Long work runs in slices on the main loop until it ends or is stopped."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from gi.repository import GLib

from spacebeam.ui.inspector.sliced_task import SlicedTask
from tests.support.waiting import eventually

SLICE_S = 0.004


class Work:
    """A task, its completed steps, and how often it ended."""

    def __init__(self) -> None:
        self.steps: list[int] = []
        self.slices = self.done = 0
        self.task = SlicedTask(SLICE_S, self._on_done, self._on_slice)

    def quick(self, count: int) -> Iterator[None]:
        for number in range(count):
            self.steps.append(number)
            yield

    def slow(self, count: int) -> Iterator[None]:
        """Steps that take a slice each."""
        for number in range(count):
            until = time.monotonic() + SLICE_S
            while time.monotonic() < until:
                pass
            self.steps.append(number)
            yield

    def go_on(self) -> None:
        self.task.start(self.quick(2))

    def _on_slice(self) -> None:
        self.slices += 1

    def _on_done(self) -> None:
        self.done += 1


def test_empty_work_ends_immediately() -> None:
    work = Work()
    work.task.start(iter(()))
    assert not work.task.is_busy
    assert (work.slices, work.done) == (0, 1)


async def test_long_work_runs_in_order_while_the_loop_serves_other_sources() -> None:
    work, rounds = Work(), 0

    def count() -> bool:
        nonlocal rounds
        rounds += 1
        return work.task.is_busy

    work.task.start(work.slow(30))
    assert work.task.is_busy
    assert work.steps == [0]
    assert work.done == 0
    GLib.timeout_add(1, count)
    await eventually(lambda: work.done)
    assert work.steps == list(range(30))
    assert work.slices >= 29
    assert rounds >= 10
    assert not work.task.is_busy


async def test_new_work_replaces_the_earlier_work() -> None:
    work = Work()
    work.task.start(work.slow(100))
    work.steps.clear()
    work.task.start(work.quick(3))
    await eventually(lambda: not work.task.is_busy)
    assert work.steps == [0, 1, 2]
    assert work.done == 1


async def test_finished_work_can_start_other_work() -> None:
    work = Work()
    task = SlicedTask(SLICE_S, work.go_on)
    task.start(work.slow(2))
    await eventually(lambda: work.done)
    assert work.steps == [0, 1, 0, 1]


async def test_no_step_runs_after_stop() -> None:
    work = Work()
    work.task.start(work.slow(100))
    work.task.stop()
    before = list(work.steps)
    assert not work.task.is_busy
    others: list[bool] = []
    GLib.idle_add(others.append, True, priority=GLib.PRIORITY_DEFAULT_IDLE)
    await eventually(lambda: others)
    assert work.steps == before
    assert work.done == 0
    work.task.stop()


@pytest.mark.parametrize("is_slow", [True, False])
async def test_a_step_replaces_the_work_that_it_is_of(is_slow: bool) -> None:
    work = Work()

    def replacing() -> Iterator[None]:
        yield from work.slow(2) if is_slow else work.quick(2)
        work.task.start(work.quick(3))
        assert work.task.is_busy
        yield
        work.steps.append(-1)

    work.task.start(replacing())
    await eventually(lambda: not work.task.is_busy)
    assert work.steps == [0, 1, 0, 1, 2]
    assert work.done == 1


@pytest.mark.parametrize("is_slow", [True, False])
async def test_a_step_stops_the_work_that_it_is_of(is_slow: bool) -> None:
    work = Work()

    def stopping() -> Iterator[None]:
        yield from work.slow(2) if is_slow else work.quick(2)
        work.task.stop()
        yield
        work.steps.append(-1)

    work.task.start(stopping())
    await eventually(lambda: not work.task.is_busy)
    assert (work.steps, work.done) == ([0, 1], 0)
    work.task.start(work.quick(1))
    assert (work.steps, work.done) == ([0, 1, 0], 1)
