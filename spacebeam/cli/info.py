"""`spacebeam info`: print a summary of a recording."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from cloup import argument, option

from spacebeam.cli.command_line import command
from spacebeam.cli.messages import print_error, print_line, print_text
from spacebeam.cli.options.output import json_object, output_options
from spacebeam.cli.report_printer import facts_table, print_report
from spacebeam.cli.status import Status
from spacebeam.cli.terminal import colored_json, draw, is_drawn
from spacebeam.decode.preview import size
from spacebeam.decode.visible import one_line
from spacebeam.net.report_reading import ReportError, from_json
from spacebeam.protocol.secrets import without_secrets
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.file import is_being_written
from spacebeam.recording.info import FileSummary, file_handshakes, file_summary
from spacebeam.wording.recordings import recording_error_words

_EPILOG = """\
with --json, one object on one line; unknown values are null:
  file, format, size                         path (\\udcNN: a byte that is not UTF-8), version
                                             of the format, bytes on disk
  title, address
  began, ended, duration                     Unix times, and the seconds between them
  state                                      whole, being written, ended abruptly
  entries                                    number of entries, events included
  received, received_bytes, sent, sent_bytes
  stars, notes                               number of entries with a star, with a note
  handshakes                                 entry (number of the first entry after it),
                                             report (as in “spacebeam probe --json”)

exit codes: 0 done, 2 bad usage, 4 the file cannot be read, 5 standard output failed"""
_ABRUPT = "ended abruptly"


@command("info", epilog=_EPILOG)
@argument("file", metavar="FILE", type=click.Path(readable=False), help="The recording.")
@output_options(
    json_object,
    option(
        "-v",
        "--verbose",
        is_flag=True,
        help="Print each handshake too, as “spacebeam probe” does.",
    ),
)
def command_line(file: str, as_json: bool, verbose: bool) -> Status:
    """Print a recording's address, times, state and number of entries.

    Recorded handshakes have no passwords, tokens, keys or cookies.
    """
    try:
        path = Path(file)
        is_written = is_being_written(path)  # before this program opens it
        found, handshakes = file_summary(path), file_handshakes(path)
    except RecordingError as error:
        print_error(recording_error_words(error))
        return Status.UNREADABLE
    if as_json:
        print_text(colored_json(_json(file, found, handshakes, is_written=is_written) + "\n"))
        return Status.DONE
    facts = [
        (name, one_line(words))
        for name, words in _facts(file, found, len(handshakes), is_written=is_written)
    ]
    if is_drawn():
        draw(facts_table(facts))
    else:
        wide = max(len(name) for name, _words in facts)
        print_line("\n".join(f"{name:{wide}}  {words}" for name, words in facts))
    if verbose:
        _print_handshakes(handshakes)
    return Status.DONE


def _state(found: FileSummary, *, is_written: bool) -> str:
    if is_written:
        return "being written"
    return "whole" if found.is_complete else _ABRUPT


def _facts(
    path: str, found: FileSummary, handshakes: int, *, is_written: bool
) -> Iterator[tuple[str, str]]:
    yield "File", f"{path} ({size(found.file_size)}, format {found.version})"
    if found.version == 1:
        yield "Format", "1, of an earlier version: events are sentences, not typed"
    if found.title:
        yield "Title", found.title
    if found.address:
        yield "Address", without_secrets(found.address)
    yield "Began", _clock(found.began)
    yield "Ended", _ended(found, is_written=is_written)
    yield "Entries", f"{found.entries:,}"
    yield "Received", _counted(found.received, found.received_size)
    yield "Sent", _counted(found.sent, found.sent_size)
    yield "Handshakes", f"{handshakes:,}"
    yield "Stars", f"{found.stars:,}"
    yield "Notes", f"{found.notes:,}"


def _counted(count: int, count_size: int) -> str:
    return f"{count:,} ({size(count_size)}, pings, pongs and closes included)"


def _print_handshakes(handshakes: list[tuple[int, str]]) -> None:
    for place, (entry, report) in enumerate(handshakes, 1):
        where = f"Handshake {place:,} of {len(handshakes):,}, before entry {entry + 1:,}"
        try:
            read = from_json(report)
        except ReportError as error:
            print_line(f"\n{where}: could not be read. {error}")
        else:
            print_line(f"\n{where}, {_clock(read.began)}\n")
            print_report(read)


def _ended(found: FileSummary, *, is_written: bool) -> str:
    lasted = "" if found.duration is None else f", after {_span(found.duration)}"
    if is_written:
        return f"not yet; it is being written{lasted.replace('after', 'for')}"
    if not found.is_complete:
        last = f"its last entry is of {_clock(found.ended)}{lasted}"
        if found.ended is None:
            last = "no entry was written"
        return f"abruptly, or it is a copy made during recording; {last}"
    return _clock(found.ended) + lasted


def _clock(time: float | None) -> str:
    if time is None:
        return "never"
    return datetime.fromtimestamp(time).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def _span(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.3f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02} min"


def _json(
    path: str, found: FileSummary, handshakes: list[tuple[int, str]], *, is_written: bool
) -> str:
    summary = {
        "file": path,
        "format": found.version,
        "size": found.file_size,
        "title": found.title or None,
        "address": without_secrets(found.address) or None,
        "began": found.began,
        "ended": found.ended,
        "duration": found.duration,
        "state": _state(found, is_written=is_written),
        "entries": found.entries,
        "received": found.received,
        "received_bytes": found.received_size,
        "sent": found.sent,
        "sent_bytes": found.sent_size,
        "stars": found.stars,
        "notes": found.notes,
        "handshakes": [
            {"entry": number + 1, "report": _report(report)} for number, report in handshakes
        ],
    }
    # DEL is the one control character that JSON does not escape.
    return json.dumps(summary).replace("\x7f", "\\u007f")


def _report(report: str) -> Any:
    """Return the handshake's report as recorded; None where it is not JSON."""
    try:
        return json.loads(report)
    except (ValueError, RecursionError):
        return None
