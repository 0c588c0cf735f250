"""Sizes in bytes."""

from __future__ import annotations

from spacebeam.wording.i18n import ngettext

_UNITS = (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10))


def exact_size(count: int) -> str:
    """Return a number of bytes without rounding: 16 MiB, 1,000 bytes."""
    for unit, size in _UNITS:
        if count >= size and count % size == 0:
            return f"{count // size} {unit}"
    return ngettext("{count} byte", "{count} bytes", count).format(count=f"{count:,}")
