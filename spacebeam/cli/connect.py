"""`spacebeam connect`: talk to a server from the terminal or a script."""

from __future__ import annotations

import argparse
from typing import Any

from spacebeam.cli import arguments, handshake_options, talk_options
from spacebeam.cli.connect_run import ConnectPlan, ConnectRun
from spacebeam.cli.forms import BinaryForm
from spacebeam.cli.loop import run

_DESCRIPTION = """\
Lines from standard input are sent, a message each; received messages are printed, a line each.
When standard input ends, the connection is closed, unless --expect says how long to stay."""
_EPILOG = """\
exit codes:
  0  done
  1  could not connect
  2  bad usage, or a line of standard input that cannot be sent: not UTF-8, or with
     --binary not in that form
  3  connected, but cut short: closed by a code other than 1000, 1001 and that of --close, or
     lost and not brought back; fewer messages than expected; not everything sent in time;
     standard output failed

With --reconnect, each wait is told on standard error; waits grow from half a second to half a
minute. A connection that this side ended is not brought back, nor is it tried again where the
server refuses to let you in (401, 403) or its certificate is not trusted.

Ctrl+C closes the connection, and ends the wait for another; a second one does not wait for the
server's answer.

examples:
  spacebeam connect ws://localhost:8000/chat
  echo '{"subscribe": "btc"}' | spacebeam connect wss://feed.example/v1 --expect 10
  spacebeam connect ws://localhost:8000 --send hello --expect 1 --timeout 5 --json
  spacebeam connect ws://localhost:8000 --reconnect --ping 20 --verbose"""


def add_to(commands: argparse._SubParsersAction[Any], words: str) -> None:
    """Add the command to the program's."""
    parser = handshake_options.add_command(
        commands,
        "connect",
        words=words,
        description=_DESCRIPTION,
        epilog=_EPILOG,
    )
    talk_options.add_to(parser)
    _add_conversation_options(parser)
    parser.set_defaults(run=lambda parsed: _run(parser, parsed))


def _add_conversation_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--send",
        metavar="TEXT",
        type=arguments.text,
        action="append",
        help="send this instead of standard input, and stay; may be repeated",
    )
    parser.add_argument(
        "--expect",
        metavar="N",
        type=arguments.count,
        help="leave when N messages have been received",
    )
    parser.add_argument(
        "--timeout",
        metavar="S",
        type=arguments.seconds,
        help="leave after S seconds at most",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="print all that happens, sent messages and control frames too, a JSON object a line",
    )
    parser.add_argument(
        "--binary",
        choices=[form.value for form in BinaryForm],
        help="send binary messages, given in this form, and print received ones in it "
        "(without this option: in hex)",
    )


def _run(parser: argparse.ArgumentParser, parsed: argparse.Namespace) -> int:
    handshake_options.check(parser, parsed)
    form = BinaryForm(parsed.binary) if parsed.binary else None
    plan = ConnectPlan(
        handshake_options.endpoint(parsed),
        handshake_options.options(parsed),
        messages=_messages(parser, parsed.send, form),
        form=form,
        expect=parsed.expect,
        timeout=parsed.timeout,
        max_message=parsed.max_message,
        as_json=parsed.json,
        close_time=parsed.close_timeout,
        talk=talk_options.options(parser, parsed),
    )
    return run(ConnectRun(plan).run())


def _messages(
    parser: argparse.ArgumentParser, texts: list[str] | None, form: BinaryForm | None
) -> tuple[str | bytes, ...] | None:
    if texts is None or form is None:
        return None if texts is None else tuple(texts)
    try:
        return tuple(form.read(text.encode()) for text in texts)
    except ValueError as error:
        parser.error(f"argument --send: {error}")
