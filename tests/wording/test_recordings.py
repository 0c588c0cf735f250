"""Errors of recordings' files as sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.recording.errors import RecordingError, RecordingFault, StorageCause, StorageError
from spacebeam.wording.recordings import recording_error_words, storage_words

PATH = Path("/there/{x}.beam")


@pytest.mark.parametrize("fault", RecordingFault)
def test_every_fault_has_its_own_sentence(fault: RecordingFault) -> None:
    words = recording_error_words(RecordingError(fault, PATH, detail="{detail}", count=9))
    others = {
        recording_error_words(RecordingError(other, PATH, detail="{detail}"))
        for other in RecordingFault
        if other is not fault
    }
    assert words.endswith(".")
    assert words not in others


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            RecordingError(RecordingFault.NOT_FOUND, PATH),
            "There is no file /there/{x}.beam.",
        ),
        (
            RecordingError(RecordingFault.INVALID_BLOCK, entry=7),
            "The recording is damaged: the block at entry 7 is not valid.",
        ),
        (
            RecordingError(RecordingFault.NEWER_FORMAT, PATH, count=9),
            "/there/{x}.beam was made by a newer Spacebeam (format 9; this one reads up to 2). "
            "Update Spacebeam to open it.",
        ),
        (
            RecordingError(RecordingFault.CANNOT_SAVE, PATH, detail="Permission denied"),
            "Could not save in /there: Permission denied. Choose another folder.",
        ),
    ],
)
def test_an_error_says_what_happened_and_what_to_do(error: RecordingError, words: str) -> None:
    assert recording_error_words(error) == words


def test_a_storage_error_says_what_to_do_and_that_nothing_is_lost() -> None:
    assert storage_words(StorageError(StorageCause.DISK_FULL, PATH)) == (
        "The disk is full: nothing more can be recorded. Free some space. Recording then resumes. "
        "Until then entries are held in memory; when it is full, the server waits."
    )


@pytest.mark.parametrize("cause", StorageCause)
def test_every_storage_cause_has_sentences(cause: StorageCause) -> None:
    words = storage_words(StorageError(cause, PATH, "detail"))
    assert words.count(".") >= 2
    in_terminal = storage_words(StorageError(cause, PATH, "detail"), can_move=False)
    assert in_terminal.count(".") >= 2
    assert "elsewhere" not in in_terminal
