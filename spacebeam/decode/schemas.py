"""What a connection's payloads mean, where the payloads themselves do not say it."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from spacebeam.decode.protobuf.schema import ProtobufSchema


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
class Schemas:
    """The schemas of a connection. Of several rules that apply, the first counts."""

    protobuf: ProtobufSchema | None = None
    rules: tuple[ProtobufRule, ...] = ()


@lru_cache(maxsize=256)
def _has_path(endpoint: str, pattern: str) -> bool:
    try:
        path = urlsplit(endpoint).path
    except ValueError:
        path = ""
    return fnmatchcase(path or "/", pattern)
