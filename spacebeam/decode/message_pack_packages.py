"""MessagePack as packages read it: many times as fast as our own reader, and with less care.

The package msgpack, if it is installed, has no offsets of errors, no strings that are not UTF-8,
and allocates what a length prefix asks for. So msgspec skims a payload before. What either refuses
is for `message_pack` to read.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from spacebeam.decode.byte_reader import SURELY_FLAT
from spacebeam.decode.decoder import Data
from spacebeam.decode.extended_json import MAX_DEPTH, is_within_depth, object_or_map

_SHORT_MAPS = frozenset(range(0x80, 0x90))  # first bytes of those with up to 15 pairs
MAPS = _SHORT_MAPS | {0xDE, 0xDF}
ARRAYS = frozenset((*range(0x90, 0xA0), 0xDC, 0xDD))
_NOT_MAPS_OR_ARRAYS = bytes(code for code in range(256) if code not in MAPS | ARRAYS)
_MAX_FLAT = 1024  # bytes: few enough for keys whose hashes collide, which a peer can choose
_PLAIN_TYPES = frozenset((str, int, float, bool, bytes, type(None)))


class _Unread:
    """Says that the package did not read a payload: None is a value."""


UNREAD: Any = _Unread()


@cache
def _skim() -> Callable[[Data], object]:
    """Return what raises an exception unless bytes are one complete object; it makes none."""
    from msgspec import Raw, msgpack

    return msgpack.Decoder(Raw).decode


def is_message_pack(payload: Data) -> bool:
    """Return whether a payload is one complete object."""
    try:
        _skim()(payload)
    except (ValueError, RecursionError):  # msgspec's errors are ValueErrors
        return False
    return True


@cache
def _unpack(extension: Callable[[int, bytes], Any]) -> Callable[[Data], Any] | None:
    try:
        import msgpack
    except ImportError:
        return None

    # By default it refuses maps whose keys are neither texts nor bytes.
    return partial(msgpack.unpackb, object_pairs_hook=object_or_map, ext_hook=extension)


@cache
def _flat_reader() -> Callable[[Data], Any]:
    from msgspec import msgpack

    return msgpack.Decoder().decode


def _flat(payload: Data) -> Any:
    """Return a short map whose keys are texts and whose values are plain, or `UNREAD`.

    Most messages are one. msgspec reads it several times as fast as the package msgpack, but what
    has the same key twice, a timestamp, another extension or more levels is read with more care.
    """
    if not 0 < len(payload) <= _MAX_FLAT or payload[0] not in _SHORT_MAPS:
        return UNREAD
    try:
        value = _flat_reader()(payload)
        is_plain = "$" not in "".join(value)
    except (TypeError, ValueError, RecursionError):  # a key is no text; msgspec's are ValueErrors
        return UNREAD
    is_whole = len(value) == payload[0] & 15 and _PLAIN_TYPES.issuperset(map(type, value.values()))
    return value if is_plain and is_whole else UNREAD


def unpacked(payload: Data, extension: Callable[[int, bytes], Any]) -> Any:
    """Return the value that a package reads, or `UNREAD`; `extension` reads a type and its data."""
    value = _flat(payload)
    if value is not UNREAD:
        return value
    unpack = _unpack(extension)
    if unpack is None or b"\xd6\xff" in payload or b"\xd7\xff" in payload or b"\x0c\xff" in payload:
        return UNREAD  # it may have a timestamp, in one of three forms
    is_small = len(payload) <= MAX_DEPTH  # so it has no more levels, and no long prefix is believed
    try:
        if not is_small:
            _skim()(payload)
        value = unpack(payload)
    except Exception:  # noqa: BLE001  the errors of both libraries are many; ours has the offset
        return UNREAD
    return value if is_small or _is_flat(payload) or is_within_depth(value) else UNREAD


def _is_flat(payload: Data) -> bool:
    """Return whether there are too few containers for many levels."""
    return len(payload.translate(None, _NOT_MAPS_OR_ARRAYS)) <= SURELY_FLAT
