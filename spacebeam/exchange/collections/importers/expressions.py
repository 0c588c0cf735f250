"""Translates other programs' variables and made values to ours.

What has no counterpart stays as it was written, and is listed by the name of its function.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from spacebeam.exchange.losses import Loss, NamedLosses
from spacebeam.profiles.made_values import MadeValues
from spacebeam.profiles.variables import places

Translate = Callable[[str, NamedLosses], str]

_MADE = MadeValues(environ={})
_ENVIRONMENT = re.compile(r"(?:\$(?:env|processEnv|dotenv)\s+\S+|process\.env\.\w+)$")
_COMPUTED = re.compile(r"[$?]|vault:|process\.")  # in the programs that have plain names else
_PLAIN_NAME = re.compile(r"[\w.$-]+")
_HEAD = re.compile(r"[{$<%\[\s_.]*[\w.?:-]*")

_NUNJUCKS = re.compile(
    r"\{\{\s*(?P<name>[^{}]{1,200}?)\s*\}\}|\{%-?\s*(?P<tag>[^%]{1,2000}?)\s*-?%\}"
)
_NUNJUCKS_PATH = re.compile(r"(?:_\.)?([\w$-]+(?:\.[\w$-]+)*)|_\[\s*(['\"])([^'\"]+)\2\s*\]")
_TAGS = (
    (re.compile(r"uuid(?:\s+'v4')?"), "{{$uuid}}"),
    (re.compile(r"(?:now|timestamp)\s+'iso-8601'(?:\s*,\s*'')?"), "{{$isoTime}}"),
    (re.compile(r"(?:now|timestamp)\s+'unix'(?:\s*,\s*'')?"), "{{$timestamp}}"),
)

_YAAK = re.compile(r"\$\{\[\s*(.{1,4000}?)\s*\]\}|\\?\{\{", re.DOTALL)
_YAAK_NAME = re.compile(r"[\w.-]+")
_YAAK_RANGE = re.compile(
    r"random\.range\(\s*min\s*=\s*'?(-?\d+)'?\s*,\s*max\s*=\s*'?(-?\d+)'?\s*\)"
)
_YAAK_CALLS = {
    "uuid.v4()": "{{$uuid}}",
    "timestamp.unix()": "{{$timestamp}}",
    "timestamp.iso8601()": "{{$isoTime}}",
}

_ANGLED = re.compile(r"<<\s*([^<>\s]{1,200})\s*>>")


def braces(text: str, losses: NamedLosses) -> str:
    """Return a text of Postman, Bruno and OpenCollection, which write variables as we do."""
    for place in places(text):
        if _COMPUTED.match(place.name) and not _is_made(place.name):
            losses.lose(Loss.EXPRESSIONS, place.name.partition(":")[0])
    return text


def http_file(text: str, losses: NamedLosses) -> str:
    """Return a text of an `.http` file, which may have JavaScript in its braces."""
    text = text.replace("\\{\\{", "\\{{").replace("\\}\\}", "}}")
    for place in places(text):
        is_known = _is_made(place.name)
        if not is_known and (place.name[:1] == "$" or not _PLAIN_NAME.fullmatch(place.name)):
            losses.lose(Loss.EXPRESSIONS, _head(place.name))
    return text


def insomnia(text: str, losses: NamedLosses) -> str:
    """Return a text of Insomnia, which has Nunjucks templates."""
    if "{" not in text:
        return text

    def translated(found: re.Match[str]) -> str:
        if found["name"]:
            path = _NUNJUCKS_PATH.fullmatch(found["name"])
            if path:
                return "{{" + (path[1] or path[3]) + "}}"
        elif own := next((own for tag, own in _TAGS if tag.fullmatch(_straight(found["tag"]))), ""):
            return own
        losses.lose(Loss.EXPRESSIONS, _head(found["name"] or found["tag"]))
        return found[0]

    return _NUNJUCKS.sub(translated, text)


def yaak(text: str, losses: NamedLosses) -> str:
    """Return a text of Yaak, which writes `${[ name ]}`; two braces mean nothing there."""
    if "{" not in text:
        return text

    def translated(found: re.Match[str]) -> str:
        inner = found[1]
        if inner is None:
            return found[0] if found[0][0] == "\\" else "\\{{"
        if _YAAK_NAME.fullmatch(inner):
            return "{{" + inner + "}}"
        if numbers := _YAAK_RANGE.fullmatch(inner):
            return f"{{{{$randomInt {numbers[1]} {numbers[2]}}}}}"
        if inner in _YAAK_CALLS:
            return _YAAK_CALLS[inner]
        losses.lose(Loss.EXPRESSIONS, _head(inner))
        return found[0]

    return _YAAK.sub(translated, text)


def hoppscotch(text: str, losses: NamedLosses) -> str:
    """Return a text of Hoppscotch, which writes `<<name>>`."""
    return braces(_ANGLED.sub(r"{{\1}}", text), losses)


def plain(text: str, losses: NamedLosses) -> str:
    """Return a text of a format without variables; two braces are no variable."""
    return re.sub(r"\\?\{\{", lambda found: found[0] if found[0][0] == "\\" else "\\{{", text)


def _is_made(name: str) -> bool:
    return bool(_ENVIRONMENT.match(name)) or _MADE.value(name) is not None


def _straight(tag: str) -> str:
    return tag.replace('"', "'").strip()


def _head(expression: str) -> str:
    """Return an expression's beginning: its arguments may be secret."""
    head = _HEAD.match(expression)
    return head[0].strip() if head and head[0].strip() else "…"
