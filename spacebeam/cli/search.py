"""`spacebeam search`: find entries in a recording, as grep finds lines in a file."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from spacebeam.cli.found import Found
from spacebeam.cli.list import FILTERS, JSON_KEYS
from spacebeam.cli.messages import complain, say
from spacebeam.cli.recorded import Printer
from spacebeam.cli.recording_file import matcher, opened, understood
from spacebeam.cli.scan import Scan, blocks
from spacebeam.cli.shares import Counted, Share, count_in_shares
from spacebeam.cli.status import Status
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.recording import Recording
from spacebeam.search.filter import Filter
from spacebeam.search.matching.masks import passing

_DESCRIPTION = """\
Prints the entries of a recording that pass a filter, as “spacebeam list” prints them."""
_EPILOG = f"""\
{FILTERS}

{JSON_KEYS}

exit codes, as grep's: 0 found, 1 nothing found, 2 the filter or the file cannot be read, or not all
of it, 130 Ctrl+C

examples:
  spacebeam search feed.beam BTC-USD
  spacebeam search feed.beam 'json:price -is:sent size>1k' --count
  spacebeam search feed.beam '/error|failed/i after:12:30' --json"""

_OPTIONS = ("-h", "--help", "--json", "--count")


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


def spelled_out(arguments: Sequence[str]) -> Sequence[str]:
    """The same with what is no option behind the options: a filter may begin with a minus."""
    if "--" in arguments:
        return arguments
    options = [one for one in arguments if one in _OPTIONS or one.startswith("--")]
    return [arguments[0], *options, "--", *(one for one in arguments[1:] if one not in options)]


def _run(parsed: argparse.Namespace) -> Status:
    wanted = understood(parsed.filter)
    if wanted is None:
        return Status.USAGE
    if parsed.count:
        return _tell_count(Path(parsed.file), wanted)
    recording = opened(parsed.file)
    if recording is None:
        return Status.USAGE
    found = Found(recording, matcher(wanted, recording))
    status = Printer(recording.marks, as_json=parsed.json).print(found)
    found.complain()
    if status is not Status.DONE or found.unread:
        return Status.USAGE
    return _verdict(found.count)


def _tell_count(path: Path, wanted: Filter) -> Status:
    """Print how many there are."""

    def count(recording: Recording, share: Share) -> Counted:
        matching = matcher(wanted, recording)
        # The first speaks for all.
        scan = Scan(recording, share, is_silent=share.number > 0)
        return Counted(sum(passing(matching.mask(block)) for block in scan), scan.unread)

    try:
        counted = count_in_shares(path, count)
    except RecordingError as error:
        complain(str(error))
        return Status.USAGE
    say(str(counted.found))
    if counted.unread:
        complain(f"{path} is damaged: {blocks(counted.unread)} cannot be read. The rest was.")
        return Status.USAGE
    return _verdict(counted.found)


def _verdict(count: int) -> Status:
    return Status.DONE if count else Status.FAILED
