"""Decimal numbers of 128 bits, as BSON has them (IEEE 754, the binary integer form)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

_BIAS = 6176  # of the exponent
_MAX_EXPONENT = 6111
_MAX_DIGITS = 34
_INFINITY, _NOT_A_NUMBER = 0x1E, 0x1F  # the five bits after the sign
_SPECIAL = {"Infinity": 0x78 << 120, "-Infinity": 0xF8 << 120, "NaN": 0x7C << 120}


def read_decimal(data: bytes) -> str:
    """Return the number of 16 bytes as a text: "12.3400", "1E+3", "NaN"."""
    number = int.from_bytes(data, "little")
    is_negative = number >> 127
    kind = number >> 122 & 0x1F
    if kind >= _INFINITY:
        return "NaN" if kind == _NOT_A_NUMBER else "-Infinity" if is_negative else "Infinity"
    if kind >> 3 == 3:  # a coefficient that has too many digits counts as 0
        exponent, coefficient = number >> 111 & 0x3FFF, 0
    else:
        exponent, coefficient = number >> 113 & 0x3FFF, number & 2**113 - 1
    if coefficient >= 10**_MAX_DIGITS:
        coefficient = 0
    digits = tuple(map(int, str(coefficient)))
    return str(Decimal((is_negative, digits, exponent - _BIAS)))


def written_decimal(text: str) -> bytes:
    """Return the 16 bytes of a number. Raises ValueError."""
    if text in _SPECIAL:
        return _SPECIAL[text].to_bytes(16, "little")
    try:
        sign, digits, exponent = Decimal(text).as_tuple()
    except InvalidOperation:
        raise ValueError(f"“{text}” is no decimal number") from None
    if not isinstance(exponent, int):
        raise ValueError(f"“{text}” is no decimal number")
    coefficient = int("".join(map(str, digits[: _MAX_DIGITS + 1])))
    if exponent > _MAX_EXPONENT and len(digits) + exponent - _MAX_EXPONENT <= _MAX_DIGITS:
        coefficient *= 10 ** (exponent - _MAX_EXPONENT)
        exponent = _MAX_EXPONENT
    if len(digits) > _MAX_DIGITS or not -_BIAS <= exponent <= _MAX_EXPONENT:
        raise ValueError(f"a decimal number has {_MAX_DIGITS} digits and a bounded exponent")
    return (sign << 127 | (exponent + _BIAS) << 113 | coefficient).to_bytes(16, "little")
