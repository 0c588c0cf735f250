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

SAVED = "saved"  # in place of a decoder's name: those of the saved connection


@dataclass(frozen=True, slots=True)
class DecodingOptions:
    """By what messages are decoded."""

    decoder: str | None = None  # of --decode: a name, SAVED, "" for auto
    saved: tuple[str, str] = ("", "")  # of the saved connection: of texts, of binary messages
    schemas: Schemas | None = None  # of payloads that do not have them inside


@dataclass(slots=True)
class MessageForm:
    """How the messages of a connection are printed, in their order.

    With the name of a decoder, payloads in its format are decoded by it, all others by the best
    decoder; binary messages may have one of their own. With "", text messages are text, and binary
    ones are decoded if their format is known. With None, nothing is decoded.
    """

    binary: BinaryForm = BinaryForm.HEX  # of what is neither text nor decoded
    decoder: str | None = None
    connection: Context = field(default_factory=Context)
    binary_decoder: str | None = None  # of binary messages, if another than that of texts

    @classmethod
    def of_options(
        cls,
        binary: BinaryForm | None,
        decoding: DecodingOptions,
        *,
        is_terminal: bool,
    ) -> MessageForm:
        """Return the form that the options ask for; None where they do not say.

        A terminal gets no raw bytes, and sees what is known decoded.
        """
        decoder, connection = decoding.decoder, Context(schemas=decoding.schemas)
        form = binary or BinaryForm.HEX
        if is_terminal:
            decoder = SAVED if decoder is None and binary is None else decoder
            form = BinaryForm.HEX if form is BinaryForm.RAW else form
        if decoder == SAVED:
            text, binary_decoder = decoding.saved
            return cls(form, text, connection, binary_decoder)
        return cls(form, decoder, connection)

    def connected(self, endpoint: str, subprotocol: str) -> None:
        """Read the messages of another connection from now on."""
        self.connection = Context(
            endpoint=endpoint, subprotocol=subprotocol, schemas=self.connection.schemas
        )

    def text(self, payload: bytes, kind: Kind, direction: Direction = Direction.RECEIVED) -> bytes:
        """Return a message's payload in this form."""
        is_text = kind is Kind.TEXT
        chosen = self.decoder if is_text or self.binary_decoder is None else self.binary_decoder
        if chosen is None or (is_text and not chosen):
            return payload if is_text else self.binary.write(payload)
        context = context_of(kind, direction, chosen=chosen, connection=self.connection)
        decoder = REGISTRY.best(payload, context)
        if decoder.is_text:
            return payload
        is_wanted = decoder.name == chosen
        if is_text and not is_wanted:
            return payload
        if decoder.has_fields and (is_wanted or not REGISTRY.is_guess(decoder, payload, context)):
            try:
                value = decoder.decode(payload, context).value
            except DecodeError:
                return payload if is_text else self.binary.write(payload)
            return written_extended(value).encode(errors="backslashreplace")
        return self.binary.write(payload)
