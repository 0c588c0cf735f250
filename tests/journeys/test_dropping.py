"""A file is dragged from another program onto each part of the window."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.mouse import drag
from tests.journeys.program import ROOT, connect, serving, started
from tests.journeys.screen import BUTTON, TEXT, Widget, until
from tests.support.processes import end

_SOURCE = 1100, 60  # pixels; beside the window


@contextlib.contextmanager
def file_to_drag(path: Path) -> Iterator[None]:
    """Another program's window with a file that can be dragged."""
    command = (sys.executable, "-m", "tests.journeys.drag_source", str(path), *map(str, _SOURCE))
    source = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    try:
        assert source.stdout is not None
        assert source.stdout.readline() == b"ready\n"
        yield
        source.stdout.close()
    finally:
        end(source)


def drops(window: Widget, place: tuple[int, int]) -> bool:
    """Drag the file to a place; return whether it is attached. A busy program may miss the drop."""
    drag((_SOURCE[0] + 50, _SOURCE[1] + 50), place)
    with contextlib.suppress(AssertionError):
        return until(lambda: bool(window.says("note.txt, 11 B")), within=4)
    return False


@pytest.mark.parametrize(
    ("part", "place"),
    [("the text", (400, 690)), ("the timeline", (600, 450)), ("the header bar", (300, 20))],
)
def test_a_dropped_file_is_attached_and_its_path_is_not_typed(
    part: str, place: tuple[int, int], tmp_path: Path
) -> None:
    file = tmp_path / "note.txt"
    file.write_text("from a file")
    with serving() as (url, _server), started() as program:
        window = program.window()
        connect(window, f"{url}/echo")
        window.reads("Connected")
        with file_to_drag(file):
            until(lambda: drops(window, place), "the attached file")
        assert window.find(TEXT, "Message").text == "", part
        window.find(BUTTON, "Send").press()
        until(lambda: window.says("from a file") == 2, "the echo")
