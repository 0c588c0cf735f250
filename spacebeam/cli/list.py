"""`spacebeam list`: print a recording's entries."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from spacebeam.cli.recorded import Places, Printer
from spacebeam.cli.recording_file import matcher, opened, understood
from spacebeam.cli.status import Status
from spacebeam.recording.block import Block
from spacebeam.recording.matching import Matcher
from spacebeam.recording.recording import Recording

_DESCRIPTION = """\
Prints the entries of a recording in their order, a line each: text as it is, binary in hex; pings,
pongs, closes and events in words, as --verbose of “spacebeam connect” tells them."""
JSON_KEYS = """\
with --json, a JSON object a line:
  number     counts from 0 in the recording
  starred    true, where the entry has a star
  note       the entry's note, where it has one
  time       Unix time in seconds
  direction  sent, received, none
  kind       text, binary, close, ping, pong, event
  text       of texts and events; base64 of binary messages, pings and pongs;
             code and reason of closes"""
FILTERS = """\
filters:
  word "two words"   what the payload holds            is:received is:text is:ping is:starred
  /regex/ /regex/i   what it matches                   size>10k   after:12:30:05   before:…
  json:price json:items[0].id=7                        -word      not that; all must be true
A filter that begins with - is written --filter=-word, or behind -- where it stands alone."""
_EPILOG = f"""\
{JSON_KEYS}

{FILTERS}

exit codes: 0 done, 1 the file cannot be read, 2 bad usage, 3 standard output failed

examples:
  spacebeam list feed.beam --last 20
  spacebeam list feed.beam --filter 'is:text is:received' | jq .price
  spacebeam list feed.beam --json | jq 'select(.starred)'"""


def add_to(commands: argparse._SubParsersAction[Any], words: str) -> None:
    """Add the command to the program's."""
    parser = commands.add_parser(
        "list",
        help=words,
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="the recording")
    parser.add_argument("--filter", metavar="FILTER", default="", help="only what passes this")
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--from", dest="start", metavar="N", type=_number, help="begin at the entry number N"
    )
    where.add_argument("--last", metavar="N", type=_number, help="only the last N entries")
    parser.add_argument("--json", action="store_true", help="print a JSON object a line")
    parser.set_defaults(run=_run)


def _number(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 15):
        raise argparse.ArgumentTypeError(f"“{value}” is not a number of entries.")
    return int(value)


def _run(parsed: argparse.Namespace) -> Status:
    wanted = understood(parsed.filter)
    if wanted is None:
        return Status.USAGE
    recording = opened(parsed.file)
    if recording is None:
        return Status.FAILED
    start = parsed.start or 0
    if parsed.last is not None:
        start = max(len(recording) - parsed.last, 0)
    found = entries(recording, matcher(wanted, recording) if wanted.terms else None, start)
    return Printer(recording.marks, as_json=parsed.json).print(found)


def entries(
    recording: Recording, matching: Matcher | None, start: int = 0
) -> Iterator[tuple[Block, Places]]:
    """Where the entries are that pass, from the number `start` on. Raises RecordingError."""
    for block in recording.blocks(start):
        begin = max(start - block.first, 0)
        places: Places = range(begin, len(block))
        if matching is not None:
            places = matching.matches(block, begin)
        if places:
            yield block, places
