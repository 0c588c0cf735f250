"""All targets, by name."""

from __future__ import annotations

from fuzz.answers import ANSWERS
from fuzz.chat import CHAT
from fuzz.connection_files import CONNECTION_FILES
from fuzz.decoders import DECODERS
from fuzz.differences import DIFFERENCES
from fuzz.files import FILES
from fuzz.filters import FILTERS
from fuzz.imports import IMPORTS
from fuzz.pastes import PASTES
from fuzz.protocols import PROTOCOL_TARGETS
from fuzz.saved_connections import SAVED_CONNECTIONS
from fuzz.scenarios import SCENARIOS
from fuzz.speakers import SPEAKERS
from fuzz.streams import STREAMS
from fuzz.target import Target
from fuzz.values import VALUES

TARGETS: dict[str, Target] = (
    STREAMS
    | VALUES
    | ANSWERS
    | FILES
    | DECODERS
    | PROTOCOL_TARGETS
    | CHAT
    | FILTERS
    | IMPORTS
    | CONNECTION_FILES
    | SAVED_CONNECTIONS
    | PASTES
    | SCENARIOS
    | DIFFERENCES
    | SPEAKERS
)
