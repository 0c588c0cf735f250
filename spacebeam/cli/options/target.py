"""What a command connects to: an address, or a pasted command line of another program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from click import BadParameter

from spacebeam.cli.messages import print_note
from spacebeam.cli.options import values
from spacebeam.decode.visible import one_line
from spacebeam.exchange.command_lines.pasted_connection import (
    LeftOut,
    LeftOutKind,
    PastedConnection,
    PasteError,
    PasteProblem,
)
from spacebeam.exchange.command_lines.reading import read
from spacebeam.profiles.profile import Profile
from spacebeam.protocol.endpoint import Endpoint
from spacebeam.wording.pasted import left_out_words, paste_problem_words

METAVAR = "URL"
HELP = "Address of the server, or a command of curl, websocat, wscat or wsrepl in quotes."


@dataclass(frozen=True, slots=True)
class Target:
    """An endpoint, and what a pasted command line says beside it."""

    endpoint: Endpoint
    profile: Profile = Profile()  # noqa: RUF009  it is immutable
    messages: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def target(value: str) -> Target:
    """Return what an address, or a pasted command line, connects to."""
    try:
        pasted = read(values.text(value))
        if pasted is None:
            return Target(values.endpoint(value))
        if not pasted.address:
            raise PasteError(PasteProblem.NO_ADDRESS)
    except PasteError as error:
        raise BadParameter(" ".join(paste_problem_words(error.problem))) from None
    return _pasted(pasted)


def _pasted(pasted: PastedConnection) -> Target:
    endpoint = values.endpoint(pasted.address)
    return Target(endpoint, pasted.profile, pasted.messages, pasted.left_out)


def messages_of(given: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the messages of --send, or else those of the pasted command line."""
    sent: tuple[str, ...] = given["send"] or given["target"].messages
    return sent


def print_left_out(given: Mapping[str, Any]) -> None:
    """Print on standard error what a pasted command line has and the connection has not."""
    left_out = given["target"].left_out
    sends = "send" in given and not given["send"]
    if given["target"].messages and not sends:
        left_out = (*left_out, LeftOut(LeftOutKind.MESSAGE))
    for line in left_out_words(left_out).splitlines():
        print_note(one_line(line))
