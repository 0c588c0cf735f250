"""The protocols Spacebeam knows, and the one place that decides which of them a connection speaks.

To add a protocol, write it in a file of its own and add it to PROTOCOLS.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import cast

from spacebeam.decode.decoder import Context, Message, Value
from spacebeam.decode.protocol import Protocol
from spacebeam.decode.protocols.action_cable import ActionCable
from spacebeam.decode.protocols.centrifugo import Centrifugo
from spacebeam.decode.protocols.dev_tools import DevTools
from spacebeam.decode.protocols.discord import DiscordGateway
from spacebeam.decode.protocols.graphql import GRAPHQL_TRANSPORT_WS, GRAPHQL_WS
from spacebeam.decode.protocols.home_assistant import HomeAssistant
from spacebeam.decode.protocols.json_rpc import JsonRpc
from spacebeam.decode.protocols.jupyter import Jupyter
from spacebeam.decode.protocols.ocpp import Ocpp
from spacebeam.decode.protocols.phoenix import Phoenix
from spacebeam.decode.protocols.wamp import Wamp
from spacebeam.decode.protocols.webdriver_bidi import WebDriverBiDi

MAX_ASKED = 100  # values of a connection in which its protocol is looked for
_SURE = 0.5  # a protocol that is less sure than this guesses, and is not believed
_MEMORY = "protocol"
_logger = logging.getLogger(__name__)


class Protocols:
    """Asks every protocol about a connection's first values, and survives one that fails."""

    def __init__(self, protocols: Iterable[Protocol]) -> None:
        self.protocols = tuple(protocols)
        self._reported: set[tuple[str, str]] = set()

    def find(self, value: Value, context: Context) -> Protocol | None:
        """Return the protocol of a connection, which a value may tell.

        Once found, it stays; if a hundred values do not tell, there is none.
        """
        found = context.memory.get(_MEMORY, 0)
        if isinstance(found, int):  # values that were asked without success
            if found >= MAX_ASKED:
                return None
            surest = self._surest(value, context)
            context.memory[_MEMORY] = surest or found + 1
            return surest
        return cast("Protocol", found)

    def messages(self, value: Value, context: Context) -> tuple[Message, ...]:
        """Return the messages of a value in the connection's protocol; none if it is unknown."""
        protocol = self.find(value, context)
        if protocol is None:
            return ()
        try:
            return protocol.messages(value, context)
        except Exception as error:  # noqa: BLE001  reported
            self._report(protocol, error)
            return ()

    def _surest(self, value: Value, context: Context) -> Protocol | None:
        best, best_confidence = None, 0.0
        for protocol in self.protocols:
            try:
                confidence = protocol.confidence(value, context)
            except Exception as error:  # noqa: BLE001  reported
                self._report(protocol, error)
                continue
            if confidence >= _SURE and confidence > best_confidence:
                best, best_confidence = protocol, confidence
        return best

    def _report(self, protocol: Protocol, error: Exception) -> None:
        """Log a failure once, by its type: its message may have parts of the value."""
        failure = protocol.name, type(error).__name__
        if failure not in self._reported:
            self._reported.add(failure)
            _logger.error("The protocol %s failed: %s", *failure)


PROTOCOLS = Protocols(
    (
        JsonRpc(),
        GRAPHQL_TRANSPORT_WS,
        GRAPHQL_WS,
        Ocpp(),
        Phoenix(),
        ActionCable(),
        DevTools(),
        WebDriverBiDi(),
        Wamp(),
        Jupyter(),
        Centrifugo(),
        HomeAssistant(),
        DiscordGateway(),
    )
)
