"""`spacebeam record`: keep in a file all that a server says."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from spacebeam.cli import arguments, handshake_options, talk_options
from spacebeam.cli.loop import run
from spacebeam.cli.record_run import RecordPlan, RecordRun

_DESCRIPTION = """\
Connects, and keeps every message, ping, pong and close in a new file, until the server ends it, the
time is up, as many messages came as are wanted, or Ctrl+C is pressed. The handshake is kept too,
without the passwords, tokens, keys and cookies in it; only you can read the file."""
_EPILOG = """\
What is received is in the file a moment later, whatever happens to this program then. When the
disk is full the server waits, and nothing is lost; make room, and it goes on.

exit codes:
  0  done
  1  could not connect, or not everything could be written
  2  bad usage
  3  connected, but cut short: closed by a code other than 1000, 1001 and that of --close, or
     lost and not brought back; fewer messages than wanted

examples:
  spacebeam record wss://feed.example/v1 feed.beam
  spacebeam record wss://feed.example/v1 feed.beam --send '{"subscribe": "btc"}' --for 60
  spacebeam record ws://localhost:8000 flood.beam --count 1000000
  spacebeam info feed.beam"""
# SQLite's own bound on a row is 1,000,000,000 bytes, its index and all.
_MAX_MESSAGE = 900 * 2**20


def add_to(commands: argparse._SubParsersAction[Any], words: str) -> None:
    """Add the command to the program's."""
    parser = handshake_options.add_command(
        commands, "record", words=words, description=_DESCRIPTION, epilog=_EPILOG
    )
    parser.add_argument(
        "file", metavar="FILE", type=arguments.new_recording, help="the new recording"
    )
    talk_options.add_to(parser)
    parser.add_argument(
        "--send",
        metavar="TEXT",
        type=arguments.text,
        action="append",
        default=[],
        help="send this once connected, and connected again; may be repeated",
    )
    parser.add_argument(
        "--for",
        dest="time",
        metavar="S",
        type=arguments.seconds,
        help="stop S seconds after the connection came about",
    )
    parser.add_argument(
        "--count",
        metavar="N",
        type=arguments.count,
        help="stop when N messages have been received; exactly these are kept",
    )
    parser.set_defaults(run=lambda parsed: _run(parser, parsed))


def _run(parser: argparse.ArgumentParser, parsed: argparse.Namespace) -> int:
    handshake_options.check(parser, parsed)
    if parsed.max_message > _MAX_MESSAGE:
        parser.error("argument --max-message: a recording can keep messages of up to 900M.")
    plan = RecordPlan(
        handshake_options.endpoint(parsed),
        handshake_options.options(parsed),
        talk_options.options(parser, parsed),
        Path(parsed.file),
        messages=tuple(parsed.send),
        time=parsed.time,
        count=parsed.count,
        max_message=parsed.max_message,
        close_time=parsed.close_timeout,
    )
    return run(RecordRun(plan).run())
