"""`spacebeam record`: record everything a server sends to a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from click import UsageError
from cloup import argument, option, option_group

from spacebeam.cli.command_line import command
from spacebeam.cli.loop import run
from spacebeam.cli.options import values
from spacebeam.cli.options.connection import close_options, connection_options
from spacebeam.cli.options.named import connection_names
from spacebeam.cli.options.network import network_options
from spacebeam.cli.options.output import json_object, output_options, trace
from spacebeam.cli.options.profile import connection_plan
from spacebeam.cli.options.protocol import CALLS, protocol_options, with_calls, written_calls
from spacebeam.cli.options.request import request_options
from spacebeam.cli.options.saved import saved_options_of_recording, with_saved
from spacebeam.cli.options.saved_messages import on_connect
from spacebeam.cli.options.target import HELP, METAVAR, messages_of, target
from spacebeam.cli.record_run import RecordPlan, RecordRun
from spacebeam.cli.sign_in_flow import sign_in_flow

_EPILOG = """\
Received messages are in the file a moment later, even if this program is killed; a power
cut loses two seconds at most. While the disk is full, the server waits and nothing is lost;
free some space, and recording resumes, even if the connection has ended. Ctrl+C discards what
is not written, and prints how many entries that are.

exit codes:
  0  done
  1  could not connect
  2  bad usage
  3  connected, but cut short: closed with a code other than 1000, 1001, the one of
     --close, and none (1005); lost without a close frame (1006) and not reconnected;
     fewer messages than --count
  5  the file could not be created, or not everything could be written to it; or standard
     output failed
  130  Ctrl+C before the connection was open

Who closed the connection, and why, is printed to standard error; the recording's last
entry, the event “closed”, has it too.

With --json, one object on one line at the end:
  file, entries, bytes  path, number of entries, bytes of their payloads
  complete              whether everything is in the file
  event                 the event that ended it: “closed”, or “connect-failed” without a file

examples:
  spacebeam record wss://feed.example/v1 feed.beam
  spacebeam record wss://feed.example/v1 feed.beam --send '{"subscribe": "btc"}' --for 60
  spacebeam record ws://localhost:8000 flood.beam --count 1000000
  spacebeam info feed.beam"""
# SQLite limits a row to 1,000,000,000 bytes, with the block's index.
_MAX_MESSAGE_BYTES = 900 * 2**20


@command("record", epilog=_EPILOG, rewrite=with_calls)
@argument("target", metavar=METAVAR, type=target, shell_complete=connection_names, help=HELP)
@argument(
    "file",
    metavar="FILE",
    type=values.new_recording,
    shell_complete=values.file_names,
    help="The new recording.",
)
@option_group(
    "Messages",
    option(
        "--send",
        metavar="TEXT",
        type=values.text,
        multiple=True,
        help="Send this text after connecting and after each reconnect. Repeatable.",
    ),
    CALLS,
    option(
        "--for",
        "time",
        metavar="S",
        type=values.seconds,
        help="Stop S seconds after connecting.",
    ),
    option(
        "--count",
        metavar="N",
        type=values.count,
        help="Stop after receiving N messages; no further message is recorded.",
    ),
)
@protocol_options
@saved_options_of_recording
@network_options
@request_options
@connection_options
@output_options(json_object, trace)
def command_line(**given: Any) -> int:
    """Connect, and record every message, ping, pong and close to a new file.

    Recording stops when the server closes, after the time of --for, after --count messages, or on
    Ctrl+C. The handshake is recorded without its passwords, tokens, keys and cookies; only you can
    read the file.
    """
    if given["max_message"] > _MAX_MESSAGE_BYTES:
        raise UsageError(
            "Invalid value for '--max-message': a recording holds messages of up to 900M."
        )
    given = with_saved(given)
    connection = connection_plan(given)
    plan = RecordPlan(
        connection=connection,
        path=Path(given["file"]),
        on_connect=on_connect(given),
        messages=(*messages_of(given), *written_calls(given, connection)),
        time=given["time"],
        count=given["count"],
        close=close_options(given),
        sign_in=sign_in_flow(given),
        as_json=given["as_json"],
        is_verbose=given["verbose"],
    )
    return run(RecordRun(plan).run())
