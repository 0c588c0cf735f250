"""An exception in a callback, in the loop or in a thread fails its test."""

from __future__ import annotations

import asyncio
import threading

from gi.repository import GLib

from tests.support.waiting import eventually


async def test_an_exception_in_a_glib_callback_is_noticed(unnoticed: list[str]) -> None:
    def callback() -> bool:
        raise ValueError("planted")

    GLib.idle_add(callback)
    await eventually(lambda: unnoticed)
    assert "planted" in unnoticed.pop()


async def test_an_exception_in_the_loop_is_noticed(unnoticed: list[str]) -> None:
    def callback() -> None:
        raise ValueError("planted")

    asyncio.get_running_loop().call_soon(callback)
    await eventually(lambda: unnoticed)
    assert "planted" in unnoticed.pop()


def test_an_exception_in_a_thread_is_noticed(unnoticed: list[str]) -> None:
    def work() -> None:
        raise ValueError("planted")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert "planted" in unnoticed.pop()


async def test_tests_run_on_glib_s_loop() -> None:
    ran: list[bool] = []
    GLib.idle_add(lambda: ran.append(True))
    await eventually(lambda: ran)
    assert type(asyncio.get_running_loop()).__name__ == "GLibEventLoop"
