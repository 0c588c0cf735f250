"""The formats Spacebeam knows, and the one place that decides which of them a payload has.

To add a format, write a decoder in a file of its own and add it to REGISTRY.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

from spacebeam.decode.avro.decoder import AvroDecoder
from spacebeam.decode.bson import BsonDecoder
from spacebeam.decode.cbor import CborDecoder
from spacebeam.decode.decoder import Context, Data, DecodeError, Decoder, Value
from spacebeam.decode.hex import HexDecoder
from spacebeam.decode.json import JsonDecoder
from spacebeam.decode.json_values import TooDeepError, may_be_json, read_json
from spacebeam.decode.message_pack import MessagePackDecoder
from spacebeam.decode.protobuf.decoder import ProtobufDecoder
from spacebeam.decode.text import TextDecoder

_GUESS = 0.5  # a decoder that is less sure than this guesses
_SURE = 0.8  # two decoders are hardly ever both that sure
_ANY_PAYLOAD = (TextDecoder.name, HexDecoder.name)
_MAX_DEEP_SIZE = 1024 * 1024  # bytes of a deep JSON text that `value` reads
_logger = logging.getLogger(__name__)


class Registry:
    """Asks every decoder about a payload, and survives one that fails."""

    def __init__(self, decoders: Iterable[Decoder]) -> None:
        self.decoders = tuple(decoders)
        self._others_with_fields = [
            one for one in self.decoders if one.has_fields and not isinstance(one, JsonDecoder)
        ]
        self._reported: set[tuple[str, str]] = set()

    @property
    def has_only_json_fields(self) -> bool:
        """Whether JSON is the only format whose values have fields."""
        return not self._others_with_fields

    def choices(self, payload: Data, context: Context) -> list[Decoder]:
        """Return the decoders that can show the payload: the chosen one first, then the surest."""
        sure = [(self.confidence(one, payload, context), one) for one in self.decoders]
        possible = [pair for pair in sure if pair[0] > 0]
        possible.sort(key=lambda pair: (pair[1].name == context.chosen, pair[0]), reverse=True)
        return [decoder for _confidence, decoder in possible]

    def best(self, payload: Data, context: Context) -> Decoder:
        """Return the first of the choices; hex can show any payload."""
        best, best_confidence = self.decoders[-1], 0.0
        for decoder in self.decoders:
            confidence = self.confidence(decoder, payload, context)
            if confidence > 0 and decoder.name == context.chosen:
                return decoder
            if confidence > best_confidence:
                best, best_confidence = decoder, confidence
        return best

    def is_guess(self, decoder: Decoder, payload: Data, context: Context) -> bool:
        """Return whether a decoder only guesses that the payload has its format.

        Text and hex can show any payload, so they guess nothing.
        """
        if decoder.name in _ANY_PAYLOAD:
            return False
        return self.confidence(decoder, payload, context) < _GUESS

    def confidence(self, decoder: Decoder, payload: Data, context: Context) -> float:
        """Return a decoder's confidence; 0 if it fails."""
        try:
            return decoder.confidence(payload, context)
        except Exception as error:  # noqa: BLE001  reported
            self._report(decoder, error)
            return 0

    def summary(self, payload: Data, context: Context) -> str:
        """Return the payload on one line of at most 300 characters, safe to show."""
        best = self.best(payload, context)  # the choices' order is needed only if it fails
        try:
            return best.summary(payload, context)
        except Exception as error:  # noqa: BLE001  reported
            self._report(best, error)
        for decoder in self.choices(payload, context):
            try:
                return decoder.summary(payload, context)
            except Exception as error:  # noqa: BLE001  reported
                self._report(decoder, error)
        return ""

    def value(self, payload: Data, context: Context, max_deep_size: int = _MAX_DEEP_SIZE) -> Value:
        """Return the value in which a filter looks for keys and indexes.

        Valid JSON is JSON; for other payloads, the surest format that has fields decides. Raises
        DecodeError; TooDeepError for JSON that is nested deeply and larger than `max_deep_size`
        bytes (1 MiB).
        """
        # Most binary payloads are no JSON by their first byte, and cost no exception.
        if may_be_json(payload) or not self._others_with_fields:
            try:
                return read_json(payload, max_deep_size)
            except TooDeepError:
                raise
            except DecodeError:
                if not self._others_with_fields:
                    raise
        for decoder in self._surest_first(payload, context):
            try:
                return decoder.decode(payload, context).value
            except DecodeError:
                raise
            except Exception as error:  # noqa: BLE001  reported
                self._report(decoder, error)
        raise DecodeError("no fields", 0)

    def _surest_first(self, payload: Data, context: Context) -> Iterator[Decoder]:
        """Yield the formats that have fields; those after the first only matter if it fails."""
        surest = self._surest(payload, context)
        if surest is not None:
            yield surest
            others = self.choices(payload, context)
            yield from (one for one in others if one in self._others_with_fields)

    def _surest(self, payload: Data, context: Context) -> Decoder | None:
        """Return the surest format that has fields.

        A filter asks for each of a million messages, so the first that is sure enough is taken.
        """
        surest: Decoder | None = None
        its_confidence = 0.0
        for decoder in self._others_with_fields:
            confidence = self.confidence(decoder, payload, context)
            if confidence > 0 and decoder.name == context.chosen:
                return decoder
            if confidence > its_confidence:
                surest, its_confidence = decoder, confidence
                if confidence >= _SURE and not context.chosen:
                    break
        return surest

    def _report(self, decoder: Decoder, error: Exception) -> None:
        """Log a failure once. Its message may have parts of the payload, so its type is logged."""
        failure = decoder.name, type(error).__name__
        if failure not in self._reported:
            self._reported.add(failure)
            _logger.error("The decoder %s failed: %s", *failure)


REGISTRY = Registry(
    (
        JsonDecoder(),
        MessagePackDecoder(),
        CborDecoder(),
        BsonDecoder(),
        AvroDecoder(),
        ProtobufDecoder(),
        TextDecoder(),
        HexDecoder(),
    )
)
