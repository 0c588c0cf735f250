"""`spacebeam import`: make recordings of other programs' files."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from cloup import argument, option

from spacebeam.cli.command_line import command
from spacebeam.cli.messages import print_error, print_line, print_note, print_text
from spacebeam.cli.options import values
from spacebeam.cli.options.output import json_lines, output_options
from spacebeam.cli.progress import entries
from spacebeam.cli.status import Status
from spacebeam.cli.terminal import SearchProgress, colored_json
from spacebeam.decode.visible import one_line
from spacebeam.exchange.importers.importer import ImportFileError
from spacebeam.exchange.importers.registry import recognised
from spacebeam.exchange.importers.saving import ImportedRecording, Importing, ImportStorageError
from spacebeam.exchange.losses import Losses
from spacebeam.library.recordings import Recordings, default_folder
from spacebeam.wording.exchange import import_fault_words, not_carried_words
from spacebeam.wording.recordings import storage_explanation

_EPILOG = """\
formats, found by content and described by “spacebeam help formats”:
  har     of Chrome, Playwright (also its zip), mitmproxy (also .zhar), HTTP Toolkit, Firefox
  jsonl   JSON Lines of “spacebeam list --json”, and Playwright's messages
  cdp     events of the Chrome DevTools Protocol, in a list or a line each
  capture packets of Wireshark, tshark or tcpdump: pcapng or pcap, of connections without TLS

Each connection becomes a recording of its own. Passwords, tokens, keys and cookies of its handshake
are left out. A file that is broken somewhere is imported up to there, and the place is told.

with --json, an object on a line for each FILE:
  file, format
  recordings    a list of objects: file, address, entries
  not_carried   an object: what was not carried over, and how often
  error         null, or an object: fault, line (or null), offset (bytes, or null)

exit codes: 0 done; 1 a file has no WebSocket; 2 bad usage; 4 a file, or a part of it, could not be
read; 5 a recording could not be written; 130 Ctrl+C: finished recordings stay, the others are
removed

examples:
  spacebeam import devtools.har
  spacebeam import capture.zhar --into project/recordings --json"""


@dataclass(slots=True)
class _Result:
    """What became of one file."""

    file: str
    status: Status = Status.DONE
    format: str | None = None
    recordings: list[ImportedRecording] = field(default_factory=list)
    losses: Losses = field(default_factory=Losses)
    error: dict[str, Any] | None = None

    def fail(self, status: Status, words: str, **error: Any) -> None:
        """Print why the file could not be imported, or not whole."""
        self.status = status
        self.error = {"fault": None, "line": None, "offset": None, **error}
        print_error(f"{one_line(self.file)}: {words}")


@command("import", epilog=_EPILOG)
@argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(readable=False),
    help="The files to import.",
)
@option(
    "--into",
    "folder",
    metavar="FOLDER",
    type=click.Path(readable=False),
    shell_complete=values.file_names,
    help="The folder of the new recordings. [default: that of the window's recordings]",
)
@output_options(json_lines)
def command_line(files: tuple[str, ...], folder: str | None, as_json: bool) -> Status:
    """Make recordings of other programs' files."""
    recordings = Recordings(default_folder() if folder is None else Path(folder))
    worst = Status.DONE
    for file in files:
        result = _Result(file)
        _import(result, recordings)
        _report(result, as_json=as_json)
        worst = max(worst, result.status)
    return worst


def _import(result: _Result, recordings: Recordings) -> None:
    """Import one file; print its errors."""
    importing = Importing(recordings.new_path, result.losses)
    try:
        with open(result.file, "rb") as file:
            format_, content = recognised(file)
            result.format = format_.name
            total = max(Path(result.file).stat().st_size, 1)
            progress = SearchProgress(total, "Importing")
            importing.on_progress = lambda: progress.show(file.tell())
            try:
                asyncio.run(importing.save(format_.read(content, result.losses)))
            finally:
                progress.clear()
    except ImportFileError as error:
        place = {"line": error.line or None, "offset": None if error.line else error.offset}
        words = import_fault_words(
            error.fault, line=error.line, offset=error.offset, member=error.member
        )
        result.fail(Status.UNREADABLE, words, fault=error.fault.value, **place)
    except ImportStorageError as error:
        result.fail(Status.UNWRITABLE, storage_explanation(error.error))
    except OSError as error:
        result.fail(Status.UNREADABLE, f"Could not read the file: {error.strerror}.")
    result.recordings = importing.done
    if not result.recordings and result.status is Status.DONE:
        result.fail(Status.NO_MATCH, "It has no WebSocket.", fault="no-websocket")


def _report(result: _Result, *, as_json: bool) -> None:
    lost = {loss.value: count for loss, count in result.losses.items() if count}
    if as_json:
        told = {
            "file": result.file,
            "format": result.format,
            "recordings": [
                {"file": str(one.path), "address": one.address or None, "entries": one.entries}
                for one in result.recordings
            ],
            "not_carried": lost,
            "error": result.error,
        }
        # DEL is the one control character that JSON does not escape.
        print_text(colored_json(json.dumps(told).replace("\x7f", "\\u007f") + "\n"))
        return
    for one in result.recordings:
        about = ", ".join(filter(None, (one.address, entries(one.entries))))
        print_line(one_line(f"{one.path} ({about})"))
    words = not_carried_words(lost)
    if words:
        print_note(one_line(f"{result.file}: {words}"))
