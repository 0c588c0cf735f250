"""What became of an imported file, and its report."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from spacebeam.cli.messages import print_error, print_line, print_note, print_text
from spacebeam.cli.progress import entries
from spacebeam.cli.status import Status
from spacebeam.cli.terminal import colored_json
from spacebeam.decode.visible import one_line
from spacebeam.exchange.importers.importer import ImportFileError
from spacebeam.exchange.losses import Losses, NamedLosses
from spacebeam.wording.exchange import import_fault_words, not_carried_words


@dataclass(frozen=True, slots=True)
class ReportedRecording:
    """A recording that was made, or would be."""

    file: str | None
    address: str  # without secrets
    entries: int


@dataclass(frozen=True, slots=True)
class ImportedConnection:
    """A connection that was added."""

    name: str
    folder: str  # names separated by slashes
    address: str  # without secrets
    messages: int


@dataclass(slots=True)
class ImportResult:
    """What became of one file."""

    file: str
    status: Status = Status.DONE
    format: str | None = None
    recordings: list[ReportedRecording] = field(default_factory=list)
    connections: list[ImportedConnection] = field(default_factory=list)
    environments: list[str] = field(default_factory=list)
    folder: str | None = None  # of the connections
    losses: Losses = field(default_factory=Losses)
    error: dict[str, Any] | None = None

    def fail(self, status: Status, words: str, **error: Any) -> None:
        """Print why the file could not be imported, or not whole."""
        self.status = status
        self.error = {"fault": None, "line": None, "offset": None, **error}
        print_error(f"{one_line(self.file)}: {words}")

    def fail_at(self, error: ImportFileError) -> None:
        """Print where the file is broken."""
        place = {"line": error.line or None, "offset": None if error.line else error.offset}
        words = import_fault_words(
            error.fault, line=error.line, offset=error.offset, member=error.member
        )
        self.fail(Status.UNREADABLE, words, fault=error.fault.value, **place)

    def report(self, *, as_json: bool) -> None:
        """Print what was imported, and what was not carried over."""
        lost = {loss.value: count for loss, count in self.losses.items() if count}
        names = {}
        if isinstance(self.losses, NamedLosses):
            names = {loss.value: list(one) for loss, one in self.losses.names.items() if one}
        if as_json:
            self._report_json(lost, names)
            return
        for recording in self.recordings:
            about = ", ".join(filter(None, (recording.address, entries(recording.entries))))
            print_line(one_line(f"{recording.file or 'a recording'} ({about})"))
        for one in self.connections:
            about = ", ".join(filter(None, (one.address, _messages(one.messages))))
            print_line(one_line(f"{'/'.join(filter(None, (one.folder, one.name)))} ({about})"))
        for environment in self.environments:
            print_line(one_line(f"environment {environment}"))
        if words := not_carried_words(lost, names):
            print_note(one_line(f"{self.file}: {words}"))

    def _report_json(self, lost: dict[str, int], names: dict[str, list[str]]) -> None:
        told = {
            "file": self.file,
            "format": self.format,
            "recordings": [
                {
                    "file": one.file,
                    "address": one.address or None,
                    "entries": one.entries,
                }
                for one in self.recordings
            ],
            "connections": [
                {
                    "name": one.name,
                    "folder": one.folder,
                    "address": one.address,
                    "messages": one.messages,
                }
                for one in self.connections
            ],
            "environments": self.environments,
            "folder": self.folder,
            "not_carried": lost,
            "not_carried_names": names,
            "error": self.error,
        }
        # DEL is the one control character that JSON does not escape.
        print_text(colored_json(json.dumps(told).replace("\x7f", "\\u007f") + "\n"))


def _messages(count: int) -> str:
    return "" if not count else f"{count:,} message{'s' if count > 1 else ''}"
