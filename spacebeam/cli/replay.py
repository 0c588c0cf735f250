"""`spacebeam replay`: play a recording to a server, and compare its answers with the recorded."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from cloup import argument, constraint, option, option_group
from cloup.constraints import mutually_exclusive

from spacebeam.cli.command_line import command
from spacebeam.cli.loop import on_signals, run
from spacebeam.cli.messages import print_error, print_note
from spacebeam.cli.options import values
from spacebeam.cli.options.connection import timeout_options
from spacebeam.cli.options.named import connection_names
from spacebeam.cli.options.network import network_options
from spacebeam.cli.options.output import json_lines, output_options
from spacebeam.cli.options.profile import connection_plan
from spacebeam.cli.options.request import request_options
from spacebeam.cli.options.saved import saved_options, with_saved
from spacebeam.cli.options.target import target
from spacebeam.cli.reading import parse_filter
from spacebeam.cli.replay_script import read_script
from spacebeam.cli.run_report.files import ReportError, write_report
from spacebeam.cli.run_report.replay_account import ReplayAccount, ReplayJson
from spacebeam.cli.sign_in_flow import sign_in_flow
from spacebeam.cli.status import Status
from spacebeam.decode.visible import one_line
from spacebeam.net.handshake import HandshakeError
from spacebeam.profiles.plan import ConnectionPlan
from spacebeam.scenario.replay.player import Pace, ReplayPlayer, ReplayResult, ReplaySettings
from spacebeam.scenario.replay.script import (
    RecordedMessage,
    Turn,
)
from spacebeam.scenario.scenario import DEFAULT_TIMEOUT
from spacebeam.search.filter import ONLY_RECORDED, Filter
from spacebeam.search.matching.matcher import Matcher
from spacebeam.wording.failures import Face, failure_words
from spacebeam.wording.replay import unsent_words
from spacebeam.wording.replay_report import replay_junit

_EPILOG = """\
The sent messages of the recording are sent again, each when the answers of the one before have
come. What comes is compared with what was recorded after the same message, in any order.
A path has keys and indexes, * for each of them: data.id, items[*].time.

with --json, a JSON object per line for each sent message:
  sent        the message that was sent, or null before the first one
  number      of its entry in the recording
  seconds     until its answers had come
  answers     each with verdict ("equal", "equal-but", "different", "missing", "more"),
              recorded, new, changes (path, before, after)
and at the end an object with "summary": sent, unsent, and the number of each verdict

exit codes: 0 all answers are equal, but for what is left out; 1 they are not, or no connection;
2 bad usage; 4 the recording cannot be read; 5 a report could not be written; 130 Ctrl+C

examples:
  spacebeam replay feed.beam ws://localhost:8080/feed
  spacebeam replay feed.beam wss://new.example/feed --capture token --ignore 'items[*].time'
  spacebeam replay feed.beam ws://localhost:8080 --speed 10 --filter 'json:op=get' --junit r.xml"""


@command("replay", epilog=_EPILOG)
@argument("file", metavar="FILE", type=click.Path(readable=False), help="The recording.")
@argument(
    "target",
    metavar="URL|NAME",
    type=target,
    shell_complete=connection_names,
    help="Address of the server to play it to, or the name of a saved connection.",
)
@option_group(
    "Replay",
    option(
        "--filter",
        metavar="FILTER",
        default="",
        help="Only messages that match this filter, sent and received.",
    ),
    option("--speed", metavar="N", type=float, help="Send at N times the recorded pace."),
    option("--at-once", is_flag=True, help="Send all messages without waiting."),
    option("--step", is_flag=True, help="Ask before each message."),
    option(
        "--timeout",
        "answer_timeout",
        metavar="S",
        type=values.seconds,
        default=str(DEFAULT_TIMEOUT),
        help=f"Wait at most S seconds for the answers. [default: {DEFAULT_TIMEOUT:g}]",
    ),
    option(
        "--ignore",
        metavar="PATH",
        type=values.value_path,
        multiple=True,
        help="Leave out this path when answers are compared. Repeatable.",
    ),
    option(
        "--capture",
        metavar="PATH",
        type=values.value_path,
        multiple=True,
        help="Put what stands here in new answers in place of the recorded, in what is sent "
        "later; it is not compared. Repeatable.",
    ),
    option(
        "--set",
        "given",
        metavar="PATH=VALUE",
        type=values.pair,
        multiple=True,
        help="Put a value at this path of the messages that have it. Repeatable.",
    ),
)
@constraint(mutually_exclusive, ["speed", "at_once", "step"])
@saved_options
@network_options
@request_options
@timeout_options
@output_options(
    json_lines,
    option("--all", "shows_all", is_flag=True, help="Print messages with equal answers too."),
    option(
        "--junit",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Write a report in JUnit's XML, a case for each sent message.",
    ),
)
def command_line(**given: Any) -> Status:
    """Play the client's part of a recording to a server, and compare its answers."""
    if given["speed"] is not None and not 0 < given["speed"] <= 1_000_000:
        raise click.BadParameter("The speed is a number above 0.", param_hint="--speed")
    wanted = parse_filter(given["filter"])
    if wanted is None:
        return Status.USAGE
    if wanted.is_only_of_recordings:  # the server's new answers are filtered too
        print_error(f"{ONLY_RECORDED}.")
        return Status.USAGE
    for path, _value in given["given"]:
        values.value_path(path)
    given = with_saved(given)
    plan = replace(connection_plan(given), backoff=None, is_private=True)
    script = read_script(given["file"], wanted)
    if script is None:
        return Status.UNREADABLE
    if not any(turn.sent for turn in script):
        print_error("The recording has no sent message that matches.")
        return Status.USAGE
    return run(_replay(script, wanted, plan, given))


def _settings(wanted: Filter, given: dict[str, Any]) -> ReplaySettings:
    pace = Pace.ANSWERS
    if given["speed"] is not None:
        pace = Pace.RECORDED
    elif given["at_once"]:
        pace = Pace.AT_ONCE
    elif given["step"]:
        pace = Pace.STEP
    return ReplaySettings(
        pace,
        given["speed"] or 1.0,
        given["answer_timeout"],
        (*given["ignore"], *given["capture"]),
        given["capture"],
        dict(given["given"]),
        Matcher(wanted) if wanted.terms else None,
    )


async def _replay(
    script: list[Turn], wanted: Filter, plan: ConnectionPlan, given: dict[str, Any]
) -> Status:
    account: ReplayAccount | ReplayJson = (
        ReplayJson() if given["as_json"] else ReplayAccount(shows_all=given["shows_all"])
    )
    settings = _settings(wanted, given)
    ask = _ask if settings.pace is Pace.STEP else None
    player = ReplayPlayer(script, settings, account.add, ask, sign_in=sign_in_flow(given))
    work = asyncio.ensure_future(player.run(plan))
    with on_signals(lambda: _cancel(work)):
        try:
            await work
        except HandshakeError as error:
            print_error(failure_words(error.failure, Face.TERMINAL))
            return Status.FAILED
        except _InputEndedError:
            account.end(player.result)
            print_error("Standard input ended; the rest was not sent.")
            return Status.FAILED
        except asyncio.CancelledError:
            account.end(player.result)
            print_error("Interrupted.")
            return Status.INTERRUPTED
    account.end(player.result)
    return _finish(player.result, given)


def _cancel(work: asyncio.Future[ReplayResult]) -> None:
    work.cancel()


class _InputEndedError(Exception):
    """Nobody can be asked any more."""


async def _ask(message: RecordedMessage) -> None:
    """Show the message, and wait for Enter."""
    text = message.message
    shown = json.dumps(text) if isinstance(text, str) else text[:64].hex(" ")
    print_note(f"Send {one_line(shown[:200])}? Press Enter.")
    try:
        await asyncio.to_thread(input)
    except (EOFError, RuntimeError):  # without standard input
        raise _InputEndedError from None


def _finish(result: ReplayResult, given: dict[str, Any]) -> Status:
    if words := unsent_words(result):
        print_error(one_line(words))
    if given["junit"] is not None:
        try:
            write_report(given["junit"], replay_junit(result, given["file"]))
        except ReportError as error:
            print_error(str(error))
            return Status.UNWRITABLE
    return Status.DONE if result.is_equal else Status.FAILED
