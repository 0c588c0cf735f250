"""`spacebeam run`: run scenarios, and report which passed."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from cloup import argument, option, option_group

from spacebeam.cli.command_line import command
from spacebeam.cli.loop import on_signals, run
from spacebeam.cli.messages import print_error, print_note
from spacebeam.cli.options import values
from spacebeam.cli.options.connection import timeout_options
from spacebeam.cli.options.network import network_options
from spacebeam.cli.options.output import json_lines, output_options
from spacebeam.cli.options.profile import profile_of
from spacebeam.cli.options.request import request_options
from spacebeam.cli.run_report.account import Account
from spacebeam.cli.run_report.files import ReportError, write_report
from spacebeam.cli.run_report.html_report import html_report
from spacebeam.cli.run_report.json_report import JsonReport
from spacebeam.cli.run_report.junit import junit_report
from spacebeam.cli.status import Status
from spacebeam.decode.visible import one_line
from spacebeam.exchange.collections.importers.http_environments import (
    EnvironmentFileError,
    environments_for,
)
from spacebeam.profiles.collection import Environment, Variable, by_name
from spacebeam.recording.opening import create
from spacebeam.scenario.runner import RunSettings
from spacebeam.scenario.scenario import DEFAULT_TIMEOUT, Scenario, ScenarioFile
from spacebeam.scenario.suite import NoFileError, Suite, scenario_files
from spacebeam.scenario.verdict import Outcome, ScenarioResult
from spacebeam.session.recorder import SessionRecorder
from spacebeam.wording.scenarios import problem_words

_EPILOG = """\
A scenario is a request that begins with WEBSOCKET in an .http file. “spacebeam help scenarios”
describes what it can send and expect.

with --json, a JSON object per line for each scenario:
  file, name, line     where it is
  outcome              "passed", "failed", "error" (it could not be tried), "skipped"
  seconds, attempts    how long it took, and how often it was tried
  sent                 messages that were sent
  steps                each with line, step, outcome, seconds; the last one with what is wrong
  fault                null, or an object with kind, message, expected, received, difference
  recording            null, or its file
and at the end an object with "summary": scenarios, passed, failed, errors, skipped, seconds

exit codes: 0 all passed; 1 some did not pass; 2 bad usage, or a file that is no scenario;
5 a report could not be written; 130 Ctrl+C

examples:
  spacebeam run tests/feed.http
  spacebeam run tests --env staging --var token=$TOKEN --junit report.xml
  spacebeam run tests --tag smoke --parallel 4 --retries 2"""


@command("run", epilog=_EPILOG)
@argument(
    "files",
    metavar="FILE|FOLDER...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help="Files with scenarios, or folders with such files (.http, .rest).",
)
@option_group(
    "Scenarios",
    option(
        "--env",
        metavar="NAME",
        help="Use the variables of this environment, of the file's folder or of the saved "
        "connections.",
    ),
    option(
        "--var",
        metavar="NAME=VALUE",
        multiple=True,
        type=values.pair,
        help="Set a variable, over those of files and environments. Repeatable.",
    ),
    option("--tag", metavar="TAG", multiple=True, help="Run only scenarios with this tag."),
    option(
        "--timeout",
        "step_timeout",
        metavar="S",
        type=values.seconds,
        default=str(DEFAULT_TIMEOUT),
        help=f"Wait at most S seconds for what is expected. [default: {DEFAULT_TIMEOUT:g}]",
    ),
    option(
        "--parallel",
        metavar="N",
        type=click.IntRange(1, 64),
        default=1,
        help="Run N files at a time. [default: 1]",
    ),
    option(
        "--retries",
        metavar="N",
        type=click.IntRange(0, 100),
        default=0,
        help="Try a scenario that does not pass N more times. [default: 0]",
    ),
    option("--fail-fast", is_flag=True, help="After the first that does not pass, skip the rest."),
    option("--approve", is_flag=True, help="Save what comes as the snapshots."),
    option(
        "--record",
        metavar="FOLDER",
        type=click.Path(path_type=Path),
        help="Record each conversation in this folder.",
    ),
)
@network_options
@request_options
@timeout_options
@output_options(
    json_lines,
    option(
        "--junit",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Write a report in JUnit's XML, for GitLab, GitHub and Jenkins.",
    ),
    option(
        "--html",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Write a report as a page for browsers.",
    ),
)
def command_line(**given: Any) -> Status:
    """Run scripted conversations, and report what came in place of what was expected."""
    try:
        files = list(scenario_files(given["files"]))
        if _print_problems(files):
            return Status.USAGE
        variables = _variables(files, given["env"], given["var"])
    except NoFileError as error:
        print_error(f"{one_line(str(error.path))}: {error.words}")
        return Status.USAGE
    except EnvironmentFileError as error:
        names = ", ".join(error.names)
        print_error(one_line(f"Cannot read environments in {error.folder}: {names}."))
        return Status.USAGE
    settings = RunSettings(
        variables,
        replace(profile_of(given), record=given["record"] is not None),
        given["step_timeout"],
        given["approve"],
        _recorder(given["record"]),
    )
    report = JsonReport() if given["as_json"] else Account()
    suite = Suite(
        files,
        settings,
        given["tag"],
        given["parallel"],
        given["retries"],
        given["fail_fast"],
        on_result=report.add,
    )
    is_done = run(_run(suite))
    report.end()
    if not is_done:
        print_error("Interrupted.")
        return Status.INTERRUPTED
    return _finish(suite.results, given)


async def _run(suite: Suite) -> bool:
    """Run all; return whether that was not interrupted."""
    work = asyncio.ensure_future(suite.run())
    with on_signals(lambda: _cancel(work)), suppress(asyncio.CancelledError):
        await work
        return True
    return False


def _cancel(work: asyncio.Future[Any]) -> None:
    work.cancel()


def _finish(results: Iterable[ScenarioResult], given: Mapping[str, Any]) -> Status:
    told = [one for one in results if not _is_left_out(one, given["tag"])]
    try:
        if given["junit"] is not None:
            write_report(given["junit"], junit_report(told))
        if given["html"] is not None:
            write_report(given["html"], html_report(told))
    except ReportError as error:
        print_error(str(error))
        return Status.UNWRITABLE
    if not told:
        print_error("No scenario has this tag." if given["tag"] else "There is no scenario.")
        return Status.USAGE
    bad = (Outcome.FAILED, Outcome.ERROR)
    return Status.FAILED if any(one.outcome in bad for one in told) else Status.DONE


def _is_left_out(result: ScenarioResult, tags: tuple[str, ...]) -> bool:
    return bool(tags) and not result.scenario.tags & set(tags)


def _print_problems(files: Iterable[ScenarioFile]) -> bool:
    """Print what cannot be run; return whether there is something."""
    is_found = False
    for file in files:
        for problem in file.problems:
            is_found = True
            place = f"{file.path}:{problem.line}"
            print_note(one_line(f"{place}: {problem_words(problem)}"))
    return is_found


def _variables(
    files: Iterable[ScenarioFile], name: str | None, given: Iterable[tuple[str, str]]
) -> dict[str, Variable]:
    """Return the variables of the chosen environment, with those of the command line over them."""
    variables: dict[str, Variable] = {}
    if name is not None:
        every = [one for file in files for one in environments_for(file.path)]
        if not any(one.name == name for one in every):
            every += _of_saved_connections()
        found = [one for one in every if one.name == name]
        if not found:
            known = {one.name for one in every}
            raise click.BadParameter(
                f"There is no environment “{name}”"
                + (
                    f". There are: {', '.join(sorted(known))}."
                    if known
                    else ": there is no http-client.env.json beside the file or above it, and the "
                    "saved connections have none."
                ),
                param_hint="--env",
            )
        variables.update(by_name(*(one.variables for one in found)))
    return variables | {key: Variable(key, value) for key, value in given}


def _of_saved_connections() -> tuple[Environment, ...]:
    # Imported when it is wanted: most runs need none, and start faster.
    from spacebeam.library.connections.library import ConnectionLibrary
    from spacebeam.library.connections.variables import usable_environments

    return usable_environments(one.root for one in ConnectionLibrary().folders)


def _recorder(folder: Path | None) -> Any:
    if folder is None:
        return lambda _scenario: None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.BadParameter(f"{error.strerror}.", param_hint="--record") from None

    def recorder(scenario: Scenario) -> tuple[SessionRecorder, Path]:
        path = _unused(folder, scenario.name)
        return SessionRecorder(recording=create(path, asyncio.get_running_loop())), path

    return recorder


def _unused(folder: Path, name: str) -> Path:
    """Return a path in the folder that no file has, and create the file."""
    plain = "".join(one if one.isalnum() or one in "._-" else "-" for one in name).strip(".-")
    for number in range(1, sys.maxsize):
        path = folder / f"{plain[:80] or 'scenario'}{'' if number == 1 else f'-{number}'}.beam"
        with suppress(FileExistsError):
            path.touch(mode=0o600, exist_ok=False)
            return path
    raise AssertionError
