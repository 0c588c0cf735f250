"""Finds which elements of two lists belong together: by a key, else by their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from spacebeam.compare.alignment import Alignment
from spacebeam.compare.identity import Identities
from spacebeam.decode.decoder import Value

# Members that tell the elements of a list apart, the likeliest first; others end with “id”.
KEYS = ("id", "_id", "key", "uuid", "guid", "name", "symbol", "code", "slug", "sku", "path")
_ENDINGS = ("_id", "Id", "ID")
_MAX_ENDINGS = 4  # of the first element's members
_PAIR_SIZES = (2, 3)  # of elements such as a price and an amount

Places = tuple[int | None, int | None]  # before and after


@dataclass(frozen=True, slots=True)
class Matching:
    """Which elements belong together, in the order in which they are shown."""

    pairs: list[Places]
    key: str | int | None = None  # of objects, or the place of the key in lists; None: the order


class Matcher:
    """Matches the elements of lists whose values have identities."""

    def __init__(self, identities: Identities, keys: Sequence[str], *, finds_keys: bool) -> None:
        self._identities = identities
        self._keys = tuple(keys)
        self._finds_keys = finds_keys
        self._alignment = Alignment()

    def matched(self, before: list[Value], after: list[Value]) -> Matching:
        """Return which elements belong together."""
        if not self._keys and not self._finds_keys:
            return Matching(list(zip_longest(range(len(before)), range(len(after)))))
        for key in self._candidates(before, after):
            places = self._by_key(before, after, key)
            if places is not None:
                return Matching(places, key)
        return Matching(list(self._by_order(before, after)))

    def _candidates(self, before: list[Value], after: list[Value]) -> Iterator[str | int]:
        if not before or not after:
            return
        first = before[0]
        if isinstance(first, dict):
            yield from (name for name in self._keys if name in first)
            if self._finds_keys:
                yield from (name for name in KEYS if name in first)
                ids = [name for name in first if name.endswith(_ENDINGS) and name not in KEYS]
                yield from ids[:_MAX_ENDINGS]
        elif self._finds_keys and isinstance(first, list) and len(first) in _PAIR_SIZES:
            yield 0

    def _by_key(
        self, before: list[Value], after: list[Value], key: str | int
    ) -> list[Places] | None:
        """Return the pairs; None if the key does not tell all elements apart."""
        old, new = self._places(before, key), self._places(after, key)
        if old is None or new is None:
            return None
        common = len(old.keys() & new.keys())
        is_list = isinstance(key, int)
        needed = (min(len(old), len(new)) + 1) // 2 if is_list else key not in self._keys
        if common < needed:
            return None
        pairs: list[Places] = [(old.get(number), place) for number, place in new.items()]
        pairs += [(place, None) for number, place in old.items() if number not in new]
        return pairs

    def _places(self, elements: list[Value], key: str | int) -> dict[int, int] | None:
        """Return the places of a list's elements by the numbers of their keys."""
        found: dict[int, int] = {}
        for place, element in enumerate(elements):
            value = _key_value(element, key)
            if value is None:
                return None
            found[self._identities.of(value)] = place
        return found if len(found) == len(elements) else None

    def _by_order(self, before: list[Value], after: list[Value]) -> Iterator[Places]:
        of = self._identities.of
        for run in self._alignment.runs(list(map(of, before)), list(map(of, after))):
            if run.is_same:
                yield from zip(run.before, run.after, strict=True)
            else:
                yield from zip_longest(run.before, run.after)


def _key_value(element: Value, key: str | int) -> str | int | float | None:
    """Return the value that tells an element apart; None if it has none of its own."""
    value: Value = None
    if isinstance(key, int):
        if isinstance(element, list) and len(element) in _PAIR_SIZES:
            value = element[key]
        return value if isinstance(value, str | int | float) else None
    if isinstance(element, dict):
        value = element.get(key)
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None
