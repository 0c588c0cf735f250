"""`spacebeam probe`: make a handshake, close, and print a report of it."""

from __future__ import annotations

import asyncio
from typing import Any

from cloup import argument

from spacebeam.cli.command_line import command
from spacebeam.cli.loop import on_signals, run
from spacebeam.cli.messages import print_error, print_text
from spacebeam.cli.options.connection import timeout_options
from spacebeam.cli.options.named import connection_names
from spacebeam.cli.options.network import network_options
from spacebeam.cli.options.output import json_object, output_options
from spacebeam.cli.options.profile import connection_plan
from spacebeam.cli.options.request import request_options
from spacebeam.cli.options.saved import saved_options, with_saved
from spacebeam.cli.options.target import HELP, METAVAR, target
from spacebeam.cli.report_printer import print_report
from spacebeam.cli.sign_in_flow import sign_in_flow
from spacebeam.cli.status import Status
from spacebeam.cli.terminal import colored_json, is_terminal
from spacebeam.net import report_json
from spacebeam.net.close_reason import CloseReason
from spacebeam.net.connection import Connection
from spacebeam.net.failures import Failure
from spacebeam.net.handshake import HandshakeError
from spacebeam.net.report import HandshakeReport
from spacebeam.net.report_json import HandshakeOutcome, to_json
from spacebeam.profiles.plan import ConnectionPlan
from spacebeam.session.oauth.opening import SignInFlow
from spacebeam.wording.closing import close_words
from spacebeam.wording.failures import Face, advice, explanation, failure_words

_EPILOG = f"""\
stages:
  DNS         look up the server's name
  TCP         connect to the first address that answers
  Proxy       ask the proxy for a connection to the server
  TLS set-up  read the certificate authorities that this computer trusts
  TLS         negotiate keys, and check the server's certificate
  Upgrade     send the request, and wait for the server's answer

With --json, one object on one line; unknown values are null:
{report_json.KEYS}

exit codes: 0 the handshake succeeded, 1 it failed, 2 bad usage, 5 standard output failed,
130 Ctrl+C before its end

examples:
  spacebeam probe wss://feed.example/v1
  spacebeam probe wss://feed.example/v1 --json | jq .stages"""


@command("probe", epilog=_EPILOG)
@argument("target", metavar=METAVAR, type=target, shell_complete=connection_names, help=HELP)
@saved_options
@network_options
@request_options
@timeout_options
@output_options(json_object)
def command_line(**given: Any) -> int:
    """Make the handshake, close the connection with 1000, and print a report of the handshake.

    The report has addresses, TLS and certificates, the negotiated subprotocol and extensions, every
    request and response, and the duration of each stage.
    """
    given = with_saved(given)
    plan = connection_plan(given)
    return run(_probe(plan, sign_in_flow(given), as_json=given["as_json"]))


async def _probe(plan: ConnectionPlan, sign_in: SignInFlow, *, as_json: bool) -> Status:
    connection = Connection(limits=plan.limits)
    work = asyncio.ensure_future(_open_and_close(connection, plan, sign_in))
    closing = None
    with on_signals(lambda: _cancel(work)):
        try:
            closing = await work
        except HandshakeError as error:
            _tell(error.report, error.failure, None, as_json=as_json)
            return Status.FAILED
        except asyncio.CancelledError:
            print_error("Interrupted.")
    if connection.report is None:
        return Status.INTERRUPTED
    _tell(connection.report, None, closing, as_json=as_json)
    return Status.DONE


async def _open_and_close(
    connection: Connection, plan: ConnectionPlan, sign_in: SignInFlow
) -> CloseReason:
    await sign_in.open(connection, plan)
    return await connection.close()


def _cancel(work: asyncio.Future[CloseReason]) -> None:
    work.cancel()


def _json(report: HandshakeReport, failure: Failure | None, closing: CloseReason | None) -> str:
    outcome = HandshakeOutcome(
        failure,
        explanation(failure) if failure else "",
        advice(failure, Face.TERMINAL) if failure else "",
        closing,
        close_words(closing) if closing else "",
    )
    return to_json(report, outcome)


def _tell(
    report: HandshakeReport, failure: Failure | None, closing: CloseReason | None, *, as_json: bool
) -> None:
    if as_json:
        print_text(colored_json(_json(report, failure, closing) + "\n"))
    else:
        print_report(report, failure, closing)
    is_seen = is_terminal() and not as_json
    if failure is not None and not is_seen:
        print_error(failure_words(failure, Face.TERMINAL))
