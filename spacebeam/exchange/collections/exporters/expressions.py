"""Translates our variables and made values to those of other programs."""

from __future__ import annotations

import re
from collections.abc import Callable

from spacebeam.exchange.losses import Loss, NamedLosses

_VARIABLE = re.compile(r"\\\{\{|\{\{\s*(?P<name>[^{}]{1,200}?)\s*\}\}")
_UUID = frozenset(("$uuid", "$guid", "$randomuuid", "$random.uuid"))
_ISO_TIME = frozenset(("$isotime", "$isotimestamp"))
_ENV = re.compile(r"(?:\$(?:env|processEnv|dotenv)\s+|process\.env\.)(\w+)")
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


def _translated(
    text: str, losses: NamedLosses, name: Callable[[str], str | None], literal: str
) -> str:
    """Return a text with other variables; `name` gives None for what stays and is listed."""

    def put(found: re.Match[str]) -> str:
        if found["name"] is None:
            return literal
        other = name(found["name"])
        if other is None:
            losses.lose(Loss.EXPRESSIONS, found["name"].partition(" ")[0])
            return found[0]
        return other

    return _VARIABLE.sub(put, text)


def postman(text: str, losses: NamedLosses) -> str:
    """Return a text of Postman."""

    def other(name: str) -> str | None:
        lower = name.lower()
        if lower in _UUID:
            return "{{$guid}}"
        if lower in _ISO_TIME:
            return "{{$isoTimestamp}}"
        if name.startswith("$") or _ENV.fullmatch(name):
            return f"{{{{{name}}}}}" if lower in ("$timestamp", "$randomint") else None
        return f"{{{{{name}}}}}"

    return _translated(text, losses, other, "{{")


def http_file(text: str, losses: NamedLosses) -> str:
    """Return a text of an `.http` file."""

    def other(name: str) -> str | None:
        if name.lower() in _ISO_TIME:
            return "{{$isoTimestamp}}"
        if env := _ENV.fullmatch(name):
            return f"{{{{$processEnv {env[1]}}}}}"
        return None if name == "$seq" else f"{{{{{name}}}}}"

    return _translated(text, losses, other, "\\{\\{")


def insomnia(text: str, losses: NamedLosses) -> str:
    """Return a text of Insomnia."""

    def other(name: str) -> str | None:
        lower = name.lower()
        if lower in _UUID:
            return "{% uuid 'v4' %}"
        if lower in _ISO_TIME:
            return "{% now 'iso-8601', '' %}"
        if lower == "$timestamp":
            return "{% now 'unix', '' %}"
        if name.startswith("$") or _ENV.fullmatch(name):
            return None
        if _IDENTIFIER.fullmatch(name):
            return f"{{{{ _.{name} }}}}"
        return "{{ _['" + name.replace("'", "\\'") + "'] }}"

    return _translated(text, losses, other, "{{ '{{' }}")
