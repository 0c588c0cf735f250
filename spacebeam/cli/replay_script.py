"""Reads a recording as a script, for `replay` and `serve --replay`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from spacebeam.cli.messages import print_error
from spacebeam.cli.reading import MatchingEntries, matcher_of, open_recording
from spacebeam.exchange.exporters.exporter import exported
from spacebeam.protocol.batch import Direction
from spacebeam.scenario.replay.script import (
    RecordedMessage,
    TooMuchError,
    Turn,
    sent_and_received,
    turns,
)
from spacebeam.search.filter import Filter


def read_script(path: str, wanted: Filter | None = None) -> list[Turn] | None:
    """Return the turns of a recording, of messages that match; print an error and return None."""
    recording = open_recording(path)
    if recording is None:
        return None
    with closing(recording):
        matcher = None if wanted is None else matcher_of(recording, wanted)
        entries = MatchingEntries(recording, matcher, progress_words="Reading")
        try:
            found = turns(sent_and_received(_messages(entries)))
        except TooMuchError:
            print_error(
                "The recording is too long to be played: at most a million messages, 1 GiB."
            )
            return None
        entries.report_unread()
    return None if entries.unread or entries.unsearched else found


def _messages(entries: MatchingEntries) -> Iterator[RecordedMessage]:
    for block, places in entries.read():
        for one in exported(block, places):
            if one.direction is not Direction.NONE:
                yield RecordedMessage(*one)
