"""How long the answers in a recording took, found by the keyboard."""

from __future__ import annotations

from pathlib import Path

from spacebeam.recording.recording import Recording
from tests.cli.recordings import write_entries
from tests.journeys.keyboard import ALT, CONTROL, SHIFT, focus_top_window, press
from tests.journeys.program import started
from tests.journeys.screen import LABEL, Widget, until
from tests.support.calls import GRAPHQL, operations, text


def test_the_slowest_graphql_operation_of_a_recording_is_found(tmp_path: Path) -> None:
    batches = (text(*line) for line in operations(1_700_000_000.0))
    path = Path(write_entries(tmp_path / "api.beam", *batches, also=_with_handshake))
    with started(file=path) as program:
        window = program.window()
        window.reads("47 entries")
        press(CONTROL, SHIFT, "l")
        calls = until(lambda: dict(enumerate(program.windows())).get(1), "the window of calls")
        calls.reads("24 calls · 1 without an answer")
        calls.reads("2.9 s")
        assert _names(calls)[0] == "query GetBook"
        press("Return")
        window.reads("24 of 47")
        window.reads("Answers #46 (query GetBook) after 2.9 s")
        press("Escape")
        until(lambda: len(program.windows()) == 1, "the window of calls closed")
        focus_top_window()
        press(ALT, "p")
        window.reads("Answered by #47 after 2.9 s")


def _with_handshake(recording: Recording) -> None:
    recording.add_handshake(GRAPHQL)


def _names(calls: Widget) -> list[str]:
    """The operations in the order on the screen."""
    labels = [one for one in calls.everything() if one.role in LABEL]
    found = [one for one in labels if one.said.startswith("query ") and one.is_shown]
    return [one.said for one in sorted(found, key=lambda one: one.top)]
