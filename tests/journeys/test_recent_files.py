"""A file that was attached is among the desktop's recent ones, but not after a private talk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.keyboard import CONTROL, press
from tests.journeys.program import Program, connect, serving, started
from tests.journeys.screen import BUTTON, TEXT, TOGGLE, Widget, until
from tests.journeys.test_options import TAB, options


def make_private(program: Program, window: Widget, address: str) -> None:
    """Type an address, and switch off that it is recorded."""
    window.find(TEXT, "Address").write(address)
    dialog = options(program, window)
    pages = (one for one in dialog.everything() if one.role in TAB)
    next(one for one in pages if one.name == "Connection").press()
    record = dialog.find(TOGGLE, "Record messages")
    record.press()
    until(lambda: not record.is_on, "the switch off")
    press("Escape")
    until(lambda: program.windows() == [window], "the first screen")
    window.reads("not recorded")


def fields(window: Widget) -> list[Widget]:
    return [one for one in window.everything() if one.role in TEXT]


def attach(program: Program, window: Widget, file: Path) -> None:
    """Choose a file, as a person types its path."""
    before = program.windows()
    window.find(BUTTON, "Attach a file").press()
    until(lambda: len(program.windows()) > len(before), "the chooser")
    chooser = next(one for one in program.windows() if one not in before)
    press(CONTROL, "l")
    entry = until(
        lambda: next((one for one in fields(chooser) if one.has_cursor), None),
        "the place for a path",
    )
    entry.write(str(file))
    press("Return")
    until(lambda: program.windows() == before, "the end of the chooser")
    window.reads(f"{file.name}, ")


@pytest.mark.parametrize("is_private", [False, True])
def test_a_file_of_a_private_conversation_is_not_remembered(
    tmp_path: Path, is_private: bool
) -> None:
    file = tmp_path / "m4rker.bin"
    file.write_bytes(b"\0")
    recent = tmp_path / "xdg_data_home" / "recently-used.xbel"
    with serving() as (url, _server), started() as program:
        window = program.window()
        if is_private:
            make_private(program, window, f"{url}/echo")
        connect(window, f"{url}/echo")
        window.reads("Connected")
        attach(program, window, file)
        until(recent.exists, "the list of recent files")
        press(CONTROL, "q")
        if not is_private:
            until(lambda: file.name in recent.read_text(), "the file in the list")
    assert (file.name in recent.read_text()) is not is_private
