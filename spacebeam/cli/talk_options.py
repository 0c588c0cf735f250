"""How a person wants a connection to be kept, as values."""

from __future__ import annotations

from dataclasses import dataclass

from spacebeam.net.backoff import Backoff
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.lifecycle import Keepalive


@dataclass(frozen=True, slots=True)
class CloseOptions:
    """The close frame that this side sends."""

    code: int = CloseCode.NORMAL
    reason: str = ""
    even_illegal: bool = False  # also a code that RFC 6455 forbids


@dataclass(frozen=True, slots=True)
class TalkOptions:
    """Pings, closing, reconnecting and tracing of one connection."""

    keepalive: Keepalive | None = None
    answers_pings: bool = True
    goodbye: CloseOptions = CloseOptions()
    backoff: Backoff | None = None  # None: a lost connection is not opened again
    is_verbose: bool = False
