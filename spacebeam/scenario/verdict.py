"""What became of a scenario: a verdict for each step, and what came in place of what should."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from spacebeam.net.close_reason import CloseReason
from spacebeam.net.failures import Failure
from spacebeam.profiles.validation import ValidationError
from spacebeam.protocol.batch import Kind
from spacebeam.scenario.scenario import Scenario, Step

MAX_SHOWN = 16 * 1024  # bytes of a payload


class Outcome(StrEnum):
    """How a step or a scenario ended."""

    PASSED = "passed"
    FAILED = "failed"  # the server did something else than was expected
    ERROR = "error"  # it could not be tried: no connection, a file that is not there
    SKIPPED = "skipped"


class FaultKind(StrEnum):
    """Why a step did not pass."""

    NOT_CONNECTED = "not-connected"
    ADDRESS = "address"
    OPTIONS = "options"  # a header or another option that is not valid
    VARIABLES = "variables"  # their values are unknown
    TOO_LONG = "too-long"  # a text with its variables replaced
    FILE = "file"  # cannot be read
    FILTER = "filter"  # not valid with its variables replaced
    NOT_SENT = "not-sent"  # the connection had ended
    NOTHING_CAME = "nothing-came"
    NO_MATCH = "no-match"  # messages came, but none that matches
    UNEXPECTED = "unexpected"  # a message that should not have come
    CLOSED = "closed"  # the connection ended before
    STILL_OPEN = "still-open"
    OTHER_CODE = "other-code"  # of the server's close frame
    NO_MESSAGE = "no-message"  # to capture from or to check
    NO_VALUE = "no-value"  # at a path of the message
    NO_LIBRARY = "no-library"  # for JSON Schema
    SCHEMA = "schema"  # cannot be used
    AGAINST_SCHEMA = "against-schema"
    NOT_APPROVED = "not-approved"  # there is no snapshot yet
    DIFFERS = "differs"  # from the snapshot


@dataclass(frozen=True, slots=True)
class TermMiss:
    """A term that a message fails, and what stands at its path."""

    term: str
    found: str | None = None  # JSON; None: there is nothing, or the term has no path


@dataclass(frozen=True, slots=True)
class Miss:
    """A message that did not match, and the filter's terms that it fails."""

    number: int  # of the message in its connection, from 1
    time: float  # Unix time in seconds
    kind: Kind
    payload: bytes  # at most MAX_SHOWN bytes
    size: int  # bytes of the whole
    failed: tuple[TermMiss, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposedSnapshot:
    """What came in place of an approved snapshot, and may become it."""

    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a step did not pass, with what is needed to say it."""

    kind: FaultKind
    names: tuple[str, ...] = ()  # variables, filters not met, a file, a path, a header
    misses: tuple[Miss, ...] = ()  # the nearest first
    passed_over: int = 0  # messages that came and did not match
    seconds: float = 0.0  # that were waited
    close_reason: CloseReason | None = None
    code: int | None = None  # that was expected
    failure: Failure | None = None
    problems: tuple[ValidationError, ...] = ()
    detail: str = ""  # words of the system or of a library
    difference: tuple[str, ...] = ()  # lines that begin with "-", "+" or " "
    snapshot: ProposedSnapshot | None = None


@dataclass(frozen=True, slots=True)
class StepResult:
    """The verdict of a step."""

    step: Step
    outcome: Outcome
    seconds: float
    turn: int = 1  # of @repeat, from 1
    fault: Fault | None = None
    received: tuple[int, ...] = ()  # numbers of the messages that met it


@dataclass(slots=True)
class ScenarioResult:
    """The verdict of a scenario."""

    scenario: Scenario
    file: Path
    outcome: Outcome = Outcome.PASSED
    began: float = 0.0  # Unix time in seconds
    seconds: float = 0.0
    fault: Fault | None = None  # of connecting; or of the first step that did not pass
    steps: list[StepResult] = field(default_factory=list)  # of @repeat, the last turn only
    exchanges: int = 0  # messages sent
    attempts: int = 1
    recording: Path | None = None
