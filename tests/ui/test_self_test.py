"""The self-test of an installation: it opens a window, or explains why it cannot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_OPEN = """
import spacebeam.ui
from spacebeam.ui import self_test
print(self_test.open_and_close())
"""
_NEVER_DRAWN = """
import spacebeam.ui
from spacebeam.ui import self_test
from spacebeam.ui.application import Application
self_test._DRAW_TIMEOUT_S = 1
Application.open_window = lambda self: self.hold()
self_test.open_and_close()
"""


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_drawn_window_is_reported() -> None:
    ended = run(_OPEN)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("a window of ")


def test_a_window_that_is_never_drawn_is_explained() -> None:
    ended = run(_NEVER_DRAWN)
    assert ended.returncode == 1
    assert "the window was not drawn within 1 s" in ended.stderr
