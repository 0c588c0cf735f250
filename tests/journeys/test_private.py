"""A private connection of the running program leaves nothing on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.keyboard import press
from tests.journeys.program import connect, say, serving, started
from tests.journeys.screen import BUTTON, TEXT, TOGGLE, until
from tests.journeys.test_options import TAB, options

_MARKER = "m4rker"


def test_a_private_conversation_is_discarded_on_request_and_leaves_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    with serving() as (url, _server), started({"SPACEBEAM_LOG": "debug"}) as program:
        window = program.window()
        address = f"{url}/room/{_MARKER}"
        window.find(TEXT, "Address").write(address)
        dialog = options(program, window)
        pages = (one for one in dialog.everything() if one.role in TAB)
        next(one for one in pages if one.name == "Connection").press()
        record = dialog.find(TOGGLE, "Record messages")
        assert record.is_on
        record.press()
        until(lambda: not record.is_on, "the switch off")
        press("Escape")
        until(lambda: program.windows() == [window], "the first screen")
        window.reads("not recorded")
        connect(window, address)
        window.reads("Connected")
        say(window, f"{_MARKER} only here")
        window.reads("2 entries")
        press("Control_L", "w")
        question = until(
            lambda: [one for one in program.windows() if one != window], "the question"
        )[0]
        question.reads("Discard this conversation?")
        buttons = (one for one in question.everything() if one.role in BUTTON)
        next(one for one in buttons if "Discard and Close" in one.name).press()
        assert program.waits() == 0
    found = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert any(one.name == "settings.json" for one in found)
    host = url.removeprefix("ws://")
    for one in tmp_path.rglob("*"):
        assert _MARKER not in one.name
        if one.is_file():
            assert _MARKER.encode() not in one.read_bytes(), one
            assert host.encode() not in one.read_bytes(), one
