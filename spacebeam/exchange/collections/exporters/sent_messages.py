"""What a load test sends: the handshake, and messages."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from typing import NamedTuple

from spacebeam.exchange.collections.exporters.exporter import is_binary, lose_settings, messages_of
from spacebeam.exchange.losses import Loss, NamedLosses
from spacebeam.exchange.shown_request import ShownRequest, shown_request
from spacebeam.profiles.collection import MessageFormat, SavedConnection, SavedMessage

GAP_MS = 1000  # between two messages, and before the connection is closed
_WRITTEN = ("tls.verify", "request.compression")


class SentMessage(NamedTuple):
    """A message of a load test."""

    name: str
    payload: str | bytes  # bytes of a binary message


class LoadTest(NamedTuple):
    """A connection as a load test makes it."""

    request: ShownRequest
    messages: list[SentMessage]


def load_test(connection: SavedConnection, losses: NamedLosses, *, with_secrets: bool) -> LoadTest:
    """Return what is sent for a connection: the messages on connect, else all of them."""
    profile = connection.profile
    lose_settings(profile, _WRITTEN, losses)
    request = shown_request(connection.address, profile, with_secrets=with_secrets)
    if not request.is_complete:
        losses.lose(Loss.SECRETS, connection.name)
    sent = messages_of(connection)
    for one in connection.messages:
        if one not in sent:
            losses.lose(Loss.MESSAGES, one.name)
    found = [message for one in sent if (message := _message(one, losses)) is not None]
    return LoadTest(request, found)


def _message(message: SavedMessage, losses: NamedLosses) -> SentMessage | None:
    if not is_binary(message):
        return SentMessage(message.name, message.text)
    if message.encoding:  # its schemas are not exported
        losses.lose(Loss.MESSAGES, message.name)
        return None
    try:
        if message.format is MessageFormat.HEX:
            return SentMessage(message.name, bytes.fromhex(message.text))
        return SentMessage(message.name, b64decode("".join(message.text.split()), validate=True))
    except (ValueError, Base64Error):
        losses.lose(Loss.MESSAGES, message.name)
        return None
