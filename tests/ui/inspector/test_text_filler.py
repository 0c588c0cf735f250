"""A buffer is filled between frames, and nothing is left running."""

from __future__ import annotations

import time
from collections.abc import Iterator

from gi.repository import GLib, Gtk

from spacebeam.ui.inspector.text_filler import TextFiller
from tests.support.waiting import eventually
from tests.ui.doing import text


class Filled:
    """A buffer, its filler, and how often it was done."""

    def __init__(self) -> None:
        self.buffer = Gtk.TextBuffer()
        self.done = 0
        self.filler = TextFiller(self.buffer, self._on_done)

    def _on_done(self) -> None:
        self.done += 1


def slow(count: int) -> Iterator[str]:
    """Pieces that take a millisecond each."""
    for number in range(count):
        until = time.monotonic() + 0.001
        while time.monotonic() < until:
            pass
        yield f"{number}\n"


def test_a_short_text_is_there_at_once() -> None:
    filled = Filled()
    filled.filler.fill(iter(["one ", "two"]))
    assert text(filled.buffer) == "one two"
    assert not filled.filler.is_busy
    assert filled.done == 1


async def test_a_long_text_arrives_in_order_while_the_loop_goes_round() -> None:
    filled = Filled()
    rounds = 0

    def count() -> bool:
        nonlocal rounds
        rounds += 1
        return filled.filler.is_busy

    filled.filler.fill(slow(100))
    assert filled.filler.is_busy
    assert text(filled.buffer).startswith("0\n")
    assert filled.done == 0
    GLib.timeout_add(1, count)
    await eventually(lambda: filled.done)
    assert text(filled.buffer) == "".join(f"{number}\n" for number in range(100))
    assert rounds >= 10
    assert not filled.filler.is_busy


async def test_what_is_filled_in_last_wins() -> None:
    filled = Filled()
    filled.filler.fill(slow(100))
    filled.filler.fill(iter(["another"]))
    assert text(filled.buffer) == "another"
    assert not filled.filler.is_busy
    assert filled.done == 1


async def test_stop_leaves_what_is_there_and_nothing_comes_after_it() -> None:
    filled = Filled()
    filled.filler.fill(slow(100))
    filled.filler.stop()
    before = text(filled.buffer)
    assert not filled.filler.is_busy
    others: list[bool] = []
    GLib.idle_add(others.append, True, priority=GLib.PRIORITY_DEFAULT_IDLE)
    await eventually(lambda: others)
    assert text(filled.buffer) == before
    assert filled.done == 0


def test_stop_where_nothing_runs_does_nothing() -> None:
    filled = Filled()
    filled.filler.stop()
    assert not filled.filler.is_busy


def test_an_empty_text_empties_the_buffer() -> None:
    filled = Filled()
    filled.buffer.set_text("old")
    filled.filler.fill(iter(()))
    assert text(filled.buffer) == ""
    assert filled.done == 1
