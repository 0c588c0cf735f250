"""What a decoder is: a format that turns payload bytes into what a person reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self

if TYPE_CHECKING:
    from spacebeam.decode.schemas import Schemas

Data = bytes | bytearray
MAX_SPAN = 4096  # characters of one span
# A decoded value: JSON's types, and bytes for formats that have them. Integers have any length;
# those that Python does not convert, of more than 4,300 digits, are Decimals. What else a format
# has is an object with a key that begins with a dollar sign: see `extended_json`.
Value = None | bool | int | float | Decimal | str | bytes | list["Value"] | dict[str, "Value"]


class Style(StrEnum):
    """What a piece of rendered text is, for colours."""

    PLAIN = "plain"
    KEY = "key"
    STRING = "string"
    NUMBER = "number"
    LITERAL = "literal"
    PUNCTUATION = "punctuation"
    OFFSET = "offset"  # not part of the payload: an offset, the digits of a hex dump


@dataclass(frozen=True, slots=True)
class Span:
    """At most 4,096 characters of rendered text, safe to show: control characters are visible."""

    text: str
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Context:
    """What is known about a payload beside its bytes."""

    kind: str = "binary"  # "text", "binary", "ping", "pong", "close" or "event"
    direction: str = ""  # "sent", "received"; empty for an event
    endpoint: str = ""
    subprotocol: str = ""  # negotiated (RFC 6455, section 1.9)
    chosen: str = ""  # name of the decoder that the person chose for the connection
    is_cut: bool = False  # the payload at hand is only the beginning
    # What decoders remember about this connection, by their name; for formats that span messages.
    # It is kept where payloads are read in order. Where it is empty, reading begins in the middle.
    memory: dict[str, object] = field(default_factory=dict, compare=False)
    levels: int = 0  # wrappers that the payload was taken out of, such as gzip
    columns: int = 80  # characters of a monospaced font that fit on a line
    schemas: Schemas | None = None  # that the person gave for the connection


class Message(NamedTuple):
    """A message of an application protocol: an event, a call, an answer, a packet.

    An answer belongs to the newest message of the other direction whose `asks` is its `answers`.
    A key has all that makes an id unique: the namespace, the kind of request.
    """

    type: str  # the protocol's own term: "EVENT", "CALL", "subscribe"
    value: Value = None  # what it carries: arguments, a payload, a body
    name: str = ""  # of the event, method, topic or channel; an answer may have none
    id: str = ""  # as the protocol writes it
    asks: str = ""  # the key of its answers; empty if none is expected
    answers: str = ""  # the key of what it answers
    is_last: bool = True  # of the answers: a stream has several
    is_error: bool = False


class MessageSpan(NamedTuple):
    """Where a payload is among the payloads of one message."""

    continues: bool = False  # it begins with the rest of a message
    is_unfinished: bool = False  # its last message ends in a later payload
    attachment: int = 0  # which of the attachments it is, from 1
    attachments: int = 0  # that the message has; they are payloads of their own


class Decoded(NamedTuple):
    """A decoded payload.

    One payload can have several messages, and one message can end in a later payload: then it is
    among the messages of that one.
    """

    value: Value  # as the tree shows it, and as the filter `json:` reads it
    messages: tuple[Message, ...] = ()
    span: MessageSpan = MessageSpan()


class DecodeError(ValueError):
    """A payload is not in the decoder's format; `offset` is where, in bytes."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.offset = offset


class Rendering(Protocol):
    """A payload as text: an iterator of spans.

    `copy.copy` returns a rendering that continues from the same place, so that a page can be shown
    again without the pages before it.
    """

    @property
    def offset(self) -> int:
        """Number of payload bytes rendered so far."""

    def __iter__(self) -> Self: ...

    def __next__(self) -> Span: ...


class Decoder(Protocol):
    """A format. None of the methods may read more than it needs: payloads have up to 64 MiB."""

    @property
    def name(self) -> str:
        """The format's name, as people write it: “JSON”."""

    @property
    def is_text(self) -> bool:
        """Whether payloads are text: summaries show it, and it is printed and copied as it is."""

    @property
    def has_fields(self) -> bool:
        """Whether values have keys and indexes, which the filter `json:` can find."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of payloads that can have the format; empty for all."""

    @property
    def first_bytes(self) -> bytes:
        """The bytes with which its payloads can begin; empty for any, and for none.

        If whitespace is among them, only these bytes come after it.
        """

    def confidence(self, payload: Data, context: Context) -> float:
        """Return how sure it is that the payload has this format: 0 never, 1 certain.

        A guess stays under 0.5, and is shown as one. Long payloads are judged by their beginning:
        a row asks for each entry that it shows.
        """

    def summary(self, payload: Data, context: Context) -> str:
        """Return the payload on one line of at most 300 characters, safe to show."""

    def render(self, payload: Data, context: Context) -> Rendering:
        """Return the payload as text. Each step takes microseconds, however long the payload is."""

    def decode(self, payload: Data, context: Context) -> Decoded:
        """Return the payload's value. Raises DecodeError."""

    def encode(self, value: Value) -> bytes:
        """Return the payload of a value. Raises ValueError if the format has no way back."""
