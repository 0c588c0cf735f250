"""A scenario as values: an address, and the steps that are done on one connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from spacebeam.profiles.collection import Variable
from spacebeam.profiles.profile import Profile

DEFAULT_TIMEOUT = 5.0  # seconds that a step waits for the server


@dataclass(frozen=True, slots=True)
class SendText:
    """Sends a text message, with its variables replaced."""

    line: int  # of the file, from 1
    text: str


@dataclass(frozen=True, slots=True)
class SendFile:
    """Sends a file's bytes as a binary message, or as a text with its variables replaced."""

    line: int
    path: str  # relative to the folder of the scenario's file
    is_text: bool


@dataclass(frozen=True, slots=True)
class Wait:
    """Waits until `count` messages have come since the last message was sent."""

    line: int
    count: int


@dataclass(frozen=True, slots=True)
class Expectation:
    """A filter that a message has to match."""

    line: int
    filter: str  # with its variables not yet replaced


@dataclass(frozen=True, slots=True)
class Expect:
    """Waits until each expectation was met by a message of its own, in any order.

    Messages that match none are passed over.
    """

    line: int
    expectations: tuple[Expectation, ...]


@dataclass(frozen=True, slots=True)
class ExpectNext:
    """The very next message has to match."""

    line: int
    filter: str


@dataclass(frozen=True, slots=True)
class ExpectNone:
    """No message may match for some time."""

    line: int
    filter: str
    seconds: float


@dataclass(frozen=True, slots=True)
class ExpectClose:
    """The server has to close the connection."""

    line: int
    code: int | None = None  # None: any


@dataclass(frozen=True, slots=True)
class SetTimeout:
    """The steps that follow wait so long for the server."""

    line: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Capture:
    """A variable gets a value of the message that was met last."""

    line: int
    name: str
    path: str  # JMESPath


@dataclass(frozen=True, slots=True)
class CheckSchema:
    """The message that was met last has to follow a JSON Schema."""

    line: int
    path: str  # relative to the folder of the scenario's file


@dataclass(frozen=True, slots=True)
class CheckSnapshot:
    """The message that was met last has to be as it was approved, but for some paths."""

    line: int
    name: str
    left_out: tuple[str, ...] = ()  # paths of keys and indexes, as `data.time`


@dataclass(frozen=True, slots=True)
class Delay:
    """Waits."""

    line: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Close:
    """Closes the connection, and waits until it is closed."""

    line: int
    code: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Does some steps several times."""

    line: int
    times: int
    steps: tuple[Step, ...]


Step: TypeAlias = (
    SendText
    | SendFile
    | Wait
    | Expect
    | ExpectNext
    | ExpectNone
    | ExpectClose
    | SetTimeout
    | Capture
    | CheckSchema
    | CheckSnapshot
    | Delay
    | Close
    | Repeat
)


class ProblemKind(StrEnum):
    """Why a line of a scenario cannot be run."""

    UNKNOWN_DIRECTIVE = "unknown-directive"
    FILTER = "filter"  # `detail` says what to write
    PATH = "path"  # not JMESPath; `detail` says what to write
    WORDS = "words"  # a directive's words are not as they should be; `detail` is an example
    HEADER = "header"
    NO_MESSAGE = "no-message"  # to repeat
    LEFT_OUT = "left-out"  # a line that is no part of a request; `detail` says why
    NO_SCENARIO = "no-scenario"  # in the whole file


@dataclass(frozen=True, slots=True)
class ScenarioProblem:
    """A line that cannot be run, and why."""

    line: int
    kind: ProblemKind
    word: str = ""  # the directive's name
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A conversation to hold, and what is expected in it."""

    name: str
    line: int
    address: str  # with its variables not yet replaced, as all texts here
    profile: Profile = field(default_factory=Profile)
    variables: tuple[Variable, ...] = ()
    steps: tuple[Step, ...] = ()
    tags: frozenset[str] = frozenset()
    is_parallel: bool = False  # may run at the same time as its neighbours of this kind
    is_disabled: bool = False


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """The scenarios of a file."""

    path: Path
    scenarios: tuple[Scenario, ...]
    problems: tuple[ScenarioProblem, ...] = ()
