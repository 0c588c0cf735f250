"""Messages in the form that the options ask for: text, decoded values, hexadecimal, Base64."""

from __future__ import annotations

from dataclasses import dataclass, field

from spacebeam.cli.forms import BinaryForm
from spacebeam.decode.decoder import Context, DecodeError
from spacebeam.decode.extended_json import written_extended
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.schemas import Schemas
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.search.decoding import context_of


@dataclass(slots=True)
class MessageForm:
    """How the messages of a connection are printed, in their order.

    With the name of a decoder, payloads in its format are decoded by it, all others by the best
    decoder. With "", text messages are text, and binary ones are decoded if their format is known.
    With None, nothing is decoded.
    """

    binary: BinaryForm = BinaryForm.HEX  # of what is neither text nor decoded
    decoder: str | None = None
    connection: Context = field(default_factory=Context)

    @classmethod
    def of_options(
        cls,
        binary: BinaryForm | None,
        decoder: str | None,
        *,
        is_terminal: bool,
        schemas: Schemas | None = None,
    ) -> MessageForm:
        """Return the form that the options ask for; None where they do not say.

        A terminal gets no raw bytes, and sees what is known decoded.
        """
        connection = Context(schemas=schemas)
        if not is_terminal:
            return cls(binary or BinaryForm.HEX, decoder, connection)
        decoder = "" if decoder is None and binary is None else decoder
        form = BinaryForm.BASE64 if binary is BinaryForm.BASE64 else BinaryForm.HEX
        return cls(form, decoder, connection)

    def connected(self, endpoint: str, subprotocol: str) -> None:
        """Read the messages of another connection from now on."""
        self.connection = Context(
            endpoint=endpoint, subprotocol=subprotocol, schemas=self.connection.schemas
        )

    def text(self, payload: bytes, kind: Kind, direction: Direction = Direction.RECEIVED) -> bytes:
        """Return a message's payload in this form."""
        is_text = kind is Kind.TEXT
        if self.decoder is None or (is_text and not self.decoder):
            return payload if is_text else self.binary.write(payload)
        context = context_of(kind, direction, chosen=self.decoder, connection=self.connection)
        decoder = REGISTRY.best(payload, context)
        if decoder.is_text:
            return payload
        is_wanted = decoder.name == self.decoder
        if is_text and not is_wanted:
            return payload
        if decoder.has_fields and (is_wanted or not REGISTRY.is_guess(decoder, payload, context)):
            try:
                value = decoder.decode(payload, context).value
            except DecodeError:
                return payload if is_text else self.binary.write(payload)
            return written_extended(value).encode(errors="backslashreplace")
        return self.binary.write(payload)
