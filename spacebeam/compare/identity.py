"""Numbers for values, so that values of any depth are compared at once."""

from __future__ import annotations

import json
from array import array
from decimal import Decimal

from spacebeam.decode.decoder import Value

_Container = list[Value] | dict[str, Value]


class Identities:
    """Gives equal values the same number: 1 and 1.0 differ, the order of keys does not count.

    The containers of added values must not be changed or dropped afterwards.
    """

    def __init__(self) -> None:
        # By texts: their hashes are random, while a peer can choose numbers whose hashes collide.
        self._numbers: dict[str | bytes, int] = {}
        self._containers: dict[int, int] = {}  # by `id`

    def add(self, value: Value) -> None:
        """Add a value and all values in it."""
        pending = [(value, False)]
        while pending:
            one, has_members = pending.pop()
            if not isinstance(one, list | dict):
                continue
            if has_members:
                self._containers[id(one)] = self.number(self._written(one))
                continue
            pending.append((one, True))
            members = one.values() if isinstance(one, dict) else one
            pending.extend((member, False) for member in members if isinstance(member, list | dict))

    def of(self, value: Value) -> int:
        """Return the number of a value that was added, or is inside one."""
        if isinstance(value, list | dict):
            return self._containers[id(value)]
        return self.number(_scalar(value))

    def number(self, text: str | bytes) -> int:
        """Return the number of a text."""
        return self._numbers.setdefault(text, len(self._numbers))

    def _written(self, container: _Container) -> bytes:
        if isinstance(container, list):
            return b"[" + array("I", map(self.of, container)).tobytes()
        parts = array("I")
        for key in sorted(container):
            parts.append(self.number("k" + key))
            parts.append(self.of(container[key]))
        return b"{" + parts.tobytes()


def _scalar(value: bool | int | float | Decimal | str | bytes | None) -> str | bytes:
    match value:
        case str():
            return "s" + value
        case bytes():
            return b"b" + value
        case bool() | None:
            return json.dumps(value)
        case int():
            return f"i{value:x}"
        case _:
            return f"f{value!r}"
