"""Reads a command's words as options, by the rules of the program that they are for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class OptionGrammar:
    """The options of a program."""

    with_value: frozenset[str]  # long names
    flags: frozenset[str]
    short: Mapping[str, str] = field(default_factory=dict)  # letter to long name
    allows_equals: bool = True  # between a long name and its value

    def options(self, words: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield long names and values, "" for none; a positional argument has the name "".

        An unknown option is a flag, with its dashes.
        """
        left = list(reversed(words))
        while left:
            word = left.pop()
            if word == "--":
                yield from (("", one) for one in reversed(left))
                return
            if word.startswith("--"):
                yield self._long(word, left)
            elif word.startswith("-") and len(word) > 1:
                yield from self._cluster(word[1:], left)
            else:
                yield "", word

    def _long(self, word: str, left: list[str]) -> tuple[str, str]:
        name, equals, value = word[2:].partition("=")
        if not equals or not self.allows_equals:
            name, equals = word[2:], ""
        name = self._full(name)
        if name in self.with_value:
            return name, value if equals else left.pop() if left else ""
        return (name if name in self.flags else f"--{name}"), ""

    def _full(self, name: str) -> str:
        """Return the name of which this is a beginning, if there is only one."""
        known = self.with_value | self.flags
        found = [one for one in known if one.startswith(name)] if name not in known else [name]
        return found[0] if len(found) == 1 and name else name

    def _cluster(self, letters: str, left: list[str]) -> Iterator[tuple[str, str]]:
        for place, letter in enumerate(letters):
            name = self.short.get(letter, f"-{letter}")
            if name in self.with_value:
                rest = letters[place + 1 :]
                if rest.startswith("=") and self.allows_equals:
                    rest = rest[1:]
                yield name, rest if letters[place + 1 :] else left.pop() if left else ""
                return
            yield name, ""


def names(text: str) -> frozenset[str]:
    """Return names that are separated by spaces."""
    return frozenset(text.split())


def letters(text: str) -> dict[str, str]:
    """Return long names by their letters, written `a=append b=cookie`."""
    return {one[0]: one[2:] for one in text.split()}


def dashed(name: str) -> str:
    """Return a long name as it is written; an unknown option has its dashes already."""
    return name if name.startswith("-") else f"--{name}"
