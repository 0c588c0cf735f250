"""`spacebeam connect`: exchange messages with a server from the terminal or a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
from cloup import argument, constraint, option, option_group
from cloup.constraints import mutually_exclusive

from spacebeam.cli.command_line import command
from spacebeam.cli.connect_run import ConnectPlan, ConnectRun
from spacebeam.cli.forms import BinaryForm, InputForm
from spacebeam.cli.interactive.saving import message_saver
from spacebeam.cli.loop import run
from spacebeam.cli.message_form import DecodingOptions
from spacebeam.cli.options import values
from spacebeam.cli.options.connection import close_options, connection_options
from spacebeam.cli.options.input import FRAMING, INPUT, framing, is_listening, is_typing
from spacebeam.cli.options.named import connection_names
from spacebeam.cli.options.network import network_options
from spacebeam.cli.options.output import (
    STYLE,
    decode_of_connection,
    encode_option,
    hide,
    json_lines,
    line_style,
    output_options,
    trace,
)
from spacebeam.cli.options.profile import connection_plan, endpoint_of
from spacebeam.cli.options.protocol import CALLS, protocol_options, with_calls, written_calls
from spacebeam.cli.options.request import request_options
from spacebeam.cli.options.saved import saved_decoders, saved_options_with_messages, with_saved
from spacebeam.cli.options.saved_messages import expander, on_connect, saved_messages
from spacebeam.cli.options.schemas import connection_schemas, schema_options
from spacebeam.cli.options.target import HELP, METAVAR, messages_of, target
from spacebeam.cli.print_as import PRINT_AS, print_connection
from spacebeam.cli.reading import parse_filters
from spacebeam.cli.save_as import SAVE_AS, save_connection
from spacebeam.cli.sign_in_flow import sign_in_flow
from spacebeam.cli.status import Status
from spacebeam.decode.decoder import Context
from spacebeam.decode.encoding import EncodeError, encoded
from spacebeam.decode.schemas import Schemas
from spacebeam.search.filter import ONLY_RECORDED
from spacebeam.session.repeat import RUNNING_NUMBER, Repetition

Encode = Callable[[str], str | bytes]  # raises ValueError

_EPILOG = """\
exit codes:
  0  done
  1  could not connect
  2  bad usage, or a line of standard input is not UTF-8, or not in the format of
     --binary or --input
  3  connected, but cut short: closed with a code other than 1000, 1001, the one of
     --close, and none (1005); lost without a close frame (1006) and not reconnected;
     fewer messages than expected; not everything sent before the end or in time
  5  standard output failed
  130  Ctrl+C before the connection was open

Who closed the connection, and why, is printed to standard error. With --json, standard
output has it too, as the event “closed”, or “connect-failed” without a connection.

At a terminal there is an input line, below the messages: Enter sends, Alt+Enter begins a new
line, Up and Ctrl+R recall what was sent to this address, Tab completes. A line that begins with
a slash is a command, as /ping, /close 1000 bye, /binary 00 ff, /send FILE; /help lists them, and
//… sends a slash. What cannot be sent stays in the line. In a pipe, every line is a message, and
one with an error ends the input with exit code 2.

While a message of --repeat-every waits because the server does not read, the times that are
due are skipped, and counted on standard error; after half a minute the connection is closed.

With --reconnect, each wait is reported on standard error; waits grow from half a second
to half a minute. There is no reconnecting after --close or Ctrl+C, after HTTP status 401 or
403, or if the certificate is not trusted.

Ctrl+C closes the connection and stops reconnecting; a second Ctrl+C exits without waiting
for the server's close frame.

In place of the address, a command of curl, websocat, wscat or wsrepl can be given in quotes,
such as a browser's “Copy as cURL” or “Copy as fetch”; it is not run. Options beside it win, and
what has no counterpart is reported on standard error.

examples:
  spacebeam connect ws://localhost:8000/chat
  spacebeam connect "curl 'wss://feed.example/v1' -H 'Origin: https://app.example'"
  spacebeam connect wss://feed.example/v1 --bearer T --print-as python
  echo '{"subscribe": "btc"}' | spacebeam connect wss://feed.example/v1 --expect 10
  spacebeam connect ws://localhost:8000 --send hello --expect 1 --timeout 5 --json
  spacebeam list a.beam --filter is:sent --json | spacebeam connect ws://h --input json
  spacebeam connect wss://feed.example/v1 --send '{"op":"ping"}' --repeat-every 30
  spacebeam connect ws://localhost:8000 --binary raw < photo.png > answer.png
  spacebeam connect ws://localhost:8000 --reconnect --ping 20 --verbose"""


@command("connect", epilog=_EPILOG, rewrite=with_calls)
@argument("target", metavar=METAVAR, type=target, shell_complete=connection_names, help=HELP)
@option_group(
    "Messages",
    option(
        "--send",
        metavar="TEXT",
        type=values.text,
        multiple=True,
        help="Send this text instead of standard input (at a terminal: before what is typed), and "
        "stay connected. Repeatable.",
    ),
    CALLS,
    option(
        "--repeat-every",
        metavar="S",
        type=values.interval,
        help="Send what --send, --message and calls have every S seconds, until the connection "
        f"ends. {RUNNING_NUMBER} in a text is its running number, from 1.",
    ),
    option(
        "--repeat-times",
        metavar="N",
        type=values.count,
        help="With --repeat-every, send it N times.",
    ),
    option(
        "--expect",
        metavar="N",
        type=values.count,
        help="Disconnect after receiving N messages.",
    ),
    *INPUT,
    encode_option(
        "Messages of --send and of standard input are JSON, and are sent in this format, as "
        "messagepack; protobuf and avro by their schema."
    ),
    option("--timeout", metavar="S", type=values.seconds, help="Disconnect after S seconds."),
)
@protocol_options
@saved_options_with_messages
@network_options
@request_options
@connection_options
@schema_options
@constraint(mutually_exclusive, ["as_json", "decoder"])
@constraint(mutually_exclusive, FRAMING)
@constraint(mutually_exclusive, ["as_json", "pretty"])
@constraint(mutually_exclusive, ["as_json", "time"])
@output_options(
    json_lines,
    option(
        "--binary",
        type=click.Choice([form.value for form in BinaryForm]),
        help="Print binary messages in this format, and read input lines in it, to be sent as "
        "binary. raw: send input as it comes, in chunks of up to 16 KiB, and print every message "
        "with nothing added. [default: print in hex; input lines are text]",
    ),
    decode_of_connection,
    *STYLE,
    hide,
    trace,
    *PRINT_AS,
    SAVE_AS,
)
def command_line(**given: Any) -> int:
    """Send lines from standard input, a message each, and print received messages, a line each.

    The connection is closed at the end of standard input, or with --expect after N messages.
    """
    if given["save_as"] is not None:
        return save_connection(given)
    given = with_saved(given)
    if given["print_as"]:
        return print_connection(given)
    form = BinaryForm(given["binary"]) if given["binary"] else None
    hidden = parse_filters(given["hidden"])
    if hidden is None:
        return Status.USAGE
    if any(one.is_only_of_recordings for one in hidden):
        raise click.BadParameter(f"{ONLY_RECORDED}.", param_hint="--hide")
    connection = connection_plan(given)
    schemas = connection_schemas(given)
    encode = _encoder(given, schemas)
    calls = written_calls(given, connection)
    messages = (*(_messages(given, form, encode) or ()), *calls) or None
    is_typed = is_typing(given, messages)
    if messages is None and (is_typed or is_listening(given)):
        messages = ()
    plan = ConnectPlan(
        connection=connection,
        on_connect=on_connect(given),
        convert=_converter(expander(given) or str, encode),
        is_encoded=encode is not None,
        messages=messages,
        calls=len(given["calls"]),
        repetition=_repetition(given, messages, goes_on=connection.backoff is not None),
        form=form,
        input_form=InputForm(given["input_form"]),
        framing=framing(given),
        expect=given["expect"],
        timeout=given["timeout"],
        as_json=given["as_json"],
        decoding=DecodingOptions(given["decoder"], saved_decoders(given), schemas),
        hidden=hidden,
        close=close_options(given),
        sign_in=sign_in_flow(given),
        is_verbose=given["verbose"],
        style=line_style(given, is_typed=is_typed),
        is_typed=is_typed,
        save=message_saver(given),
        saves_history=not given["no_history"],
    )
    return run(ConnectRun(plan).run())


def _encoder(given: dict[str, Any], schemas: Schemas | None) -> Encode | None:
    """Return what writes JSON in the format of --encode."""
    name = given["encoder"]
    if name is None:
        return None
    context = Context("binary", "sent", endpoint_of(given).url, schemas=schemas)

    def encode(text: str) -> str | bytes:
        try:
            return encoded(text, name, context)
        except EncodeError as error:
            place = "" if error.offset is None else f", at byte {error.offset:,}"
            raise ValueError(f"{name}: {error}{place}.") from None

    return encode


def _converter(expand: Callable[[str], str], encode: Encode | None) -> Encode:
    """Return what makes a message of a typed text: variables are replaced, then it is encoded."""
    return expand if encode is None else lambda text: encode(expand(text))


def _messages(
    given: dict[str, Any], form: BinaryForm | None, encode: Encode | None
) -> tuple[str | bytes, ...] | None:
    expand = expander(given) or str
    read: Encode = str if form is None else lambda text: form.read(text.encode())
    try:
        typed = [(encode or read)(expand(text)) for text in messages_of(given)]
        return (*saved_messages(given), *typed) or None
    except ValueError as error:
        raise click.UsageError(f"Invalid value for '--send': {error}") from None


def _repetition(
    given: dict[str, Any], messages: tuple[str | bytes, ...] | None, *, goes_on: bool
) -> Repetition | None:
    """Return how --send is repeated; `goes_on`: also after reconnecting."""
    interval, times = given["repeat_every"], given["repeat_times"]
    if interval is None:
        if times is not None:
            raise click.UsageError("--repeat-times needs --repeat-every.")
        return None
    if not messages:
        raise click.UsageError("--repeat-every needs something to send, as --send.")
    return Repetition(messages, interval, times, after_reconnecting=goes_on)
