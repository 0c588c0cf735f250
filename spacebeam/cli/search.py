"""`spacebeam search`: find entries in a recording, as grep finds lines in a file."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from spacebeam.cli.list import FILTERS, JSON_KEYS, entries
from spacebeam.cli.messages import complain, say
from spacebeam.cli.recorded import Places, Printer
from spacebeam.cli.recording_file import matcher, opened, understood
from spacebeam.cli.shares import count_in_shares
from spacebeam.cli.status import Status
from spacebeam.recording.block import Block
from spacebeam.recording.fault import RecordingError
from spacebeam.recording.filter_terms import Filter
from spacebeam.recording.masks import passing
from spacebeam.recording.recording import Recording

_DESCRIPTION = """\
Prints the entries of a recording that pass a filter, as “spacebeam list” prints them."""
_EPILOG = f"""\
{FILTERS}

{JSON_KEYS}

exit codes, as grep's: 0 found, 1 nothing found, 2 the filter or the file cannot be read

examples:
  spacebeam search feed.beam BTC-USD
  spacebeam search feed.beam 'json:price -is:sent size>1k' --count
  spacebeam search feed.beam '/error|failed/i after:12:30' --json"""


def add_to(commands: argparse._SubParsersAction[Any], words: str) -> None:
    """Add the command to the program's."""
    parser = commands.add_parser(
        "search",
        help=words,
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="the recording")
    parser.add_argument("filter", metavar="FILTER", help="what to find")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="print a JSON object a line")
    how.add_argument("--count", action="store_true", help="print only how many pass")
    parser.set_defaults(run=_run)


def _run(parsed: argparse.Namespace) -> Status:
    wanted = understood(parsed.filter)
    if wanted is None:
        return Status.USAGE
    if parsed.count:
        return _tell_count(Path(parsed.file), wanted)
    recording = opened(parsed.file)
    if recording is None:
        return Status.USAGE
    search = _Search(entries(recording, matcher(wanted, recording)))
    if Printer(recording.marks, as_json=parsed.json).print(search) is not Status.DONE:
        return Status.USAGE
    return search.status


def _tell_count(path: Path, wanted: Filter) -> Status:
    """Print how many there are."""

    def count(recording: Recording, blocks: range) -> int:
        matching = matcher(wanted, recording)
        looked_at = (recording.block(index, in_passing=True) for index in blocks)
        return sum(passing(matching.mask(block)) for block in looked_at)

    try:
        found = count_in_shares(path, count)
    except RecordingError as error:
        complain(str(error))
        return Status.USAGE
    say(str(found))
    return Status.DONE if found else Status.FAILED


class _Search:
    """What is found, counted on its way."""

    def __init__(self, found: Iterator[tuple[Block, Places]]) -> None:
        self._found = found
        self._count = 0

    @property
    def status(self) -> Status:
        """How a search ends that is over."""
        return Status.DONE if self._count else Status.FAILED

    def __iter__(self) -> Iterator[tuple[Block, Places]]:
        for block, places in self._found:
            self._count += len(places)
            yield block, places
