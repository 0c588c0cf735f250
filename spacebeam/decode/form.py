"""Forms in URL-encoding (https://url.spec.whatwg.org/#application/x-www-form-urlencoded)."""

from __future__ import annotations

import re
from string import ascii_letters
from urllib.parse import quote_plus, unquote_to_bytes

from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Value
from spacebeam.decode.json_values import written
from spacebeam.decode.structured import StructuredDecoder
from spacebeam.decode.wrappers.opening import is_text
from spacebeam.decode.wrappers.wrapper import MAX_LEVELS, SURE, AsksFormats

_MAX_SIZE = 64 * 1024  # bytes; the fields of longer payloads are not looked at
_MAX_FIELDS = 1000
_BEGINNING = re.compile(rb"[A-Za-z_][A-Za-z0-9_.\-%+\[\]]{0,127}=")
_TEXT = re.compile(rb"(?:[!-$&-~]++|%[0-9A-Fa-f]{2})*")
_PROVED = 0.7
_POSSIBLE = 0.3


class FormDecoder(AsksFormats, StructuredDecoder):
    """Fields as browsers write them: `a=1&b=two+words`."""

    name = "Form"
    first_bytes = ascii_letters.encode() + b"_"
    is_text = True

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.7 if a field has content of a sure format, and 0.3 for two fields or more.

        Text is surer than that, as assignments and addresses look the same.
        """
        if len(payload) > _MAX_SIZE or not _BEGINNING.match(payload):
            return 0
        if context.is_cut or context.levels >= MAX_LEVELS:
            return 0
        try:
            fields = _fields(payload)
        except DecodeError:
            return 0
        for _name, content in fields:
            if content and self._value(content, context)[1]:
                return _PROVED
        return _POSSIBLE if len(fields) > 1 or context.chosen == self.name else 0

    def decode(self, payload: Data, context: Context) -> Decoded:
        """Return the fields' values: a list for several fields of a name, or for a list.

        Raises DecodeError.
        """
        values: dict[str, list[Value]] = {}
        for name, content in _fields(payload):
            try:
                key = name.decode()
            except UnicodeDecodeError:
                raise DecodeError("the name of a field is not UTF-8", 0) from None
            values.setdefault(key, []).append(self._value(content, context)[0])
        return Decoded(
            {
                key: one if len(one) > 1 or isinstance(one[0], list) else one[0]
                for key, one in values.items()
            }
        )

    def encode(self, value: Value) -> bytes:
        """Return the fields of an object. Raises ValueError."""
        if not isinstance(value, dict) or not value:
            raise ValueError("a form is an object of fields")
        fields = (
            f"{quote_plus(key)}={quote_plus(one if isinstance(one, str | bytes) else written(one))}"
            for key, values in value.items()
            for one in (values if isinstance(values, list) else [values])
        )
        return "&".join(fields).encode()

    def _value(self, content: bytes, context: Context) -> tuple[Value, bool]:
        """Return a field's value, and whether its format is sure."""
        inside = Context(
            "text" if is_text(content) else "binary", context.direction, levels=context.levels + 1
        )
        decoder = self.formats.best(content, inside)
        if self.formats.confidence(decoder, content, inside) >= SURE:
            try:
                return decoder.decode(content, inside).value, True
            except DecodeError:
                pass
        try:
            return content.decode(), False
        except UnicodeDecodeError:
            return content, False


def _fields(payload: Data) -> list[tuple[bytes, bytes]]:
    """Return names and values. Raises DecodeError."""
    match = _TEXT.fullmatch(payload)
    if match is None:
        raise DecodeError("not URL-encoding", 0)
    parts = bytes(payload).split(b"&", _MAX_FIELDS)
    if len(parts) > _MAX_FIELDS:
        raise DecodeError(f"more than {_MAX_FIELDS:,} fields", 0)
    fields = []
    for part in parts:
        name, equals, value = part.partition(b"=")
        if not equals or not name:
            raise DecodeError("a field has no name", 0)
        fields.append((_plain(name), _plain(value)))
    return fields


def _plain(text: bytes) -> bytes:
    return unquote_to_bytes(text.replace(b"+", b" "))
