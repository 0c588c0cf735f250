"""The log in its window."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest
from gi.repository import Gtk

from spacebeam import log
from spacebeam.ui.window.log_window import LogWindow
from tests.support.waiting import eventually
from tests.ui.doing import button, click, descendants, opened, presented, text

_log = logging.getLogger("spacebeam.ui.example")


@pytest.fixture(autouse=True)
def history(monkeypatch: pytest.MonkeyPatch) -> Iterator[log.History]:
    """The log of a program that has just started."""
    program = logging.getLogger("spacebeam")
    before = (program.level, program.propagate, list(program.handlers))
    program.handlers.clear()
    monkeypatch.setattr(log, "history", log.History())
    log.start({})
    yield log.history
    program.level, program.propagate, program.handlers[:] = before


async def test_earlier_and_new_lines_are_shown() -> None:
    _log.info("an earlier line")
    async with presented(LogWindow()) as window:
        (view,) = descendants(window, Gtk.TextView)
        buffer = view.get_buffer()
        assert text(buffer) == log.history.text()
        thread = threading.Thread(target=_log.info, args=("a line from a thread",))
        thread.start()
        thread.join()
        await eventually(lambda: text(buffer) == log.history.text())
        assert "an earlier line" in text(buffer)
        assert "a line from a thread" in text(buffer)
        assert not view.get_editable()


async def test_the_log_is_copied() -> None:
    _log.info("one line")
    async with presented(LogWindow()) as window:
        click(button(window, "Copy the log"))
        copied = await window.get_clipboard().read_text_async()
        assert copied == log.history.text()
        assert "one line" in copied


async def test_a_closed_window_is_not_called_any_more(history: log.History) -> None:
    async with presented(LogWindow()) as window:
        assert len(history.observers) == 1
        window.close()
        await eventually(lambda: not history.observers)
        _log.info("nobody sees this line")


async def test_the_menu_opens_one_log_window() -> None:
    async with opened() as window:
        application = window.get_application()
        assert application is not None
        application.activate_action("log", None)
        application.activate_action("log", None)
        logs = [one for one in application.get_windows() if isinstance(one, LogWindow)]
        assert len(logs) == 1
        await eventually(logs[0].get_mapped)
        logs[0].close()
        await eventually(lambda: logs[0] not in application.get_windows())
