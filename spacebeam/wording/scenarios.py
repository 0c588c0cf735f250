"""What became of a scenario's step, and what is wrong with a scenario's file, in words.

Text of the server is in them as it came; the faces escape it.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacebeam.scenario.scenario import (
    Capture,
    CheckSchema,
    CheckSnapshot,
    Close,
    Delay,
    Expect,
    ExpectClose,
    ExpectNext,
    ExpectNone,
    ProblemKind,
    Repeat,
    ScenarioProblem,
    SendFile,
    SendText,
    SetTimeout,
    Step,
    Wait,
)
from spacebeam.scenario.verdict import Fault, FaultKind, Miss, TermMiss
from spacebeam.wording.closing import close_words
from spacebeam.wording.durations import seconds_words
from spacebeam.wording.failures import Face, failure_words
from spacebeam.wording.i18n import _, ngettext
from spacebeam.wording.validation import validation_words


def step_words(step: Step) -> str:
    """Return what a step does, in a few words."""
    match step:
        case SendText(text=text):
            return _("send {text}").format(text=" ".join(text.split()))
        case SendFile(path=path):
            return _("send the file {path}").format(path=path)
        case Wait(count=count):
            return ngettext("wait for {count} message", "wait for {count} messages", count).format(
                count=count
            )
        case Expect(expectations=expectations):
            filters = _(" and ").join(one.filter for one in expectations)
            return _("expect {filter}").format(filter=filters)
        case ExpectNext(filter=filter_):
            return _("expect next {filter}").format(filter=filter_)
        case ExpectNone(filter=filter_, seconds=seconds):
            return _("expect none of {filter} for {time}").format(
                filter=filter_, time=seconds_words(seconds)
            )
        case ExpectClose(code=code):
            return _("expect the server to close") + (f" ({code})" if code else "")
        case _:
            return _other_step(step)


def _other_step(step: Step) -> str:
    match step:
        case SetTimeout(seconds=seconds):
            return _("time out after {time}").format(time=seconds_words(seconds))
        case Capture(name=name, path=path):
            return _("capture {name} from {path}").format(name=name, path=path)
        case CheckSchema(path=path):
            return _("check the schema {path}").format(path=path)
        case CheckSnapshot(name=name):
            return _("compare with the snapshot {name}").format(name=name)
        case Delay(seconds=seconds):
            return _("wait {time}").format(time=seconds_words(seconds))
        case Close(code=code):
            return _("close with {code}").format(code=code)
        case Repeat(times=times):
            return ngettext("repeat {count} time", "repeat {count} times", times).format(
                count=f"{times:,}"
            )
        case _:
            raise AssertionError(step)


def fault_words(fault: Fault) -> str:
    """Return why a step did not pass, as sentences."""
    if fault.kind is FaultKind.NOT_CONNECTED and fault.failure is not None:
        return failure_words(fault.failure, Face.TERMINAL)
    if fault.kind is FaultKind.OPTIONS:
        return " ".join(validation_words(one) for one in fault.problems)
    ended = close_words(fault.close_reason) if fault.close_reason is not None else ""
    name = _(", ").join(fault.names)
    words = _sentences(fault)[fault.kind].format(
        name=name,
        detail=fault.detail,
        time=seconds_words(fault.seconds),
        code=fault.code,
        ended=ended,
        count=f"{fault.passed_over:,}",
    )
    return words.rstrip()


def miss_words(miss: TermMiss) -> str:
    """Return why a message does not match: a term of the filter, and what stands there."""
    if miss.found is None:
        return _("{term}: it does not match").format(term=miss.term)
    return _("{term}: it is {value}").format(term=miss.term, value=miss.found)


def misses_words(fault: Fault) -> str:
    """Return the heading of what came instead."""
    if fault.kind is FaultKind.UNEXPECTED or not fault.misses[0].failed:
        return _("What came:")
    if fault.passed_over > len(fault.misses):
        return _("Of {count} messages, these come nearest:").format(count=f"{fault.passed_over:,}")
    return _("What came instead:")


def message_number_words(miss: Miss) -> str:
    """Return which message of its connection this is."""
    return _("message {number}").format(number=f"{miss.number:,}")


def problem_words(problem: ScenarioProblem) -> str:
    """Return why a line of a scenario's file cannot be run, as a sentence."""
    return _problems()[problem.kind].format(word=problem.word, detail=_detail(problem))


def _detail(problem: ScenarioProblem) -> str:
    return _left_out().get(problem.detail, problem.detail)


def problem_kinds() -> Iterator[ProblemKind]:
    """Yield the kinds that have words."""
    yield from _problems()


def fault_kinds() -> Iterator[FaultKind]:
    """Yield the kinds that have words."""
    yield from (*_sentences(Fault(FaultKind.CLOSED)), FaultKind.OPTIONS)


def _sentences(fault: Fault) -> dict[FaultKind, str]:
    return {
        FaultKind.NOT_CONNECTED: _("Not connected."),
        FaultKind.ADDRESS: "{detail}",
        FaultKind.VARIABLES: ngettext(
            "The variable {name} has no value.",
            "These variables have no value: {name}.",
            len(fault.names),
        ),
        FaultKind.TOO_LONG: _("With its variables replaced, the text is too long."),
        FaultKind.FILE: _("The file {name} cannot be read: {detail}."),
        FaultKind.FILTER: _("The filter {name} is not valid: {detail}."),
        FaultKind.NOT_SENT: _("Not sent: the connection had ended. {ended}"),
        FaultKind.NOTHING_CAME: _("No message came within {time}."),
        FaultKind.NO_MATCH: ngettext(
            "Within {time} no message matched. {count} other came.",
            "Within {time} no message matched. {count} others came.",
            fault.passed_over,
        )
        if fault.passed_over > 1
        else _("The message does not match."),
        FaultKind.UNEXPECTED: _("A message came that should not."),
        FaultKind.CLOSED: _("The connection ended before that. {ended}"),
        FaultKind.STILL_OPEN: _("The server did not close the connection within {time}."),
        FaultKind.OTHER_CODE: _("The connection ended otherwise than with {code}. {ended}"),
        FaultKind.NO_MESSAGE: _("No message was expected before, so there is nothing to look at."),
        FaultKind.NO_VALUE: _("The message has no value at {name}."),
        FaultKind.NO_LIBRARY: _(
            "JSON Schema needs the library {name}: pip install 'spacebeam[schema]'."
        ),
        FaultKind.SCHEMA: _("The schema {name} is not valid: {detail}."),
        FaultKind.AGAINST_SCHEMA: _("The message does not follow the schema {name}."),
        FaultKind.NOT_APPROVED: _(
            "There is no snapshot {name} yet. Run it with --approve, and read what was saved."
        ),
        FaultKind.DIFFERS: _(
            "The message differs from the snapshot {name} (- approved, + what came)."
        ),
    }


def _problems() -> dict[ProblemKind, str]:
    return {
        ProblemKind.UNKNOWN_DIRECTIVE: _("There is no directive @{word}."),
        ProblemKind.FILTER: _("The filter of @{word} is not valid: {detail}."),
        ProblemKind.PATH: _("The path of @{word} is not valid: {detail}."),
        ProblemKind.WORDS: _("@{word} is written as in “# {detail}”."),
        ProblemKind.HEADER: _("The header {word} is not valid."),
        ProblemKind.NO_MESSAGE: _("@{word} needs a message after it."),
        ProblemKind.LEFT_OUT: _("This line is left out: {detail}."),
        ProblemKind.NO_SCENARIO: _(
            "The file has no scenario: no request that begins with WEBSOCKET or ws://."
        ),
    }


def _left_out() -> dict[str, str]:
    return {
        "no-request": _("it is no request"),
        "not-a-header": _("it is no header"),
        "script": _("scripts are not run"),
        "too-many": _("the file is too long"),
    }
