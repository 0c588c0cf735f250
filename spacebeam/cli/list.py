"""`spacebeam list`: print a recording's entries."""

from __future__ import annotations

import argparse
from typing import Any

from spacebeam.cli.found import Found, start_of_last
from spacebeam.cli.recorded import Printer
from spacebeam.cli.recording_file import matcher, opened, understood
from spacebeam.cli.status import Status

_DESCRIPTION = """\
Prints the entries of a recording in their order, a line each: text as it is, binary in hex; pings,
pongs, closes and events in words, as --verbose of “spacebeam connect” tells them."""
JSON_KEYS = """\
with --json, a JSON object a line:
  number     counts from 1 in the recording
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
  json:price json:items[0].id=7                        -word      not that; all must be true"""
_EPILOG = f"""\
{JSON_KEYS}

{FILTERS}
A filter that begins with - is written --filter=-word.

exit codes: 0 done, 1 the file cannot be read, or not all of it, 2 bad usage,
3 standard output failed, 130 Ctrl+C

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
        "--from",
        dest="start",
        metavar="N",
        type=_place,
        default=1,
        help="begin at the entry number N; the first is 1",
    )
    where.add_argument("--last", metavar="N", type=_number, help="only the last N of them")
    parser.add_argument("--json", action="store_true", help="print a JSON object a line")
    parser.set_defaults(run=_run)


def _number(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 15):
        raise argparse.ArgumentTypeError(f"“{value}” is not a number of entries.")
    return int(value)


def _place(value: str) -> int:
    if (number := _number(value)) < 1:
        raise argparse.ArgumentTypeError("Entries are numbered from 1.")
    return number


def _run(parsed: argparse.Namespace) -> Status:
    wanted = understood(parsed.filter)
    if wanted is None:
        return Status.USAGE
    recording = opened(parsed.file)
    if recording is None:
        return Status.FAILED
    matching = matcher(wanted, recording) if wanted.terms else None
    start = parsed.start - 1
    if parsed.last is not None:
        start = start_of_last(recording, matching, parsed.last)
    found = Found(recording, matching, start)
    status = Printer(recording.marks, as_json=parsed.json).print(found)
    found.complain()
    return status if status is not Status.DONE or not found.unread else Status.FAILED
