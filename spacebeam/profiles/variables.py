"""Variables in addresses, options and messages: `{{name}}` and made values such as `{{$uuid}}`.

An unknown name stays as it was written, since a message may hold braces of another language. Names
are case-sensitive. `\\{{` is two braces that begin no variable.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from spacebeam.profiles.collection import Variable
from spacebeam.profiles.made_values import MadeValues
from spacebeam.profiles.profile import DEFAULTS, Profile, value_at, with_values

MAX_DEPTH = 16  # variables in the values of variables
MAX_RESOLVED = 16 * 1024 * 1024  # characters of a text with its variables replaced
MAX_REPLACED = 100_000  # variables in one text, those in their values included

_VARIABLE = re.compile(r"\\(?P<braces>\{\{)|\{\{\s*(?P<name>[^{}]{1,200}?)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Place:
    """A variable in a text: characters `start` to `end`, braces included."""

    start: int
    end: int
    name: str


@dataclass(slots=True)
class Unresolved:
    """Names that could not be replaced, in the order they were met."""

    unknown: dict[str, None] = field(default_factory=dict)
    missing_secrets: dict[str, None] = field(default_factory=dict)  # their values are in no file
    circular: dict[str, None] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.unknown, *self.missing_secrets, *self.circular)


class TooLongError(Exception):
    """The text would be longer than MAX_RESOLVED, or has more variables than MAX_REPLACED."""


class Resolver:
    """Replaces variables, and remembers what could not be replaced and which secrets it used.

    A made value is made anew for each place; `made` says how.
    """

    def __init__(self, variables: Mapping[str, Variable], made: MadeValues | None = None) -> None:
        self._variables = variables
        self._made = made or MadeValues()
        self.unresolved = Unresolved()
        self.secrets: set[str] = set()  # values of secret variables that were put in
        self._left = MAX_REPLACED

    def text(self, text: str) -> str:
        """Return the text with its variables replaced. Raises TooLongError."""
        self._left = MAX_REPLACED
        return self._replaced(text, (), None)

    def message(self, text: str) -> str:
        """Return a message with its variables replaced. Raises TooLongError.

        In a text that is JSON as it is written, values are escaped as in a JSON string.
        """
        self._left = MAX_REPLACED
        return self._replaced(text, (), _in_json_string if _is_json(text) else None)

    def profile(self, profile: Profile) -> Profile:
        """Return a profile with the variables in its texts replaced. Raises TooLongError."""
        values = {path: self._value(value_at(profile, path)) for path in DEFAULTS}
        if auth := profile.protocol.auth:
            values["protocol.auth"] = self.message(auth)
        signs = tuple(
            replace(
                one,
                **{name: self._value(getattr(one, name)) for name in one.__dataclass_fields__},
            )
            for one in profile.other_sign_ins
        )
        return replace(with_values(profile, values), other_sign_ins=signs)

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, tuple):
            return tuple(self._value(one) for one in value)
        return value

    def _replaced(
        self, text: str, inside: tuple[str, ...], escaped: Callable[[str], str] | None
    ) -> str:
        pieces: list[str] = []
        end = length = 0
        for found in _VARIABLE.finditer(text):
            self._left -= 1
            if self._left < 0:
                raise TooLongError
            value = "{{" if found["braces"] else self._of_name(found["name"], inside)
            if value is None:
                continue
            piece = text[end : found.start()]
            pieces += (piece, escaped(value) if escaped and not found["braces"] else value)
            length += len(piece) + len(pieces[-1])
            if length > MAX_RESOLVED:
                raise TooLongError
            end = found.end()
        return "".join((*pieces, text[end:]))

    def _of_name(self, name: str, inside: tuple[str, ...]) -> str | None:
        if name in inside or len(inside) >= MAX_DEPTH:
            self.unresolved.circular[name] = None
            return None
        variable = self._variables.get(name)
        if variable is None:
            value = self._made.value(name)
            if value is None:
                self.unresolved.unknown[name] = None
            elif value and self._made.is_secret(name):
                self.secrets.add(value)
            return value
        if variable.value is None:
            self.unresolved.missing_secrets[name] = None
            return None
        value = self._replaced(variable.value, (*inside, name), None)
        if variable.is_secret and value:
            self.secrets.add(value)
        return value


def places(text: str) -> list[Place]:
    """Return the variables of a text, in their order."""
    return [
        Place(found.start(), found.end(), found["name"])
        for found in _VARIABLE.finditer(text)
        if found["name"]
    ]


def escaped(text: str) -> str:
    """Escape a text's braces, so that replacing variables returns the text."""
    return text.replace("{{", r"\{{")


def has_variables(text: str) -> bool:
    """Whether a text has something to replace."""
    return "{{" in text and bool(_VARIABLE.search(text))


def _in_json_string(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
