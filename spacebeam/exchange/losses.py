"""What an export or import could not carry over, as values; `wording.exchange` makes the words."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum


class Loss(StrEnum):
    """A part of a conversation that another format has no place for, or that cannot be read."""

    EVENTS = "events"
    CONTROL_FRAMES = "control-frames"
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
    ENCRYPTED = "encrypted"  # connections with TLS
    TLS_SECRETS = "tls-secrets"  # blocks with keys of TLS, which are not used
    OTHER_CONNECTIONS = "other-connections"  # of TCP, or WebSockets whose handshake is missing
    TOO_MANY_OPEN = "too-many-open"  # WebSockets at once
    MISSING_BYTES = "missing-bytes"  # that the capture does not have
    OTHER_LINKS = "other-links"  # packets of a network that is not read
    IP_FRAGMENTS = "ip-fragments"
    WRONG_TIMES = "wrong-times"  # messages whose times were corrected or are unknown


Losses = Counter[Loss]
