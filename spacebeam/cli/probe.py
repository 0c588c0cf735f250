"""`spacebeam probe`: make a handshake, say goodbye, and tell everything about it."""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import Any

from spacebeam.cli import handshake_options
from spacebeam.cli.loop import on_signals, run
from spacebeam.cli.messages import complain, write
from spacebeam.cli.report_printer import printed, standard_output
from spacebeam.cli.status import Status
from spacebeam.net import report_json
from spacebeam.net.close_reason import CloseReason, Failure
from spacebeam.net.connection import Connection, ConnectionLimits
from spacebeam.net.handshake import HandshakeError
from spacebeam.net.options import HandshakeOptions
from spacebeam.net.report import HandshakeReport
from spacebeam.protocol.endpoint import Endpoint

_DESCRIPTION = """\
Makes the handshake, closes the connection with 1000, and prints what the handshake was: addresses,
TLS and certificates, what was agreed on, every request and answer, and how long each stage took."""
_EPILOG = f"""\
stages:
  DNS         the name is looked up
  TCP         the connection is made, to the first address that answers
  Proxy       the proxy is asked for a way to the server
  TLS set-up  this computer reads the authorities that it trusts
  TLS         both sides agree on keys, and the certificate is checked
  Upgrade     the request has been sent, the server answers

With --json, one object on one line; what is not known is null:
{report_json.KEYS}

exit codes: 0 a WebSocket was opened, 1 it was not, 2 bad usage

examples:
  spacebeam probe wss://feed.example/v1
  spacebeam probe wss://feed.example/v1 --json | jq .stages"""


def add_to(commands: argparse._SubParsersAction[Any], words: str) -> None:
    """Add the command to the program's."""
    parser = handshake_options.add_command(
        commands,
        "probe",
        words=words,
        description=_DESCRIPTION,
        epilog=_EPILOG,
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=lambda parsed: _run(parser, parsed))


def _run(parser: argparse.ArgumentParser, parsed: argparse.Namespace) -> int:
    handshake_options.check(parser, parsed)
    endpoint, options = handshake_options.endpoint(parsed), handshake_options.options(parsed)
    return run(
        _probe(
            endpoint,
            options,
            ConnectionLimits(close_time=parsed.close_timeout),
            as_json=parsed.json,
        )
    )


async def _probe(
    endpoint: Endpoint, options: HandshakeOptions, limits: ConnectionLimits, *, as_json: bool
) -> Status:
    connection = Connection(limits=limits)
    work = asyncio.ensure_future(_open_and_close(connection, endpoint, options))
    closing = None
    with on_signals(lambda: _cancel(work)):
        try:
            closing = await work
        except HandshakeError as error:
            _tell(error.report, error.failure, None, as_json=as_json)
            return Status.FAILED
        except asyncio.CancelledError:
            complain("Interrupted.")
    if connection.report is None:
        return Status.FAILED
    _tell(connection.report, None, closing, as_json=as_json)
    return Status.DONE


async def _open_and_close(
    connection: Connection, endpoint: Endpoint, options: HandshakeOptions
) -> CloseReason:
    await connection.open(endpoint, options)
    return await connection.close()


def _cancel(work: asyncio.Future[CloseReason]) -> None:
    work.cancel()


def _tell(
    report: HandshakeReport, failure: Failure | None, closing: CloseReason | None, *, as_json: bool
) -> None:
    if as_json:
        write(report_json.to_json(report, failure, closing) + "\n", sys.stdout)
    else:
        write(printed(report, standard_output(), failure, closing), sys.stdout)
    is_seen = sys.stdout is not None and sys.stdout.isatty() and not as_json
    if failure is not None and not is_seen:
        complain(str(failure))
