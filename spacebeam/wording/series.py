"""Names and values of series, for charts and their texts."""

from __future__ import annotations

from spacebeam.decode.preview import size
from spacebeam.decode.visible import one_line
from spacebeam.recording.measured import Measured, measured_of, method_of
from spacebeam.wording.i18n import _
from spacebeam.wording.pairs import row_latency_words

_LARGEST = 1e15  # a larger one is damaged, and no time or size


def measured_name(path: str) -> str:
    """Return what a series measures, such as “Latency of getBook”; "" for values in messages."""
    match measured_of(path):
        case Measured.LATENCY:
            name = one_line(method_of(path))
            return _("Latency of {name}").format(name=name) if name else _("Latency")
        case Measured.SIZE:
            return _("Size")
    return ""


def measured_words(path: str, number: float) -> str | None:
    """Return a measured number with its unit; None for values in messages."""
    measured = measured_of(path)
    if measured is None or not 0 <= number < _LARGEST:
        return None
    return row_latency_words(number) if measured is Measured.LATENCY else size(round(number))


def newest_words(path: str, value: object, text: str) -> str:
    """Return the newest value of a series as a short text; `text` is that of one in a message."""
    words = measured_words(path, value) if isinstance(value, int | float) else None
    return text if words is None else words
