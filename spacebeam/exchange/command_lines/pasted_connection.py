"""What a pasted command line or list of headers says about a connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from spacebeam.profiles.profile import Profile

MAX_SIZE = 64 * 1024  # characters of a pasted text
MAX_WORDS = 2000  # of a command line


class LeftOutKind(Enum):
    """Why something of a pasted text is not in the connection."""

    OWN_HEADER = "the handshake makes this header itself"
    BROWSER_HEADER = "only browsers send this header"
    HEADER = "a second header that signs in, or one that is no header"
    OPTION = "an option without a counterpart"
    METHOD = "a method other than GET"
    FILE = "a file, which is not read"
    EXPANSION = "a variable or command, which only the shell knows"
    EXPRESSION = "a value that only the program knows"
    UNKNOWN_HEADER = "a header that the browser may send, and that was not copied"
    FRAGMENT = "a fragment of the address"
    COMMAND = "another command"
    MESSAGE = "a message, where none can be sent"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something of a pasted text that is not in the connection."""

    kind: LeftOutKind
    name: str = ""  # of the header, option or variable; never its value, which may be secret


@dataclass(frozen=True, slots=True)
class PastedConnection:
    """A connection as a pasted text describes it."""

    address: str  # as written, "" if the text has none; not yet parsed
    profile: Profile = field(default_factory=Profile)
    messages: tuple[str, ...] = ()  # to be sent after connecting
    left_out: tuple[LeftOut, ...] = ()


class PasteProblem(Enum):
    """Why a command line cannot be read."""

    TOO_LONG = "too long"
    OPEN_QUOTE = "a quote is not closed"
    NO_ADDRESS = "no address"
    LISTENS = "it starts a server"


class PasteError(ValueError):
    """A text that is a command line but gives no connection."""

    def __init__(self, problem: PasteProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem
