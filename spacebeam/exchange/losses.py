"""What an export or import could not carry over, as values; `wording.exchange` makes the words."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum


class Loss(StrEnum):
    """A part of a conversation that another format has no place for, or that cannot be read."""

    EVENTS = "events"
    CONTROL_FRAMES = "control-frames"  # pings and pongs
    CLOSES = "closes"
    WIRE_FORMS = "wire-forms"  # fragments and compressed sizes of messages
    HANDSHAKES = "handshakes"
    MARKS = "marks"  # stars and notes
    INVALID_TEXTS = "invalid-texts"  # not UTF-8, so some characters are replaced
    OTHER_ENTRIES = "other-entries"  # all but messages
    SECRETS = "secrets"  # left out of headers and addresses
    OTHER_REQUESTS = "other-requests"  # of HTTP, not WebSockets
    REFUSED = "refused"  # handshakes without a connection
    NO_MESSAGES = "no-messages"  # connections whose messages are not in the file
    INVALID_MESSAGES = "invalid-messages"
    UNWRITABLE_MESSAGES = "unwritable-messages"  # that the format cannot hold
    ENCRYPTED = "encrypted"  # connections with TLS
    HTTP2 = "http2"  # connections, of which WebSockets are streams (RFC 8441)
    TLS_SECRETS = "tls-secrets"  # blocks with keys of TLS, which are not used
    OTHER_CONNECTIONS = "other-connections"  # of TCP, or WebSockets whose handshake is missing
    TOO_MANY_OPEN = "too-many-open"  # WebSockets at once
    MISSING_BYTES = "missing-bytes"  # that the capture does not have
    OTHER_LINKS = "other-links"  # packets of a network that is not read
    IP_FRAGMENTS = "ip-fragments"
    WRONG_TIMES = "wrong-times"  # messages whose times were corrected or are unknown

    # Of saved connections.
    SCRIPTS = "scripts"  # tests and assertions too
    EXPRESSIONS = "expressions"  # computed values, which stay as they were written
    DISABLED = "disabled"  # headers and parameters that are switched off
    HANDSHAKE_HEADERS = "handshake-headers"  # that every handshake makes itself
    INVALID_HEADERS = "invalid-headers"
    SIGN_INS = "sign-ins"  # methods that the other side does not have
    SECRET_VALUES = "secret-values"  # of secret variables, which are not in the file
    UNSAVED_SECRETS = "unsaved-secrets"  # that the library does not write to a file
    SETTINGS = "settings"  # without a counterpart
    CERTIFICATES = "certificates"  # of clients
    COOKIES = "cookies"  # that belong to no connection
    DESCRIPTIONS = "descriptions"  # of headers, parameters, messages and variables
    WAITS = "waits"  # for the server, between two messages
    HEARTBEATS = "heartbeats"  # answers that Socket.IO wants
    FILES = "files"  # that cannot be read, or are outside the folder
    ADDRESSES = "addresses"  # that are unknown, or of something else than a WebSocket
    ENVIRONMENTS = "environments"  # the format has a place for one set of variables
    VARIABLES = "variables"  # that cannot be written, or have several values
    MADE_VALUES = "made-values"  # such as `$uuid`, which is the same each time there
    MESSAGES = "messages"  # that the format cannot hold as they are
    EXCESS = "excess"  # more or longer values than are allowed


Losses = Counter[Loss]


class NamedLosses(Counter[Loss]):
    """Losses that say by name what some of them were, as a person knows it from the file."""

    MAX_NAMES = 100  # of each loss
    MAX_LENGTH = 80  # characters

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[Loss, dict[str, None]] = {}

    def lose(self, loss: Loss, name: str = "", count: int = 1) -> None:
        """Count a loss. The name must have no secret."""
        self[loss] += count
        names = self.names.setdefault(loss, {})
        if name and len(names) < self.MAX_NAMES:
            names[name if len(name) <= self.MAX_LENGTH else f"{name[: self.MAX_LENGTH - 1]}…"] = (
                None
            )
