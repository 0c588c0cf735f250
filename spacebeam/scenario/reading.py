"""Reads scenarios from `.http` files.

What is ours are comment directives, which other programs pass over; docs/scenarios.md lists them.
An unknown directive is a problem: a misspelled `@expect` would else always pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from spacebeam.decode.paths import PathStepsError, steps
from spacebeam.exchange.http_file import (
    Directive,
    HttpFile,
    HttpRequest,
    MessageFile,
    MessageText,
    Part,
    WaitForServer,
    read,
)
from spacebeam.net.request_rules import belongs_to_handshake, header_fault
from spacebeam.profiles.collection import Variable
from spacebeam.profiles.profile import Profile, RequestSettings
from spacebeam.profiles.variables import places
from spacebeam.protocol.close import CloseCode
from spacebeam.scenario.scenario import (
    Capture,
    CheckSchema,
    CheckSnapshot,
    Close,
    Delay,
    Expect,
    Expectation,
    ExpectClose,
    ExpectNext,
    ExpectNone,
    ProblemKind,
    Repeat,
    Scenario,
    ScenarioFile,
    ScenarioProblem,
    SendFile,
    SendText,
    SetTimeout,
    Step,
    Wait,
)
from spacebeam.search.filter import ONLY_RECORDED
from spacebeam.search.json_path import PathError, compile_path
from spacebeam.search.parser import parse

MAX_TIMES = 1_000_000  # of @repeat
MAX_SECONDS = 24 * 3600.0

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "": 1.0}
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*(ms|s|min|m|)")
_CAPTURE = re.compile(r"([^\s=]+)\s*=\s*(\S.*)")
_NUMBER = re.compile(r"\d{1,7}")
# Directives of other programs, which mean nothing here.
_OF_OTHERS = frozenset(
    """auto connection-timeout debug description extension forceref grpc injectvariables jwt
    keepstreaming loop no-auto-encoding no-client-cookie no-cookie-jar no-cookiejar no-log
    no-redirect no-reject-unauthorized no-response-view note prompt proxy ratelimit ref
    responseref save sleep title use verbose""".split()  # noqa: SIM905  long lists are read as words
)


class _WordsError(Exception):
    """A directive's words cannot be read."""

    def __init__(self, kind: ProblemKind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


def read_file(path: Path) -> ScenarioFile:
    """Read a file's scenarios. Raises OSError, or UnicodeDecodeError if it is not UTF-8."""
    return scenarios_of(read(path.read_text(encoding="utf-8-sig")), path)


def scenarios_of(file: HttpFile, path: Path) -> ScenarioFile:
    """Return the scenarios of an `.http` file; requests that are no WebSockets are left out."""
    problems = [
        ScenarioProblem(one.line, ProblemKind.LEFT_OUT, detail=one.problem.value)
        for one in file.left_out
    ]
    variables = tuple(Variable(name, value) for name, value in file.variables)
    scenarios = []
    for request in file.requests:
        if request.is_socket:
            reader = _ScenarioReader(request, problems)
            scenarios.append(reader.read(variables, path.stem))
    if not scenarios:
        problems.append(ScenarioProblem(1, ProblemKind.NO_SCENARIO))
    problems.sort(key=lambda one: one.line)
    return ScenarioFile(path, tuple(scenarios), tuple(problems))


@dataclass(slots=True)
class _Turn:
    """The steps from one message to the next: the part that @repeat repeats."""

    steps: list[Step] = field(default_factory=list)
    waits: int = 0
    times: int = 1
    repeat_line: int = 0


class _ScenarioReader:
    def __init__(self, request: HttpRequest, problems: list[ScenarioProblem]) -> None:
        self._request = request
        self._problems = problems
        self._tags: set[str] = set()
        self._is_parallel = self._is_disabled = False
        self._steps: list[Step] = []
        self._turn = _Turn()
        self._repeat: tuple[int, int] | None = None  # line and times, for the next message
        self._readers: dict[str, Callable[[Directive], Step | None]] = {
            "expect": self._expect,
            "expect-none": self._expect_none,
            "expect-close": self._expect_close,
            "timeout": lambda one: SetTimeout(one.line, _seconds(one.words, "@timeout 2s")),
            "delay": lambda one: Delay(one.line, _seconds(one.words, "@delay 500ms")),
            "capture": self._capture,
            "repeat": self._read_repeat,
            "schema": lambda one: CheckSchema(one.line, _name(one.words, "@schema order.json")),
            "snapshot": self._snapshot,
            "close": self._close,
            "tag": self._read_tags,
            "tags": self._read_tags,
            "parallel": self._read_parallel,
            "disabled": self._read_disabled,
        }

    def read(self, variables: tuple[Variable, ...], stem: str) -> Scenario:
        request = self._request
        for directive in request.directives:
            self._directive(directive)
        for part in request.parts:
            self._part(part)
        self._end_turn()
        if self._repeat is not None:
            self._problem(self._repeat[0], ProblemKind.NO_MESSAGE, "repeat")
        return Scenario(
            request.name or f"{stem}:{request.line}",
            request.line,
            request.address,
            self._profile(),
            variables,
            tuple(self._steps),
            frozenset(self._tags),
            self._is_parallel,
            self._is_disabled,
        )

    def _part(self, part: Part) -> None:
        match part:
            case Directive():
                self._directive(part)
            case MessageText(line=line, text=text):
                self._begin_turn(SendText(line, text))
            case MessageFile(line=line, path=path, is_text=is_text):
                self._begin_turn(SendFile(line, path, is_text))
            case WaitForServer(line=line):
                self._turn.waits += 1
                self._turn.steps.append(Wait(line, self._turn.waits))

    def _begin_turn(self, step: Step) -> None:
        self._end_turn()
        self._turn.steps.append(step)
        if self._repeat is not None:
            self._turn.repeat_line, self._turn.times = self._repeat
            self._repeat = None

    def _end_turn(self) -> None:
        turn, self._turn = self._turn, _Turn()
        if turn.times == 1:
            self._steps += turn.steps
        else:
            self._steps.append(Repeat(turn.repeat_line, turn.times, tuple(turn.steps)))

    def _directive(self, directive: Directive) -> None:
        reader = self._readers.get(directive.name.lower())
        if reader is None:
            if directive.name.lower() not in _OF_OTHERS:
                self._problem(directive.line, ProblemKind.UNKNOWN_DIRECTIVE, directive.name)
            return
        try:
            step = reader(directive)
        except _WordsError as error:
            self._problem(directive.line, error.kind, directive.name, error.detail)
            return
        if step is not None:
            self._turn.steps.append(step)

    def _problem(self, line: int, kind: ProblemKind, word: str, detail: str = "") -> None:
        self._problems.append(ScenarioProblem(line, kind, word, detail))

    def _expect(self, directive: Directive) -> Step | None:
        word, _, rest = directive.words.partition(" ")
        if word == "next":
            return ExpectNext(directive.line, _filter(rest.strip()))
        expectation = Expectation(directive.line, _filter(directive.words))
        steps = self._turn.steps
        if steps and isinstance(before := steps[-1], Expect):
            steps[-1] = Expect(before.line, (*before.expectations, expectation))
            return None
        return Expect(directive.line, (expectation,))

    def _expect_none(self, directive: Directive) -> Step:
        example = "@expect-none json:type=error 2s"
        filter_, _, duration = directive.words.rpartition(" ")
        return ExpectNone(directive.line, _filter(filter_.strip()), _seconds(duration, example))

    def _expect_close(self, directive: Directive) -> Step:
        if not directive.words:
            return ExpectClose(directive.line)
        return ExpectClose(directive.line, _number(directive.words, 4999, "@expect-close 1000"))

    def _capture(self, directive: Directive) -> Step:
        found = _CAPTURE.fullmatch(directive.words)
        if found is None:
            raise _WordsError(ProblemKind.WORDS, "@capture token = data.token")
        try:
            compile_path(found[2])
        except PathError as error:
            raise _WordsError(ProblemKind.PATH, str(error)) from None
        return Capture(directive.line, found[1], found[2])

    def _read_repeat(self, directive: Directive) -> None:
        self._repeat = directive.line, _number(directive.words, MAX_TIMES, "@repeat 10")

    def _snapshot(self, directive: Directive) -> Step:
        name, _, paths = directive.words.partition(" without ")
        left_out = tuple(path for path in re.split(r"[\s,]+", paths) if path)
        example = "@snapshot welcome without id, time"
        try:
            for path in left_out:
                steps(path)
        except PathStepsError:
            raise _WordsError(ProblemKind.WORDS, example) from None
        return CheckSnapshot(directive.line, _name(name, example), left_out)

    def _close(self, directive: Directive) -> Step:
        code, _, reason = directive.words.partition(" ")
        number = _number(code, 4999, "@close 1000 bye") if code else CloseCode.NORMAL
        return Close(directive.line, number, reason.strip())

    def _read_tags(self, directive: Directive) -> None:
        self._tags.update(word for word in re.split(r"[\s,]+", directive.words) if word)

    def _read_parallel(self, _directive: Directive) -> None:
        self._is_parallel = True

    def _read_disabled(self, _directive: Directive) -> None:
        self._is_disabled = True

    def _profile(self) -> Profile:
        headers: list[tuple[str, str]] = []
        subprotocols: list[str] = []
        for name, value in self._request.headers:
            lower = name.lower()
            if lower == "sec-websocket-protocol":
                subprotocols += [one.strip() for one in value.split(",") if one.strip()]
            elif belongs_to_handshake(name) or lower in ("host", "content-type"):
                continue  # the latter tells an editor how a message is written
            elif header_fault(name, value) is not None:
                self._problem(self._request.line, ProblemKind.HEADER, name)
            else:
                headers.append((name, value))
        return Profile(
            RequestSettings(headers=tuple(headers), subprotocols=tuple(subprotocols)), record=False
        )


def _filter(text: str) -> str:
    """Return a filter that is valid, whatever its variables will be."""
    checked = text
    for place in reversed(places(text)):
        checked = f"{checked[: place.start]}1{checked[place.end :]}"
    if not text:
        raise _WordsError(ProblemKind.WORDS, "@expect json:id=7")
    found = parse(checked)
    if found.errors:
        raise _WordsError(ProblemKind.FILTER, found.errors[0].message)
    if found.is_only_of_recordings:
        raise _WordsError(ProblemKind.FILTER, ONLY_RECORDED)
    return text


def _seconds(words: str, example: str) -> float:
    found = _DURATION.fullmatch(words.strip())
    seconds = float(found[1]) * _SECONDS[found[2]] if found else -1
    if not 0 <= seconds <= MAX_SECONDS:
        raise _WordsError(ProblemKind.WORDS, example)
    return seconds


def _number(words: str, most: int, example: str) -> int:
    if not _NUMBER.fullmatch(words) or not 1 <= int(words) <= most:
        raise _WordsError(ProblemKind.WORDS, example)
    return int(words)


def _name(words: str, example: str) -> str:
    if not words.strip():
        raise _WordsError(ProblemKind.WORDS, example)
    return words.strip()
