"""A saved connection made ready to connect: its variables replaced, in address, profile, messages.

Values of secret variables that were put in are hidden from then on wherever an address or a header
is shown, logged or recorded (`protocol.known_secrets`). A message is recorded as it was sent.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from spacebeam.profiles.collection import MessageFormat, SavedConnection, SavedMessage, Variable
from spacebeam.profiles.made_values import MadeValues
from spacebeam.profiles.profile import Profile
from spacebeam.profiles.variables import Resolver, Unresolved
from spacebeam.protocol.known_secrets import hide

# Returns a text in JSON as a message of the format with a name. Raises ValueError with a reason.
Encode = Callable[[str, str], str | bytes]


class MessageError(ValueError):
    """A saved message is not in its format, or cannot be encoded, for this reason."""

    def __init__(self, message: SavedMessage, reason: str = "") -> None:
        super().__init__(f"not {message.format.value}: {message.name}")
        self.message = message
        self.reason = reason


@dataclass(frozen=True, slots=True)
class PreparedConnection:
    """What to connect to, and what could not be replaced."""

    address: str
    profile: Profile
    unresolved: Unresolved


class Preparation:
    """Replaces the variables of one saved connection, again for each use.

    Keep it while the connection is in use: `made` counts `$seq`, one for all its messages. `encode`
    is set by who knows the connection's schemas. Every method raises TooLongError.
    """

    def __init__(
        self,
        connection: SavedConnection,
        variables: Mapping[str, Variable],
        made: MadeValues | None = None,
    ) -> None:
        self.connection = connection  # with what its folders say
        self.variables = variables
        self.made = made or MadeValues()
        self.encode: Encode | None = None

    def prepared(self) -> PreparedConnection:
        """Return address and profile."""
        resolver = self.resolver()
        address = resolver.text(self.connection.address)
        profile = resolver.profile(self.connection.profile)
        hide(resolver.secrets)
        return PreparedConnection(address, profile, resolver.unresolved)

    def payload(self, message: SavedMessage) -> str | bytes:
        """Return a message as it is sent; unknown variables stay. Raises MessageError."""
        return self._payload(message, self.resolver())

    def with_variables(self, variables: Mapping[str, Variable]) -> Preparation:
        """Return the same with other variables."""
        changed = Preparation(self.connection, variables, self.made)
        changed.encode = self.encode
        return changed

    def missing_secrets(self, *, in_all_messages: bool = False) -> tuple[str, ...]:
        """Return the secret variables without a value that connecting needs, or any message."""
        resolver = Resolver(self.variables, self.made.apart())
        messages = [one for one in self.connection.messages if one.on_connect or in_all_messages]
        for text in (self.connection.address, *(one.text for one in messages)):
            resolver.text(text)
        resolver.profile(self.connection.profile)
        return tuple(resolver.unresolved.missing_secrets)

    def trial(self, message: SavedMessage) -> Unresolved:
        """Return what cannot be replaced in a message; no made value counts as used.

        Raises MessageError.
        """
        resolver = Resolver(self.variables, self.made.apart())
        try:
            self._payload(message, resolver)
        except MessageError:
            if not resolver.unresolved.names:
                raise
        return resolver.unresolved

    def on_connect(self) -> tuple[str | bytes, ...]:
        """Return the messages to send after each connect, in their order. Raises MessageError."""
        return tuple(self.payload(one) for one in self.connection.messages if one.on_connect)

    def resolver(self) -> Resolver:
        """Return a resolver for a text beside the connection, such as a typed message."""
        return Resolver(self.variables, self.made)

    def _payload(self, message: SavedMessage, resolver: Resolver) -> str | bytes:
        payload = _as_typed(message, resolver)
        if not message.encoding or not isinstance(payload, str):
            return payload
        if self.encode is None:
            raise MessageError(message, "nothing can encode it here")
        try:
            return self.encode(payload, message.encoding)
        except ValueError as error:
            raise MessageError(message, str(error)) from None


def _as_typed(message: SavedMessage, resolver: Resolver) -> str | bytes:
    """Return the text of a message, or the bytes that are typed. Raises MessageError."""
    if message.format is MessageFormat.HEX:
        try:
            return bytes.fromhex(resolver.text(message.text))
        except ValueError:
            raise MessageError(message) from None
    if message.format is MessageFormat.BASE64:
        try:
            data = "".join(resolver.text(message.text).split())
            return base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            raise MessageError(message) from None
    return resolver.message(message.text)
