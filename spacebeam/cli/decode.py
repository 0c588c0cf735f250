"""`spacebeam decode`: show what a payload means."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from cloup import argument, option, option_group

from spacebeam.cli.command_line import command
from spacebeam.cli.messages import print_error, print_note, print_text
from spacebeam.cli.options.output import (
    DECODERS,
    decoder_name,
    encode_option,
    json_object,
    output_options,
)
from spacebeam.cli.options.schemas import schema_options, schemas_of
from spacebeam.cli.output import closed, open_descriptor
from spacebeam.cli.status import Status
from spacebeam.cli.terminal import colored_json, is_terminal
from spacebeam.decode import cbor_diagnostic
from spacebeam.decode.conversation import Conversation
from spacebeam.decode.decoder import Context, DecodeError, Decoder, Message, Value
from spacebeam.decode.encoding import EncodeError, encoded
from spacebeam.decode.extended_json import extended, written_extended
from spacebeam.decode.json_table import MAX_COLUMNS, MAX_ROWS, JsonTable, is_table, written_csv
from spacebeam.decode.json_tree import JsonTree
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.visible import lines, one_line
from spacebeam.wording.violations import violations_words

_MAX_SIZE = 64 * 1024 * 1024  # bytes
_EPILOG = """\
The payload is that of a text message if it is UTF-8, otherwise that of a binary message.

with --json, one object on one line:
  format     name of the format
  guess      true, if the format is only a guess
  value      the decoded value; what JSON has no type for is an object: {"$bytes": "AP+A"},
             {"$float": "NaN"}, {"$map": [[1, "one"]]}, {"$timestamp": "2026-01-02T03:04:05Z"},
             {"$tag": 32, "value": …}, {"$ext": 8, "data": …}
  messages   the protocol's messages: type, name, id, value

exit codes: 0 done, 2 bad usage, 4 the file cannot be read, or is not in the format, 5 standard
output failed

examples:
  spacebeam decode packet.bin
  spacebeam decode --decode messagepack --json packet.bin | jq .value.order
  spacebeam decode --csv book.bids packet.bin > bids.csv
  echo '{"id": 7}' | spacebeam decode --encode cbor - > packet.bin
  printf '42["hello",{"id":7}]' | spacebeam decode --endpoint 'wss://a.test/?EIO=4' -"""


@command("decode", epilog=_EPILOG)
@argument("file", metavar="FILE", type=click.Path(readable=False), help="The payload; - reads it.")
@option_group(
    "Payload",
    option(
        "--decode",
        "decoder",
        metavar="FORMAT",
        type=click.Choice(list(DECODERS), case_sensitive=False),
        callback=decoder_name,
        help="Its format, as messagepack. [default: the surest one]",
    ),
    encode_option(
        "Do the reverse: FILE is JSON, and its payload in this format is printed; on a terminal in "
        "hex."
    ),
    option(
        "--diagnostic",
        is_flag=True,
        help="The payload is CBOR; print it in diagnostic notation (RFC 8949).",
    ),
    option(
        "--csv",
        "csv_path",
        metavar="PATH",
        help="Print the list at this path as CSV, with a column for each key of its items; @ is "
        "the whole value.",
    ),
    option("--endpoint", metavar="URL", default="", help="Address of its connection."),
    option("--subprotocol", metavar="NAME", default="", help="Subprotocol of its connection."),
)
@schema_options
@output_options(json_object)
def command_line(
    file: str,
    endpoint: str,
    subprotocol: str,
    as_json: bool,
    decoder: str | None,
    encoder: str | None,
    diagnostic: bool,
    csv_path: str | None,
    **given: Any,
) -> Status:
    """Show what the payload of a message means: its format, and its value."""
    try:
        payload = _read_input() if file == "-" else _read(Path(file))
    except OSError as error:
        print_error(f"Could not read {one_line(file)}: {error.strerror}.")
        return Status.UNREADABLE
    if encoder is not None:
        context = Context("binary", "sent", endpoint, subprotocol, schemas=schemas_of(given))
        return _encode(payload, encoder, context)
    if diagnostic:
        return _print_diagnostic(payload)
    context = Context(
        _kind(payload), "received", endpoint, subprotocol, decoder or "", schemas=schemas_of(given)
    )
    best = REGISTRY.best(payload, context)
    if decoder and best.name != decoder:
        best = next(one for one in REGISTRY.decoders if one.name == decoder)
    try:
        value = best.decode(payload, context).value
    except DecodeError as error:
        print_error(f"This is not {best.name}: {error}, at byte {error.offset:,}.")
        return Status.UNREADABLE
    if csv_path is not None:
        return _print_csv(value, csv_path)
    if as_json:
        print_text(colored_json(f"{_object(best, payload, context, value)}\n"))
        _print_violations(value, context)
        return Status.DONE
    guess = ", a guess" if REGISTRY.is_guess(best, payload, context) else ""
    print_note(f"{best.name}{guess}, {len(payload):,} bytes")
    for span in best.render(payload, context):
        print_text(span.text)
    print_text("\n")
    _print_violations(value, context)
    return Status.DONE


def _print_violations(value: Value, context: Context) -> None:
    """Print on standard error where a value violates the schema of --json-schema."""
    schema = context.schemas.received if context.schemas is not None else None
    if schema is not None and (found := schema.violations(value)):
        print_note(violations_words(found))


def _print_diagnostic(payload: bytes) -> Status:
    """Print CBOR in diagnostic notation."""
    try:
        print_text(f"{lines(cbor_diagnostic.diagnostic(payload))}\n")
    except DecodeError as error:
        print_error(f"This is not CBOR: {error}, at byte {error.offset:,}.")
        return Status.UNREADABLE
    return Status.DONE


def _encode(text: bytes, name: str, context: Context) -> Status:
    """Print the payload of a JSON text."""
    try:
        message = encoded(text.decode(), name, context)
    except UnicodeDecodeError as error:
        print_error(f"This is not JSON: not UTF-8, at byte {error.start:,}.")
        return Status.UNREADABLE
    except EncodeError as error:
        place = "" if error.offset is None else f", at byte {error.offset:,}"
        print_error(f"{name}: {error}{place}.")
        return Status.UNREADABLE
    payload = message.encode() if isinstance(message, str) else message
    if is_terminal():
        print_note(f"{name}, {len(payload):,} bytes")
        print_text(f"{payload.hex(' ')}\n")
    else:
        try:
            with open(open_descriptor(), "wb", closefd=False) as stream:
                stream.write(payload)
        except OSError as error:
            print_error(f"Could not write to standard output: {error.strerror}.")
            return Status.UNWRITABLE
    return Status.DONE


def _print_csv(value: Value, path: str) -> Status:
    """Print the list at a path of a value as CSV."""
    tree = JsonTree(written_extended(value).encode(errors="backslashreplace"))
    for _step in tree.read():
        pass
    wanted = "" if path == "@" else path
    lists = (number for number in range(len(tree)) if is_table(tree, number))
    found = next((number for number in lists if tree.path(number) == wanted), -1)
    if found < 0:
        print_error(f"There is no list of objects or lists at {one_line(path)}.")
        return Status.UNREADABLE
    table = JsonTable(tree, found)
    for _step in table.read():
        pass
    if not table.is_complete:
        print_note(f"The first {MAX_ROWS:,} rows and {MAX_COLUMNS} columns")
    print_text(written_csv(table, table.rows).replace("\r\n", "\n"))
    return Status.DONE


def _read_input() -> bytes:
    if sys.stdin is None:
        raise closed()
    return sys.stdin.buffer.read(_MAX_SIZE)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MAX_SIZE)


def _kind(payload: bytes) -> str:
    try:
        payload.decode()
    except UnicodeDecodeError:
        return "binary"
    return "text"


def _object(decoder: Decoder, payload: bytes, context: Context, value: Any) -> str:
    reading = Conversation(context).read(0, 0.0, context.kind, context.direction, payload)
    told = {
        "format": decoder.name,
        "guess": REGISTRY.is_guess(decoder, payload, context),
        "value": extended(value),
        "messages": [_message(one) for one in reading.messages],
    }
    return json.dumps(told, ensure_ascii=not is_terminal()).replace("\x7f", "\\u007f")


def _message(message: Message) -> dict[str, Any]:
    return {
        "type": message.type,
        "name": message.name or None,
        "id": message.id or None,
        "value": extended(message.value),
    }
