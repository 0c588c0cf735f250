"""What a protocol is: the meaning of decoded values, whatever format the payloads have.

JSON-RPC, GraphQL over WebSocket or OCPP say the same in JSON, and some in MessagePack or CBOR. So
payloads stay what they are, and a protocol names the messages in their values.

A result of JSON-RPC, OCPP or the DevTools has no name of its own: `Message.name` of an answer is
empty then, and who pairs it shows the name of what it answers. So a protocol remembers nothing for
that. It does remember what pairing cannot tell: the topic of WAMP's subscription 17.
"""

from __future__ import annotations

from typing import Protocol as Interface

from spacebeam.decode.decoder import Context, Message, Value


class Protocol(Interface):
    """An application protocol over values."""

    @property
    def name(self) -> str:
        """The protocol's name, as people write it: “JSON-RPC 2.0”; also its key in the memory."""

    def confidence(self, value: Value, context: Context) -> float:
        """Return how sure it is that the connection speaks it: 0 never, 1 certain.

        The negotiated subprotocol and the endpoint say most; a value of the connection's can be
        proof enough. A guess stays under 0.5. It takes microseconds, for each value is asked about
        until a protocol is certain.
        """

    def messages(self, value: Value, context: Context) -> tuple[Message, ...]:
        """Return the messages of a value; none if it is not of this protocol.

        What an earlier message is needed for is in `context.memory`, by the protocol's name. It is
        bounded, and it is replaced, not changed: so a copy of the dictionary is enough to show a
        message again. One whose predecessor is not known is returned without it.
        """
