"""What went wrong with a recording's file: what happened and what to do."""

from __future__ import annotations

import os
from pathlib import Path

from spacebeam.recording.errors import RecordingError, RecordingFault, StorageCause, StorageError
from spacebeam.recording.schema import VERSION
from spacebeam.wording.i18n import _


def recording_error_words(error: RecordingError) -> str:
    """Return what happened and what to do, as sentences; names of files are not escaped."""
    path = error.path
    return _faults()[error.fault].format(
        path=_valid(path) if path else _("The recording"),
        name=_valid(path.name) if path else _("The recording"),
        folder=_valid(path.parent) if path else "",
        detail=error.detail.rstrip("."),
        entry=error.entry,
        found=error.count,
        supported=VERSION,
    )


def _valid(path: Path | str) -> str:
    """Return a path as text, with a replacement for bytes that are not UTF-8."""
    return os.fsencode(path).decode(errors="replace")


def storage_words(error: StorageError, *, can_move: bool = True) -> str:
    """Return what happened and what to do, as sentences; names of files are not escaped.

    With `can_move`, the recording can be saved to another file meanwhile.
    """
    advice = _storage_advice(error) if can_move else _advice_in_terminal(error)
    return f"{storage_explanation(error)} {advice}"


def storage_explanation(error: StorageError) -> str:
    """Return why nothing can be written, as a sentence."""
    if error.fault is not None:
        return recording_error_words(error.fault)
    sentences = {
        StorageCause.FILE_REMOVED: _("The recording's file was moved or removed."),
        StorageCause.FILE_IN_USE: _("Another program or tab is writing this recording."),
        StorageCause.FILE_EXISTS: _("There is already a file {path}."),
        StorageCause.DISK_FULL: _("The disk is full: nothing more can be recorded."),
        StorageCause.LOCKED: _("Another program has locked this recording."),
        StorageCause.NOT_WRITABLE: _("Nothing can be written in {folder}."),
        StorageCause.IO_ERROR: _("Writing the recording failed: {detail}."),
    }
    plain = _("The recording cannot be written: {detail}.")
    return sentences.get(error.cause, plain).format(
        path=_valid(error.path), folder=_valid(error.path.parent), detail=error.detail.rstrip(".")
    )


def _advice_in_terminal(error: StorageError) -> str:
    match error.cause:
        case StorageCause.FILE_REMOVED:
            advice = _("Put it back.")
        case StorageCause.FILE_EXISTS | StorageCause.NOT_A_RECORDING | StorageCause.OTHER:
            return _("Record to another file.")
        case StorageCause.NOT_WRITABLE:
            advice = _("Allow writing there.")
        case _:
            return _storage_advice(error)
    return f"{advice} {_waiting()}"


def _waiting() -> str:
    return _(
        "Recording then resumes. Until then entries are held in memory; when it is full, the "
        "server waits."
    )


def _storage_advice(error: StorageError) -> str:
    match error.cause:
        case StorageCause.FILE_REMOVED:
            advice = _("Put it back, or save the recording elsewhere.")
        case StorageCause.FILE_EXISTS | StorageCause.NOT_A_RECORDING:
            return _("Save the recording elsewhere.")
        case StorageCause.FILE_IN_USE | StorageCause.LOCKED:
            advice = _("Close it there.")
        case StorageCause.DISK_FULL:
            advice = _("Free some space.")
        case StorageCause.NOT_WRITABLE:
            advice = _("Allow writing there, or save the recording elsewhere.")
        case StorageCause.IO_ERROR:
            advice = _("Check the free space and the limit on the size of files.")
        case _:
            advice = _("Save the recording elsewhere.")
    return f"{advice} {_waiting()}"


def _faults() -> dict[RecordingFault, str]:
    return _reading_faults() | _damage() | _library_faults()


def _reading_faults() -> dict[RecordingFault, str]:
    return {
        RecordingFault.NOT_FOUND: _("There is no file {path}."),
        RecordingFault.PERMISSION_DENIED: _(
            "Permission denied: you may not read {path}. Ask its owner for permission."
        ),
        RecordingFault.IS_FOLDER: _("{path} is a folder, not a recording."),
        RecordingFault.IS_EMPTY: _("{path} is empty: nothing was recorded in it."),
        RecordingFault.NOT_A_RECORDING: _("{path} is not a recording of Spacebeam."),
        RecordingFault.NEWER_FORMAT: _(
            "{path} was made by a newer Spacebeam (format {found}; this one reads up to "
            "{supported}). Update Spacebeam to open it."
        ),
        RecordingFault.READ_ONLY: _("You may not change {path}. Save a copy elsewhere."),
        RecordingFault.CANNOT_OPEN: _("{path} cannot be opened: {detail}."),
    }


def _damage() -> dict[RecordingFault, str]:
    return {
        RecordingFault.CUT_OFF: _("{path} is damaged: its end is missing."),
        RecordingFault.OVERWRITTEN: _(
            "{path} is damaged: some of it is missing, or was overwritten."
        ),
        RecordingFault.OTHER_TABLES: _(
            "{path} is damaged: its tables are not those of a recording."
        ),
        RecordingFault.NOT_TEXT: _("{path} is damaged: a text in it is not UTF-8."),
        RecordingFault.TOO_LARGE: _("{path} is damaged, or too large for this computer's memory."),
        RecordingFault.ENDLESS: _("{path} is damaged: reading it would never end."),
        RecordingFault.INVALID_BLOCK: _(
            "{path} is damaged: the block at entry {entry} is not valid."
        ),
        RecordingFault.MISSING_BLOCK: _(
            "{path} is damaged: the block at entry {entry} is missing."
        ),
        RecordingFault.SHORT_BLOCK: _("{path} is damaged: a block is shorter than it should be."),
        RecordingFault.INVALID_BLOCK_LIST: _("{path} is damaged: its list of blocks is not valid."),
        RecordingFault.INVALID_COUNTS: _(
            "{path} is damaged: its numbers of entries are not valid."
        ),
        RecordingFault.INVALID_TIMES: _("{path} is damaged: its times are not valid."),
    }


def _library_faults() -> dict[RecordingFault, str]:
    return {
        RecordingFault.SAVED_ONTO_ITSELF: _("This is the recording itself. Choose another name."),
        RecordingFault.IN_USE: _("{name} is in use. Close it, or choose another name."),
        RecordingFault.CANNOT_SAVE: _(
            "Could not save in {folder}: {detail}. Choose another folder."
        ),
        RecordingFault.NO_SPACE: _(
            "Not enough space in {folder} for the recording. Free some, or choose another folder."
        ),
        RecordingFault.OPEN_IN_TAB: _(
            "This recording is open in a tab, which continues it when it connects again. Close "
            "that tab, then delete the recording."
        ),
        RecordingFault.WRITTEN_ELSEWHERE: _(
            "Another program is writing this recording. Stop it there, then delete it."
        ),
        RecordingFault.CANNOT_DELETE: _(
            "{name} cannot be deleted: {detail}. Check the permissions of {folder}."
        ),
        RecordingFault.NAME_TAKEN: _("There is another file {path} now. Move it, and try again."),
        RecordingFault.CANNOT_RESTORE: _(
            "The recording cannot be restored: {detail}. It is in {path} until Spacebeam is "
            "started the next time."
        ),
    }
