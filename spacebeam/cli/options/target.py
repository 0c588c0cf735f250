"""What a command connects to: an address, a saved connection, or a pasted command line.

A saved connection is looked up later (`options/saved.py`), when the other options are known.
"""

from __future__ import annotations

import re
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
from spacebeam.keyring.values import SecretOwner
from spacebeam.profiles.prepared import Preparation
from spacebeam.profiles.profile import Profile
from spacebeam.profiles.variables import has_variables
from spacebeam.protocol.endpoint import Endpoint
from spacebeam.wording.pasted import left_out_words, paste_problem_words

METAVAR = "URL|NAME"
HELP = (
    "Address of the server, name of a saved connection, its FOLDER/NAME or file, or a command of "
    "curl, websocat, wscat, wsrepl or fetch in quotes. A text with ://, a port or a dot in its "
    "host is an address."
)

_FILES = (".yml", ".yaml")


@dataclass(frozen=True, slots=True)
class Target:
    """An endpoint, and what a saved connection or a pasted command line says beside it.

    `typed` is an address, or a name: then there is no endpoint before it is looked up.
    """

    endpoint: Endpoint | None
    profile: Profile = Profile()  # noqa: RUF009  it is immutable
    messages: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    typed: str = ""
    preparation: Preparation | None = None  # of a saved connection, or of variables
    token_owner: SecretOwner | None = None  # whose refresh token is saved
    servers: frozenset[str] = frozenset()  # to which it may be sent


def target(value: str) -> Target:
    """Return what an address, or a pasted command line, connects to."""
    try:
        pasted = read(values.text(value))
        if pasted is None:
            return _typed(value)
        if not pasted.address:
            raise PasteError(PasteProblem.NO_ADDRESS)
    except PasteError as error:
        raise BadParameter(" ".join(paste_problem_words(error.problem))) from None
    return _pasted(pasted)


def is_address(text: str) -> bool:
    """Whether a text is an address and no name: with a scheme, a port, or a dot in its host."""
    if "://" in text:
        return True
    host = re.split(r"[/?#]", text, maxsplit=1)[0]
    is_host = "." in host or ":" in host or host.lower() == "localhost"
    return is_host and not any(map(str.isspace, host)) and not text.endswith(_FILES)


def _typed(value: str) -> Target:
    if is_address(value) and not has_variables(value):
        return Target(values.endpoint(value), typed=value)
    return Target(None, typed=value)


def _pasted(pasted: PastedConnection) -> Target:
    endpoint = values.endpoint(pasted.address)
    return Target(endpoint, pasted.profile, pasted.messages, pasted.left_out, pasted.address)


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
