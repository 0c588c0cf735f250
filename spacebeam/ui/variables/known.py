"""The variables that are known where something is typed, with their values as they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from spacebeam.decode.visible import one_line
from spacebeam.profiles.collection import Variable
from spacebeam.profiles.made_values import NAMES, MadeValues
from spacebeam.profiles.variables import Place, Resolver, TooLongError, places
from spacebeam.wording.i18n import _

SECRET = "•••"
KNOWN_COLORS = "#1c71d8", "#78aeed"  # in the light and in the dark style
UNKNOWN_COLORS = "#c01c28", "#ff7b63"
_TYPED = re.compile(r"\{\{\s*([^{}]{0,200})\Z")
_MAX_SHOWN = 200  # characters of a value


@dataclass(frozen=True, slots=True)
class Known:
    """The variables of a tab, and where each comes from, such as “Staging” or “from Trading”."""

    variables: Mapping[str, Variable] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)  # by name
    has_made_values: bool = True

    @property
    def is_in_use(self) -> bool:
        """Whether there are variables at all: else braces in a message are only text."""
        return bool(self.variables)

    def value(self, name: str) -> str | None:
        """Return a variable's value as it is shown; None if the name is unknown.

        A secret is never shown, nor is a value that has one in it.
        """
        variable = self.variables.get(name)
        if variable is None:
            made = self._is_made(name)
            return _("made when it is sent") if made else None
        if variable.value is None:
            return _("a secret that is not known yet")
        if variable.is_secret:
            return SECRET
        resolver = Resolver(self.variables)
        try:
            value = resolver.text(variable.value)
        except TooLongError:
            return _("too long")
        return SECRET if resolver.secrets else one_line(value[:_MAX_SHOWN])

    def has_value(self, name: str) -> bool:
        """Return whether there is a value to put in: a secret may have none yet."""
        variable = self.variables.get(name)
        return self._is_made(name) if variable is None else variable.value is not None

    def _is_made(self, name: str) -> bool:
        return self.has_made_values and MadeValues().value(name) is not None

    def unknown(self, text: str) -> list[Place]:
        """Return the variables of a text that are unknown."""
        found = places(text) if "{{" in text else []
        return [one for one in found if self.value(one.name) is None]

    def hint(self, name: str) -> str:
        """Return a sentence about a variable."""
        value = self.value(name)
        if value is None:
            return _("{name} is unknown").format(name=one_line(name))
        origin = self.origins.get(name, "")
        return f"{one_line(name)} = {value}" + (f"  ({one_line(origin)})" if origin else "")

    def proposals(self, typed: str) -> Iterator[tuple[str, str]]:
        """Yield names that begin with or contain what is typed, each with its value."""
        wanted = typed.casefold()
        names = [*self.variables, *(NAMES if self.has_made_values else ())]
        ranked = [name for name in names if wanted in name.casefold()]
        ranked.sort(key=lambda name: (not name.casefold().startswith(wanted), name.startswith("$")))
        for name in ranked:
            yield name, "" if name.startswith("$") else self.value(name) or ""

    def resolved(self, text: str) -> str:
        """Return a text with its variables replaced, and secrets masked, as it is shown."""
        shown = {
            name: Variable(name, SECRET) if one.is_secret or one.value is None else one
            for name, one in self.variables.items()
        }
        try:
            return Resolver(shown).text(text)
        except TooLongError:
            return text


def typed_name(before: str) -> str | None:
    """Return the beginning of the variable's name that is typed; None if none is."""
    found = _TYPED.search(before[-300:])
    return None if found is None else found.group(1)
