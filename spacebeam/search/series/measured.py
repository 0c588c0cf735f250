"""Reads the series of what is measured of messages, and checks their paths."""

from __future__ import annotations

from spacebeam.recording.measured import Measured, measured_of, method_of
from spacebeam.search.json_path import PathError, compile_path
from spacebeam.search.pair_index import IS_QUESTION, PairIndex

_MAX_METHOD = 200  # characters
_DIGITS = 7  # of seconds; the index has floats of four bytes, whose further digits mean nothing


def check_path(path: str) -> None:
    """Raise PathError for a path that is neither JMESPath nor of something measured."""
    match measured_of(path):
        case None:
            compile_path(path)
        case Measured.SIZE if path != Measured.SIZE:
            raise PathError("Write size alone; it is the size of every message")
        case Measured.LATENCY if len(method_of(path)) > _MAX_METHOD:
            raise PathError(f"The name of a method has at most {_MAX_METHOD} characters here")


class Latencies:
    """The latencies of a method's answers, by the number of the answer's entry."""

    def __init__(self, pairs: PairIndex, method: str) -> None:
        self._pairs = pairs
        self._method = method
        self._name_count = 0  # of names that were compared with the method
        self._names: frozenset[int] = frozenset()

    def at(self, number: int) -> list[float]:
        """Return the latencies of the first answers in an entry, in seconds."""
        pairs = self._pairs
        return [
            round(pairs.latencies[row], _DIGITS)
            for row in pairs.rows(number, number + 1)
            if pairs.latencies[row] >= 0 and not pairs.flags[row] & IS_QUESTION
            if not self._method or self._has_name(pairs.names[row])
        ]

    def _has_name(self, name: int) -> bool:
        if self._name_count != self._pairs.name_count:
            self._name_count = self._pairs.name_count
            self._names = self._pairs.names_like(self._method, ignores_case=True)
        return name in self._names
