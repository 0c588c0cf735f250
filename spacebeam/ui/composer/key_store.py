"""The keys of JSON objects in a conversation, to complete what is typed."""

from __future__ import annotations

from collections.abc import Iterable

MAX_KEYS = 2000
MAX_PROPOSALS = 8


class KeyStore:
    """At most 2,000 keys; those that were not seen for longest are forgotten."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}  # the key seen last is the last

    def add(self, keys: Iterable[str]) -> None:
        """Add keys that were seen."""
        for key in keys:
            self._counts[key] = self._counts.pop(key, 0) + 1
        while len(self._counts) > MAX_KEYS:
            del self._counts[next(iter(self._counts))]

    def clear(self) -> None:
        """Forget all keys, as of another conversation."""
        self._counts.clear()

    def proposals(self, prefix: str) -> list[str]:
        """Return the keys that begin with a prefix in either case, the most frequent first."""
        wanted = prefix.casefold()
        found = [key for key in self._counts if key.casefold().startswith(wanted) and key != prefix]
        return sorted(found, key=lambda key: -self._counts[key])[:MAX_PROPOSALS]
