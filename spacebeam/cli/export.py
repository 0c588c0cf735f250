"""`spacebeam export`: save a recording or connections in another program's format."""

from __future__ import annotations

import json
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from cloup import argument, option, option_group

from spacebeam.cli.command_line import command
from spacebeam.cli.export_connections import (
    STANDARD_OUTPUT,
    ConnectionExport,
    export_connections,
)
from spacebeam.cli.export_output import write_to_output
from spacebeam.cli.messages import print_error, print_note, print_text
from spacebeam.cli.options import values
from spacebeam.cli.options.output import hide, json_object, output_options
from spacebeam.cli.options.saved import library_option
from spacebeam.cli.options.schemas import schema_options, schemas_of
from spacebeam.cli.query import FILTERS
from spacebeam.cli.reading import (
    MatchingEntries,
    matcher_of,
    open_recording,
    parse_filter,
    parse_filters,
)
from spacebeam.cli.status import Status
from spacebeam.cli.terminal import colored_json
from spacebeam.decode.visible import one_line
from spacebeam.exchange.collections.exporters.exporter import CollectionExportFormat
from spacebeam.exchange.collections.exporters.registry import COLLECTION_FORMATS, HTTP
from spacebeam.exchange.exporters.exporter import ExportFormat, ExportSource
from spacebeam.exchange.exporters.registry import FORMATS as FILE_FORMATS
from spacebeam.exchange.exporters.saving import save_file, save_folder
from spacebeam.exchange.losses import Losses
from spacebeam.recording.recording import Recording
from spacebeam.scenario.writing import SCENARIO
from spacebeam.wording.entries import escaped_words
from spacebeam.wording.exchange import not_carried_words, unavailable_words

FORMATS = FILE_FORMATS | {SCENARIO.name: SCENARIO}
_EPILOG = f"""\
formats of recordings, described by “spacebeam help formats”:
  har        HAR 1.2 with WebSocket messages, for Chrome's DevTools
  playwright a trace (.zip) for Playwright's viewer
  jsonl      JSON Lines, as “spacebeam list --json” prints them
  csv        a row for each entry; cells that a spreadsheet would run get a ' in front
  markdown   a block for each entry, for an issue or a wiki
  text       a line for each entry, as “spacebeam list” prints them
  parquet    a row for each entry, for DuckDB, pandas and Spark; needs spacebeam[parquet]
  folder     a file for each message, and index.jsonl
  scenario   an .http file that sends the same and expects the same, for “spacebeam run”

formats of saved connections:
  opencollection   a folder that Bruno opens
  postman          a folder of Postman's format 3, with environments
  insomnia         YAML of version 5, which has no messages
  insomnia-4       JSON of version 4, with messages
  http             an .http file
  k6               a load test for k6; it sends the messages on connect, else all
  artillery        a load test for Artillery
  locust           a load test for Locust
  curl             a command line for one connection
  websocat         a command line for one connection
  python           a program for one connection, with websockets
  node             a program for one connection
  browser          a program for one connection

For saved connections FILE is the name of one or of a folder, or a file or folder that
“spacebeam import” takes.

Recordings have no passwords, tokens, keys or cookies of the handshake, so exports have none. In
exports of connections, variables or marks are in place of secrets unless --with-secrets is given.
What a format has no place for is listed on standard error.

with --json, one object on one line:
  file, format, entries, bytes
  not_carried   an object: what was not carried over, and how often
  complete      whether all entries could be read
of connections: file, format, bytes, not_carried, connections (a number), and not_carried_names, an
object: of some of what was not carried over, a list of names

{FILTERS}

exit codes: 0 done; 1 no entry matches the filter, or there is no WebSocket; 2 bad usage; 4 a part
of the recording, or the connections, could not be read or searched; 5 the file exists or could not
be written; 130 Ctrl+C: nothing was saved

examples:
  spacebeam export feed.beam -o feed.har
  spacebeam export feed.beam --format csv --filter 'is:received json:price' -o prices.csv
  spacebeam export feed.beam --format jsonl -o - | jq .text
  spacebeam export Trading --format postman -o workspace
  spacebeam export 'BTC feed' --env Test --format k6 -o feed.js
  spacebeam export postman_collection.json -o feeds.http"""

_SQLITE = b"SQLite format 3"


@dataclass(frozen=True, slots=True)
class _Saved:
    """An export that was made."""

    entries: int
    size: int  # bytes
    losses: Losses


@command("export", epilog=_EPILOG)
@argument(
    "file",
    metavar="FILE",
    type=click.Path(readable=False),
    help="The recording, or the connections.",
)
@option_group(
    "Export",
    option(
        "-o",
        "--output",
        "target",
        metavar="OUT",
        required=True,
        type=click.Path(readable=False, allow_dash=True),
        shell_complete=values.file_names,
        help="The new file or folder; - is standard output.",
    ),
    option(
        "--format",
        "name",
        metavar="FORMAT",
        type=click.Choice([*FORMATS, *COLLECTION_FORMATS]),
        help="One of the formats below. [default: by the suffix of OUT]",
    ),
    option(
        "--control-frames",
        "has_control_frames",
        is_flag=True,
        help="Write pings, pongs and closes to a HAR too; other programs may show them as text.",
    ),
)
@option_group(
    "Entries",
    option("--filter", metavar="FILTER", default="", help="Only entries that match this filter."),
    hide,
)
@option_group(
    "Connections",
    option(
        "--env",
        "environment",
        metavar="NAME",
        default="",
        help="Put in the variables of this environment, for formats that have none.",
    ),
    library_option,
    option("--with-secrets", is_flag=True, help="Write passwords, tokens, keys and cookies too."),
)
@schema_options
@output_options(json_object)
def command_line(
    file: str,
    target: str,
    name: str | None,
    has_control_frames: bool,
    filter: str,
    hidden: tuple[str, ...],
    environment: str,
    library: tuple[str, ...],
    with_secrets: bool,
    as_json: bool,
    **given: Any,
) -> Status:
    """Save a recording, its entries that match a filter, or connections for other programs.

    OUT is complete or not there at all. An existing one is not overwritten.
    """
    chosen, schemas = _format(name, file, target), schemas_of(given)
    if isinstance(chosen, ExportFormat) and not chosen.is_available():
        print_error(unavailable_words())
        return Status.USAGE
    if target == STANDARD_OUTPUT and (as_json or chosen.is_folder):
        raise click.UsageError("With “--output -” only the exported file can be printed.")
    if isinstance(chosen, CollectionExportFormat):
        if filter or hidden or has_control_frames or schemas is not None:
            raise click.UsageError("Entries are chosen of recordings, not of connections.")
        return export_connections(
            ConnectionExport(file, target, chosen, environment, library, with_secrets, as_json)
        )
    if environment or library or with_secrets:
        raise click.UsageError(
            "“--env”, “--library” and “--with-secrets” are for formats of connections."
        )
    wanted, without = parse_filter(filter), parse_filters(hidden)
    if wanted is None or without is None:
        return Status.USAGE
    recording = open_recording(file)
    if recording is None:
        return Status.UNREADABLE
    with closing(recording):
        matcher = matcher_of(recording, wanted, without, schemas)
        entries = MatchingEntries(recording, matcher, progress_words="Exporting")
        source = _source(recording, has_control_frames=has_control_frames)
        saved = _save(chosen, target, source, entries)
        entries.report_unread()
    if saved is None:
        return Status.UNWRITABLE
    is_whole = not (entries.unread or entries.unsearched)
    _report(chosen, target, saved, as_json=as_json, is_whole=is_whole)
    if not is_whole:
        return Status.UNREADABLE
    return Status.NO_MATCH if matcher is not None and not saved.entries else Status.DONE


def _format(name: str | None, file: str, target: str) -> ExportFormat | CollectionExportFormat:
    formats: dict[str, ExportFormat | CollectionExportFormat] = {**FORMATS, **COLLECTION_FORMATS}
    if name is not None:
        return formats[name]
    suffix = Path(target).suffix.lower()
    if suffix == HTTP.suffix and not _is_recording(file):
        return HTTP
    found = next((one for one in FORMATS.values() if suffix and one.suffix == suffix), None)
    if found is None:
        raise click.UsageError("Say with --format in which format OUT is written.")
    return found


def _is_recording(file: str) -> bool:
    with suppress(OSError), open(file, "rb") as stream:
        return stream.read(len(_SQLITE)) == _SQLITE
    return False


def _source(recording: Recording, *, has_control_frames: bool) -> ExportSource:
    return ExportSource(
        escaped_words,
        len(recording),
        str(recording.facts.get("address", "")),
        str(recording.facts.get("title", "")),
        recording.handshakes,
        recording.marks,
        has_control_frames,
    )


def _save(
    chosen: ExportFormat, target: str, source: ExportSource, entries: MatchingEntries
) -> _Saved | None:
    """Write the export; print an error and return None if that fails."""
    losses = Losses()
    pieces = chosen.export(source, entries.read(), losses)
    try:
        if target == STANDARD_OUTPUT:
            size = write_to_output(pieces)
        else:
            size = (save_folder if chosen.is_folder else save_file)(Path(target), pieces)
    except FileExistsError:
        print_error(
            f"The file {target} already exists and is not overwritten. "
            "Choose another name, or remove the file first."
        )
        return None
    except BrokenPipeError:  # a reader that has seen enough is no error
        size = 0
    except OSError as error:
        where = "to standard output" if target == STANDARD_OUTPUT else target
        print_error(f"Could not write {where}: {error.strerror}.")
        return None
    return _Saved(entries.count, size, losses)


def _report(
    chosen: ExportFormat, target: str, saved: _Saved, *, as_json: bool, is_whole: bool
) -> None:
    lost = {loss.value: count for loss, count in saved.losses.items() if count}
    if as_json:
        told = {
            "file": target,
            "format": chosen.name,
            "entries": saved.entries,
            "bytes": saved.size,
            "not_carried": lost,
            "complete": is_whole,
        }
        # DEL is the one control character that JSON does not escape.
        print_text(colored_json(json.dumps(told).replace("\x7f", "\\u007f") + "\n"))
        return
    words = not_carried_words(lost)
    if words:
        print_note(one_line(words))
