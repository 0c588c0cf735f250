"""What a connection's payloads mean, where the payloads themselves do not say it."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from spacebeam.decode.avro.schema import AvroSchema
    from spacebeam.decode.json_schema import JsonSchema
    from spacebeam.decode.protobuf.schema import ProtobufSchema


_DIRECTIONS = ("sent", "received")


@dataclass(frozen=True, slots=True)
class ProtobufRule:
    """Which message type payloads have, or bytes in them."""

    message: str  # the full name of the type: "feed.v1.Envelope"
    endpoint: str = "*"  # pattern of the endpoint's path, as in a shell: "/feed/*"
    direction: str = ""  # "sent", "received", or both if it is empty
    field: str = ""  # path to the bytes that have the message: "trade.raw"; empty for the payload

    def applies(self, endpoint: str, direction: str) -> bool:
        """Return whether the rule is for payloads of an endpoint and a direction."""
        return self.direction in ("", direction) and _has_path(endpoint, self.endpoint)


@dataclass(frozen=True, slots=True)
class AvroRule:
    """Which Avro schema payloads have."""

    schema: AvroSchema
    endpoint: str = "*"  # pattern of the endpoint's path
    direction: str = ""  # "sent", "received", or both if it is empty
    schema_id: int | None = None  # in a schema registry: payloads begin with 0 and this id

    def applies(self, endpoint: str, direction: str) -> bool:
        """Return whether the rule is for payloads of an endpoint and a direction."""
        return self.direction in ("", direction) and _has_path(endpoint, self.endpoint)


@dataclass(frozen=True, slots=True)
class Schemas:
    """The schemas of a connection. Of several rules that apply, the first counts."""

    protobuf: ProtobufSchema | None = None
    rules: tuple[ProtobufRule, ...] = ()
    avro: tuple[AvroRule, ...] = ()
    received: JsonSchema | None = None  # that messages should fit; it reads none
    sent: JsonSchema | None = None

    def checks(self, direction: str) -> JsonSchema | None:
        """Return the schema that messages of a direction should fit."""
        return {"received": self.received, "sent": self.sent}.get(direction)


def protobuf_rule(written: str) -> ProtobufRule:
    """Return the rule of a text `[sent:|received:][/PATH:][FIELD=]TYPE`."""
    direction, endpoint, rest = "", "*", written.strip()
    head, colon, after = rest.partition(":")
    if colon and head in _DIRECTIONS:
        direction, rest = head, after
    if rest.startswith(("/", "*")):
        endpoint, _colon, rest = rest.rpartition(":")
    field, _equals, message = rest.rpartition("=")
    return ProtobufRule(message.strip().lstrip("."), endpoint, direction, field.strip())


@lru_cache(maxsize=256)
def _has_path(endpoint: str, pattern: str) -> bool:
    try:
        path = urlsplit(endpoint).path
    except ValueError:
        path = ""
    return fnmatchcase(path or "/", pattern)
