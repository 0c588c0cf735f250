"""What protocols share: keys that pair messages, and memory that is bounded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.embedded import read_embedded

MAX_MESSAGES = 1000  # of one value
MAX_TEXT = 200  # characters of a key or a remembered text; a longer key is replaced by its digest
_MAX_REMEMBERED = 1000  # entries of one protocol and connection
_MAX_YOUNG = 32  # of them, in the part that is copied with each addition
_MAX_INNER = 64 * 1024  # characters of JSON inside a text; longer ones stay text
_MAX_PLAIN = 10**18  # of an integer that is short in any form
_MAX_BITS = 256  # of an integer that is written with decimal digits


def key(scope: str, identifier: Value) -> str:
    """Return the pairing key of an id; empty if it is neither a text nor a number.

    A text and a number with the same digits have different keys.
    """
    if type(identifier) is int and -_MAX_PLAIN < identifier < _MAX_PLAIN and len(scope) < 100:
        return f"{scope}:{identifier}"  # what the rest returns, in a third of its time
    if isinstance(identifier, str):
        text = f'"{identifier}'
    elif isinstance(identifier, bool) or not isinstance(identifier, int | float | Decimal):
        return ""
    else:
        text = written_number(identifier)
    found = f"{scope}:{text}"
    if len(found) > MAX_TEXT:
        return hashlib.sha256(found.encode(errors="surrogatepass")).hexdigest()
    return found


def written_id(identifier: Value) -> str:
    """Return an id as a message has it, at most 200 characters; empty if it is none."""
    if type(identifier) is int and -_MAX_PLAIN < identifier < _MAX_PLAIN:
        return str(identifier)
    if isinstance(identifier, str):
        return identifier[:MAX_TEXT]
    if isinstance(identifier, bool) or not isinstance(identifier, int | float | Decimal):
        return ""
    return written_number(identifier)[:MAX_TEXT]


def written_number(number: float | Decimal) -> str:
    """Return a number as text; 1.0 as 1, because JavaScript writes it so."""
    if isinstance(number, int):
        return str(number) if number.bit_length() <= _MAX_BITS else hex(number)
    if isinstance(number, float) and number.is_integer():
        return str(int(number)) if abs(number) < 1e21 else str(number)
    return str(number)


def text(value: Value) -> str:
    """Return a value that is a text; else an empty one."""
    return value if isinstance(value, str) else ""


def inner_value(written: str) -> Value:
    """Return the value of JSON in a text; the text if it is none, or long, or nested deeply."""
    if written[:1] not in ("{", "[") or len(written) > _MAX_INNER:
        return written
    try:
        return read_embedded(written.encode(errors="surrogatepass"))
    except DecodeError:
        return written


@dataclass(frozen=True, slots=True)
class Recent:
    """Texts by key: the newest thousand. Long keys and texts are not remembered.

    It is a value, as what decoders remember is replaced and not changed: adding returns another.
    Most of the texts are in a part that is seldom copied.
    """

    _old: dict[str, str] = field(default_factory=dict)
    _young: dict[str, str] = field(default_factory=dict)

    def added(self, name: str, remembered: str) -> Recent:
        """Return the texts with another one."""
        if len(name) > MAX_TEXT or len(remembered) > MAX_TEXT:
            return self
        young = {**self._young, name: remembered}
        if len(young) < _MAX_YOUNG:
            return Recent(self._old, young)
        old = {key: one for key, one in self._old.items() if key not in young} | young
        return Recent(dict(islice(old.items(), max(len(old) - _MAX_REMEMBERED, 0), None)))

    def get(self, name: str) -> str:
        """Return the text of a key; empty if it is unknown."""
        return self._young.get(name) or self._old.get(name, "")

    def __len__(self) -> int:
        return len(self._old.keys() | self._young.keys())


def recent(context: Context, protocol: str) -> Recent:
    """Return what a protocol remembers of the connection."""
    found = context.memory.get(protocol)
    return found if isinstance(found, Recent) else Recent()


def remember(context: Context, protocol: str, name: str, remembered: str) -> None:
    """Let a protocol remember a text of the connection."""
    context.memory[protocol] = recent(context, protocol).added(name, remembered)
