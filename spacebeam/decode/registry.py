"""The formats Spacebeam knows, and the one place that decides which of them a payload has."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from spacebeam.decode.decoder import Context, Data, Decoder
from spacebeam.decode.hex import HexDecoder
from spacebeam.decode.json import JsonDecoder
from spacebeam.decode.text import TextDecoder

_GUESS = 0.5  # a decoder that is less sure than this guesses
_ANY_PAYLOAD = (TextDecoder.name, HexDecoder.name)

_logger = logging.getLogger(__name__)


class Registry:
    """Asks every decoder about a payload, and survives one that fails."""

    def __init__(self, decoders: Iterable[Decoder]) -> None:
        self._decoders = tuple(decoders)

    def choices(self, payload: Data, context: Context) -> list[Decoder]:
        """Return the decoders that can show the payload: the chosen one first, then the surest."""
        sure = {decoder: self._confidence(decoder, payload, context) for decoder in self._decoders}
        possible = [decoder for decoder in self._decoders if sure[decoder] > 0]
        return sorted(
            possible,
            key=lambda decoder: (decoder.name == context.chosen, sure[decoder]),
            reverse=True,
        )

    def best(self, payload: Data, context: Context) -> Decoder:
        """Return the decoder to show the payload with; hex can show any."""
        return self.choices(payload, context)[0]

    def is_guess(self, decoder: Decoder, payload: Data, context: Context) -> bool:
        """Return whether a decoder only guesses that the payload has its format.

        Text and hex can show any payload, so they guess nothing.
        """
        if decoder.name in _ANY_PAYLOAD:
            return False
        return self._confidence(decoder, payload, context) < _GUESS

    def summary(self, payload: Data, context: Context) -> str:
        """Return the payload on one line, safe to show."""
        for decoder in self.choices(payload, context):
            try:
                return decoder.summary(payload, context)
            except Exception:
                _logger.exception("The decoder %s failed", decoder.name)
        return ""

    def _confidence(self, decoder: Decoder, payload: Data, context: Context) -> float:
        try:
            return decoder.confidence(payload, context)
        except Exception:
            _logger.exception("The decoder %s failed", decoder.name)
            return 0


# To add a format, write a decoder in a file of its own and name it here.
REGISTRY = Registry((JsonDecoder(), TextDecoder(), HexDecoder()))
