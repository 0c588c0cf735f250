"""`spacebeam import`: make recordings and connections of other programs' files."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import click
from cloup import argument, option

from spacebeam.cli.command_line import command
from spacebeam.cli.import_connections import import_connections
from spacebeam.cli.import_result import ImportResult, ReportedRecording
from spacebeam.cli.options import values
from spacebeam.cli.options.output import json_lines, output_options
from spacebeam.cli.status import Status
from spacebeam.cli.terminal import SearchProgress
from spacebeam.exchange.collections.importers.registry import recognise
from spacebeam.exchange.importers.importer import Begin, ImportFileError, Item, Part
from spacebeam.exchange.importers.registry import recognised
from spacebeam.exchange.importers.saving import Importing, ImportStorageError
from spacebeam.library.recordings import Recordings, default_folder
from spacebeam.protocol.secrets import without_secrets
from spacebeam.wording.recordings import storage_explanation

_EPILOG = """\
formats of recordings, found by content and described by “spacebeam help formats”:
  har     of Chrome, Playwright (also its zips), mitmproxy (also .zhar), HTTP Toolkit, Firefox
  jsonl   JSON Lines of “spacebeam list --json”, and Playwright's messages
  cdp     events of the Chrome DevTools Protocol, in a list or a line each
  capture packets of Wireshark, tshark or tcpdump: pcapng or pcap, of connections without TLS

Each of these files may be compressed with gzip (.pcapng.gz, .har.gz).

Each connection of these becomes a recording of its own. Passwords, tokens, keys and cookies of its
handshake are left out. A file that is broken somewhere is imported up to there, and the place is
told.

formats of saved connections, with their messages and environments:
  postman, postman-environment   JSON of version 2, folders and files of version 3
  insomnia        exports of versions 4 and 5
  bruno           a folder of .bru files, or one of them
  opencollection  a folder (Bruno, Restura), a bundle, or one file
  yaak            an export, or a folder that Yaak keeps in step
  http            .http files of JetBrains, httpyac and kulala, or a folder of them
  asyncapi        AsyncAPI 2 and 3
  hoppscotch      the realtime page's storage, environments
  command         command lines of curl, websocat, wscat and wsrepl, copied by browsers or written

The connections of a file become a new folder of saved connections. Their secrets are not written to
it; they are asked for when one connects.

with --json, an object on a line for each FILE:
  file, format
  recordings    a list of objects: file, address, entries
  connections   a list of objects: name, folder, address, messages (a number)
  environments  a list of names
  folder        the new folder of the connections, or null
  not_carried   an object: what was not carried over, and how often
  not_carried_names  an object: of some of that, a list of names
  error         null, or an object: fault, line (or null), offset (bytes, or null)

exit codes: 0 done; 1 a file has no WebSocket; 2 bad usage; 4 a file, or a part of it, could not be
read; 5 a recording or a connection could not be written; 130 Ctrl+C: finished recordings stay, the
others are removed

examples:
  spacebeam import devtools.har
  spacebeam import capture.zhar --into project/recordings --json
  spacebeam import postman_collection.json bruno-folder
  spacebeam import api.asyncapi.yml --into project/connections --dry-run"""


@command("import", epilog=_EPILOG)
@argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(readable=False),
    help="The files and folders to import.",
)
@option(
    "--into",
    "folder",
    metavar="FOLDER",
    type=click.Path(readable=False),
    shell_complete=values.file_names,
    help="The folder of the new recordings or connections. [default: Spacebeam's data folder]",
)
@option(
    "--dry-run",
    "is_dry_run",
    is_flag=True,
    help="Only list what would be imported.",
)
@option(
    "--other-side",
    is_flag=True,
    help="Of AsyncAPI: the document describes the client, not the server.",
)
@output_options(json_lines)
def command_line(
    files: tuple[str, ...], folder: str | None, is_dry_run: bool, other_side: bool, as_json: bool
) -> Status:
    """Make recordings and connections of other programs' files."""
    worst = Status.DONE
    for file in files:
        result = ImportResult(file)
        try:
            if recognise(Path(file)) is not None:
                import_connections(result, folder, other_side=other_side, is_dry_run=is_dry_run)
            elif Path(file).is_dir():
                result.fail(
                    Status.UNREADABLE,
                    "It is no folder of connections: none of Postman, Bruno, Yaak, OpenCollection "
                    "or .http files.",
                    fault="unknown-format",
                )
            else:
                _import_recordings(result, folder, is_dry_run=is_dry_run)
        except ImportFileError as error:
            result.fail_at(error)
        except OSError as error:
            result.fail(
                Status.UNREADABLE,
                f"Could not read the file: {error.strerror or 'it is no regular file'}.",
            )
        result.report(as_json=as_json)
        worst = max(worst, result.status)
    return worst


def _import_recordings(result: ImportResult, folder: str | None, *, is_dry_run: bool) -> None:
    """Import one file. Raises ImportFileError, and OSError in reading."""
    recordings = Recordings(default_folder() if folder is None else Path(folder))
    importing = Importing(recordings.new_path, result.losses)
    try:
        with open(result.file, "rb") as file:
            format_, content = recognised(file)
            result.format = format_.name
            items = format_.read(content, result.losses)
            if is_dry_run:
                _list(items, result)
            else:
                _save(importing, items, file)
    except ImportStorageError as error:
        result.fail(Status.UNWRITABLE, storage_explanation(error.error))
    finally:
        result.recordings += (
            ReportedRecording(str(one.path), one.address, one.entries) for one in importing.done
        )
    if not result.recordings and result.status is Status.DONE:
        result.fail(Status.NO_MATCH, "It has no WebSocket.", fault="no-websocket")


def _save(importing: Importing, items: Iterator[Item], file: BinaryIO) -> None:
    progress = SearchProgress(max(os.fstat(file.fileno()).st_size, 1), "Importing")
    importing.on_progress = lambda: progress.show(file.tell())
    try:
        asyncio.run(importing.save(items))
    finally:
        progress.clear()


def _list(items: Iterable[Item], result: ImportResult) -> None:
    """List the recordings that would be made, without their files."""
    found: dict[str, ReportedRecording] = {}
    try:
        for item in items:
            if isinstance(item, Begin):
                found[item.key] = ReportedRecording(None, without_secrets(item.address), 0)
            elif isinstance(item, Part):
                before = found[item.key]
                found[item.key] = replace(before, entries=before.entries + len(item.batch))
    finally:
        result.recordings += found.values()
