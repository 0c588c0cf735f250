"""A recording's file as commands open it, and the filter that is asked for beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from spacebeam.cli.columns import cells
from spacebeam.cli.messages import complain
from spacebeam.decode.visible import one_line
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.opening import open_read_only
from spacebeam.recording.recording import Recording
from spacebeam.search.filter import Filter, FilterError
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse


def opened(path: str) -> Recording | None:
    """The recording in a file; None, and said why, where it cannot be read."""
    try:
        return open_read_only(Path(path))
    except RecordingError as error:
        complain(str(error))
        return None


def understood(text: str) -> Filter | None:
    """The filter that `text` means; None, and said where and why, where it means nothing."""
    found = parse(text)
    if not found.errors:
        return found
    for mistake in found.errors:
        complain("\n".join(_pointed_out(text, mistake)))
    return None


def _pointed_out(text: str, mistake: FilterError) -> Iterator[str]:
    """What is wrong with a filter, and under its text where."""
    yield f"In the filter: {mistake.message}."
    yield f"  {one_line(text)}"
    before = cells(one_line(text[: mistake.start]))
    width = max(cells(one_line(text[mistake.start : mistake.end])), 1)
    yield f"  {' ' * before}^{'~' * (width - 1)}"


def matcher(wanted: Filter, recording: Recording) -> Matcher:
    """The filter, ready for the blocks of this recording."""
    return Matcher(wanted, recording.began, recording.stars)
