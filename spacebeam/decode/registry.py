"""The formats Spacebeam knows, and the one place that decides which of them a payload has.

To add a format, write a decoder in a file of its own and add it to REGISTRY.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from weakref import ref

from spacebeam.decode.avro.decoder import AvroDecoder
from spacebeam.decode.bson import BsonDecoder
from spacebeam.decode.cbor import CborDecoder
from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Decoder, Value
from spacebeam.decode.form import FormDecoder
from spacebeam.decode.hex import HexDecoder
from spacebeam.decode.json import JsonDecoder
from spacebeam.decode.json_lines import JsonLinesDecoder
from spacebeam.decode.json_values import TooDeepError, may_be_json, read_json
from spacebeam.decode.jupyter_binary import JupyterBinaryDecoder
from spacebeam.decode.jwt import JwtDecoder
from spacebeam.decode.message_pack import MessagePackDecoder
from spacebeam.decode.mqtt import MqttDecoder
from spacebeam.decode.nats import NatsDecoder
from spacebeam.decode.phoenix_binary import PhoenixBinaryDecoder
from spacebeam.decode.protobuf.decoder import ProtobufDecoder
from spacebeam.decode.signalr import SignalRDecoder
from spacebeam.decode.signalr_message_pack import SignalRMessagePackDecoder
from spacebeam.decode.socketio import SocketIoDecoder
from spacebeam.decode.sockjs import SockJsDecoder
from spacebeam.decode.stomp import StompDecoder
from spacebeam.decode.structured import ConnectionDecoder
from spacebeam.decode.text import TextDecoder
from spacebeam.decode.text_encodings import ENCODINGS, EncodedTextDecoder
from spacebeam.decode.wrappers.base64 import Base64Decoder
from spacebeam.decode.wrappers.brotli import BrotliDecoder
from spacebeam.decode.wrappers.deflate import DeflateDecoder, ZlibDecoder
from spacebeam.decode.wrappers.gzip import GzipDecoder
from spacebeam.decode.wrappers.hex_text import HexTextDecoder
from spacebeam.decode.wrappers.json_string import JsonStringDecoder
from spacebeam.decode.wrappers.lz4 import Lz4Decoder
from spacebeam.decode.wrappers.percent import PercentDecoder
from spacebeam.decode.wrappers.wrapper import AsksFormats, Wrapper
from spacebeam.decode.wrappers.zstd import ZstdDecoder
from spacebeam.decode.xml import XmlDecoder
from spacebeam.decode.xmpp import XmppDecoder
from spacebeam.decode.zlib_stream import ZlibStreamDecoder

_OPENINGS_OF_JSON = (b"{", b"[")
_GUESS = 0.5  # a decoder that is less sure than this guesses
_PROVED = 0.8  # a decoder that is as sure as this has read the payload
_ANY_PAYLOAD = (TextDecoder.name, HexDecoder.name)
_LAST_RESORTS = (EncodedTextDecoder, TextDecoder, HexDecoder)  # any bytes may be theirs
_RESORT = 0.4  # they are never surer than this
_Asked = tuple[tuple[Decoder, ...], tuple[Decoder, ...]]
_ByBeginning = dict[bytes, _Asked]
_WHITESPACE = b" \t\r\n"
_MAX_RECENT = 64  # contexts
_MAX_KEPT = 16 * 1024  # beginnings of payloads, of all connections
MAX_DEEP_SIZE = 1024 * 1024  # bytes of a deep JSON text that `value` reads
_logger = logging.getLogger(__name__)


class Registry:
    """Asks every decoder about a payload, and survives one that fails."""

    def __init__(self, decoders: Iterable[Decoder]) -> None:
        self.decoders = tuple(
            one.asking(self) if isinstance(one, AsksFormats) else one for one in decoders
        )
        self._by_context: dict[tuple[object, ...], _ByBeginning] = {}
        # Those of some contexts by their identities, with the keys that their memory had. Weakly:
        # the memory of a connection that is over may be large.
        self._recent: dict[int, tuple[ref[Context], tuple[str, ...], _ByBeginning]] = {}
        self._kept = 0  # beginnings
        self._reported: set[tuple[str, str]] = set()

    def choices(self, payload: Data, context: Context) -> list[Decoder]:
        """Return the decoders that can show the payload: the chosen one first, then the surest."""
        formats, resorts = self._asked(payload, context)
        return self._ordered(formats + resorts, payload, context)

    def best(self, payload: Data, context: Context) -> Decoder:
        """Return the first of the choices; hex can show any payload."""
        if context.chosen:
            return self.choices(payload, context)[0]
        best, best_confidence = self.decoders[-1], 0.0
        for decoders in self._asked(payload, context):
            if best_confidence >= _RESORT:
                break
            for decoder in decoders:
                try:
                    confidence = decoder.confidence(payload, context)
                except Exception as error:  # noqa: BLE001  reported
                    self._report(decoder, error)
                    continue
                if confidence >= _PROVED:
                    return decoder
                if confidence > best_confidence:
                    best, best_confidence = decoder, confidence
        return best

    def _asked(self, payload: Data, context: Context) -> _Asked:
        """Return the decoders to ask: what is known of a payload excludes most.

        Those of the last resort come by themselves.
        """
        recent = self._recent.get(id(context))
        if recent is not None and recent[0]() is context and recent[1] == tuple(context.memory):
            known = recent[2]
        else:
            known = self._known_of(context)
        beginning = bytes(payload[:2])
        asked = known.get(beginning)
        if asked is None:
            possible = [one for one in self.decoders if _may_have(one, beginning, context)]
            resorts = tuple(one for one in possible if type(one) in _LAST_RESORTS)
            formats = tuple(one for one in possible if one not in resorts)
            asked = known[beginning] = formats, resorts
            self._kept += 1
        return asked

    def _known_of(self, context: Context) -> _ByBeginning:
        """Return the decoders to ask by the first two bytes, as far as they are known."""
        if self._kept > _MAX_KEPT:
            self._by_context, self._recent, self._kept = {}, {}, 0
        remembered = tuple(context.memory)
        # The key has all that `_may_have` reads.
        key = (
            context.kind,
            remembered,
            context.endpoint,
            context.subprotocol,
            context.schemas is None,
        )
        known = self._by_context.setdefault(key, {})
        if len(self._recent) >= _MAX_RECENT:
            self._recent = {}
        self._recent[id(context)] = ref(context), remembered, known
        return known

    def _ordered(
        self, decoders: Iterable[Decoder], payload: Data, context: Context
    ) -> list[Decoder]:
        sure = [(self.confidence(one, payload, context), one) for one in decoders]
        possible = [pair for pair in sure if pair[0] > 0]
        if len(possible) > 1:
            possible.sort(key=lambda pair: (pair[1].name == context.chosen, pair[0]), reverse=True)
        return [decoder for _confidence, decoder in possible]

    def is_guess(self, decoder: Decoder, payload: Data, context: Context) -> bool:
        """Return whether a decoder only guesses what the payload is, or what is inside.

        Text and hex can show any payload, so they guess nothing.
        """
        if decoder.name in _ANY_PAYLOAD:
            return False
        if self.confidence(decoder, payload, context) < _GUESS:
            return True
        return isinstance(decoder, Wrapper) and decoder.is_guess_inside(payload, context)

    def confidence(self, decoder: Decoder, payload: Data, context: Context) -> float:
        """Return a decoder's confidence; 0 if it fails."""
        try:
            return decoder.confidence(payload, context)
        except Exception as error:  # noqa: BLE001  reported
            self._report(decoder, error)
            return 0

    def title(self, decoder: Decoder, payload: Data, context: Context) -> str:
        """Return a decoder's name, and of a wrapper also what is inside: “gzip › JSON”."""
        if isinstance(decoder, Wrapper):
            try:
                return decoder.title(payload, context)
            except Exception as error:  # noqa: BLE001  reported
                self._report(decoder, error)
        return decoder.name

    def has_fields(self, decoder: Decoder, payload: Data, context: Context) -> bool:
        """Return whether a decoder's values, or those inside a wrapper, have keys and indexes."""
        if isinstance(decoder, Wrapper):
            return decoder.has_fields_inside(payload, context)
        return decoder.has_fields

    def encode(self, value: Value, payload: Data, context: Context) -> bytes:
        """Return a payload of the value in the format of another payload, and in its wrappers.

        Raises ValueError if that has no way back.
        """
        decoder = self.best(payload, context)
        if isinstance(decoder, Wrapper):
            return decoder.encode_like(value, payload, context)
        return decoder.encode(value)

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

    def decoded(self, payload: Data, context: Context) -> tuple[Decoder, Decoded]:
        """Return the best decoder, and what it makes of the payload.

        A decoder that refuses the payload or fails is passed over: hex can show any.
        """
        if payload[:1] in _OPENINGS_OF_JSON and not (context.chosen or context.is_cut):
            formats, _resorts = self._asked(payload, context)
            # What is asked first and is valid is sure, as `best` would find in twice the time.
            if formats and isinstance(formats[0], JsonDecoder):
                try:
                    return formats[0], Decoded(read_json(payload, max_deep_size=0))
                except DecodeError:
                    pass
        best = self.best(payload, context)  # the choices' order is needed only if it fails
        decoded = self._decoded_by(best, payload, context)
        if decoded is not None:
            return best, decoded
        for decoder in self.choices(payload, context):
            decoded = self._decoded_by(decoder, payload, context)
            if decoded is not None:
                return decoder, decoded
        return self.decoders[-1], Decoded(bytes(payload))

    def _decoded_by(self, decoder: Decoder, payload: Data, context: Context) -> Decoded | None:
        try:
            return decoder.decode(payload, context)
        except DecodeError:
            return None
        except Exception as error:  # noqa: BLE001  reported
            self._report(decoder, error)
            return None

    def value(self, payload: Data, context: Context, max_deep_size: int = MAX_DEEP_SIZE) -> Value:
        """Return the value in which a filter looks for keys and indexes.

        Valid JSON is JSON, but for a string with a format inside, or if the person chose another
        format; for other payloads, the surest format that has fields decides. Raises DecodeError;
        TooDeepError for JSON that is nested deeply and larger than `max_deep_size` bytes (1 MiB).
        """
        # Most binary payloads are no JSON by their first byte, and cost no exception.
        value: Value = None
        if may_be_json(payload) and not context.chosen:
            try:
                value = read_json(payload, max_deep_size)
                if not isinstance(value, str):  # a string may have more inside
                    return value
            except TooDeepError:
                raise
            except DecodeError:
                pass
        best = self.best(payload, context)  # the choices' order is needed only if it fails
        if best.has_fields and (context.chosen or not isinstance(best, JsonDecoder)):
            try:
                return best.decode(payload, context).value
            except DecodeError:
                raise
            except Exception as error:  # noqa: BLE001  reported
                self._report(best, error)
        if value is not None:
            return value
        raise DecodeError("no fields", 0)

    def _report(self, decoder: Decoder, error: Exception) -> None:
        """Log a failure once. Its message may have parts of the payload, so its type is logged."""
        failure = decoder.name, type(error).__name__
        if failure not in self._reported:
            self._reported.add(failure)
            _logger.error("The decoder %s failed: %s", *failure)


def _may_have(decoder: Decoder, beginning: bytes, context: Context) -> bool:
    """Return whether a payload with these first bytes, two at most, may have a decoder's format."""
    if decoder.kinds and context.kind not in decoder.kinds:
        return False
    if decoder.first_bytes and not _begins_with(decoder.first_bytes, beginning):
        return False
    if not isinstance(decoder, ConnectionDecoder) or decoder.is_spoken(context):
        return True
    return beginning != b"" and beginning[0] in decoder.opening_bytes


def _begins_with(first_bytes: bytes, beginning: bytes) -> bool:
    """Return whether a beginning has one of these bytes, also after whitespace if that is one."""
    return beginning[:1] in first_bytes and all(
        one in first_bytes for one in beginning[1:] if beginning[0] in _WHITESPACE
    )


# Those that a connection's endpoint or subprotocol tells come first, those that unpack last: `best`
# asks no more once one is sure.
REGISTRY = Registry(
    (
        SocketIoDecoder(),
        StompDecoder(),
        MqttDecoder(),
        PhoenixBinaryDecoder(),
        JupyterBinaryDecoder(),
        ZlibStreamDecoder(),
        NatsDecoder(),
        SockJsDecoder(),
        XmppDecoder(),
        JsonDecoder(),
        SignalRDecoder(),  # its records end with a byte that JSON does not have
        JsonLinesDecoder(),
        XmlDecoder(),
        AvroDecoder(),
        ProtobufDecoder(),
        BsonDecoder(),
        CborDecoder(),
        MessagePackDecoder(),
        SignalRMessagePackDecoder(),
        JsonStringDecoder(),
        JwtDecoder(),
        FormDecoder(),
        GzipDecoder(),
        ZlibDecoder(),
        DeflateDecoder(),
        ZstdDecoder(),
        BrotliDecoder(),
        Lz4Decoder(),
        Base64Decoder(),
        HexTextDecoder(),
        PercentDecoder(),
        *ENCODINGS,
        TextDecoder(),
        HexDecoder(),
    )
)
# The decoders' names by what people write: “json-lines”.
NAMES = {one.name.lower().replace(" ", "-"): one.name for one in REGISTRY.decoders}
