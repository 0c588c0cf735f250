"""Reads a call of `fetch`, as browsers copy it ("Copy as fetch").

Its text is JavaScript, of which literals are read; nothing is run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from spacebeam.exchange.command_lines.connection_builder import ConnectionBuilder
from spacebeam.exchange.command_lines.pasted_connection import (
    MAX_WORDS,
    LeftOutKind,
    PasteError,
    PasteProblem,
)

_MAX_DEPTH = 8  # of objects and lists
_CALL = re.compile(
    r"\s*(?:(?:const|let|var)\s+\w+\s*=\s*)?(?:await\s+)?(?:(?:window|globalThis)\s*\.\s*)?"
    r"fetch\s*\("
)
_TOKEN = re.compile(
    r"""
    (?P<space>\s+|//[^\n]*|/\*.*?\*/)
    | "(?P<double>(?:[^"\\\n]|\\.)*+)(?P<double_end>"?)
    | '(?P<single>(?:[^'\\\n]|\\.)*+)(?P<single_end>'?)
    | `(?P<template>(?:[^`\\]|\\.)*+)(?P<template_end>`?)
    | (?P<mark>[{}()\[\],:;])
    | (?P<word>[^\s"'`{}()\[\],:;]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(
    r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}|(.))", re.DOTALL
)
_ESCAPE_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "\n": ""}
_CLOSING = {"{": "}", "[": "]", "(": ")"}
# What a browser does with the answer, or does anyway.
_IMPLIED = frozenset(
    ("cache", "integrity", "keepalive", "mode", "priority", "referrerpolicy", "signal", "window")
)
_OF_PAGE = ("Origin", "Cookie", "Sec-WebSocket-Protocol")


class _Token(NamedTuple):
    kind: str  # "text", "template", "mark" or "word"
    text: str


@dataclass(frozen=True, slots=True)
class _Expression:
    """A value that only the running program knows."""

    name: str


_Value: TypeAlias = (
    "str | _Expression | list[_Value] | dict[str, _Value] | None"  # None is also `undefined`
)


def is_fetch_call(text: str) -> bool:
    """Return whether a text begins with a call of `fetch`."""
    return _CALL.match(text) is not None


def read_fetch_call(builder: ConnectionBuilder, text: str) -> None:
    """Read the first call with the address of a WebSocket, or the first one.

    Raise PasteError for an open quote.
    """
    calls = list(_Reader(list(_tokens(text))).calls())
    chosen = next((one for one in calls if _is_websocket(one)), calls[0] if calls else [])
    for _other in calls[1:]:
        builder.leave_out(LeftOutKind.COMMAND, "fetch")
    _take(builder, chosen)


def _tokens(text: str) -> Iterator[_Token]:
    for count, match in enumerate(_TOKEN.finditer(text)):
        if count > 4 * MAX_WORDS:
            raise PasteError(PasteProblem.TOO_LONG)
        kind = match.lastgroup or ""
        if kind.endswith("_end"):
            if not match[kind]:
                raise PasteError(PasteProblem.OPEN_QUOTE)
            name = kind.removesuffix("_end")
            is_made = name == "template" and "${" in match[name]
            yield _Token("template" if is_made else "text", _unescaped(match[name]))
        elif kind in ("mark", "word"):
            yield _Token(kind, match.group())


def _unescaped(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        letter: str | None = match[4]
        if letter is not None:
            return _ESCAPE_LETTERS.get(letter, letter)
        number = int(match[1] or match[2] or match[3], 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"

    text = _ESCAPE.sub(character, text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")


class _Reader:
    """Reads literals; what is computed becomes an _Expression."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._place = 0

    def calls(self) -> Iterator[list[_Value]]:
        """Yield the arguments of each call of `fetch`."""
        while self._place < len(self._tokens):
            token = self._next()
            is_named = token.kind == "word" and token.text.rpartition(".")[2] == "fetch"
            if is_named and self._peek() == "(":
                self._next()
                yield self._list(")", 0)

    def _next(self) -> _Token:
        """Return the next token; a closing mark at the end."""
        if self._place >= len(self._tokens):
            return _Token("mark", "")
        self._place += 1
        return self._tokens[self._place - 1]

    def _peek(self) -> str:
        """Return the next mark; "" at the end, and another text for anything else."""
        if self._place >= len(self._tokens):
            return ""
        token = self._tokens[self._place]
        return token.text if token.kind == "mark" else "a value"

    def _list(self, closing: str, depth: int) -> list[_Value]:
        found: list[_Value] = []
        while (mark := self._peek()) not in (closing, ""):
            if mark == ",":
                self._next()
            else:
                found.append(self._value(depth + 1))
        self._next()
        return found

    def _object(self, depth: int) -> dict[str, _Value]:
        found: dict[str, _Value] = {}
        while (mark := self._peek()) not in ("}", ""):
            token = self._next()
            if mark == ",":
                continue
            if self._peek() == ":":
                self._next()
                found[token.text] = self._value(depth + 1)
            else:  # a short form, a method or `...others`
                found[token.text] = self._expression(token.text)
        self._next()
        return found

    def _value(self, depth: int) -> _Value:
        token = self._next()
        value: _Value = None
        if depth > _MAX_DEPTH:
            return self._expression(token.text, token.text)
        if token == _Token("word", "new") and self._peek() == "a value":
            token = self._next()  # `new Headers({…})`
            arguments = self._list(")", depth) if self._next().text == "(" else []
            value = arguments[0] if arguments else _Expression(token.text)
        elif token.kind == "text":
            value = token.text
        elif token.kind == "mark" and token.text == "{":
            value = self._object(depth)
        elif token.kind == "mark" and token.text == "[":
            value = self._list("]", depth)
        elif token.kind != "word" or not re.fullmatch(
            r"null|undefined|true|false|[\d.]+", token.text
        ):
            return self._expression(token.text, token.text)
        elif token.text not in ("null", "undefined"):
            value = token.text
        return value if self._peek() in (",", "}", "]", ")", ";", "") else self._expression("")

    def _expression(self, name: str, opened: str = "") -> _Expression:
        """Skip the rest of a value; `opened` is a bracket that was read already."""
        wanted = [_CLOSING[opened]] if opened in _CLOSING else []
        while (mark := self._peek()) != "":
            if not wanted and mark in (",", "}", "]", ")", ";"):
                break
            if mark in _CLOSING:
                wanted.append(_CLOSING[mark])
            elif wanted and mark == wanted[-1]:
                wanted.pop()
            self._next()
        return _Expression(name)


def _is_websocket(arguments: list[_Value]) -> bool:
    address = arguments[0] if arguments else ""
    return isinstance(address, str) and address.lower().startswith(("ws:", "wss:"))


def _take(builder: ConnectionBuilder, arguments: list[_Value]) -> None:
    address, options, *_others = [*arguments, None, None]
    if isinstance(address, str):
        builder.set_address(address)
    given: dict[str, _Value] = options if isinstance(options, dict) else {}
    if isinstance(options, _Expression):
        builder.leave_out(LeftOutKind.EXPRESSION, options.name)
    names: set[str] = set()
    for name, value in given.items():
        if name.lower() == "headers":
            names = _take_headers(builder, value)
        elif isinstance(value, str) and name.lower() in _TAKEN:
            _TAKEN[name.lower()](builder, value)
        elif name.lower() not in _IMPLIED and value is not None:
            is_made = isinstance(value, _Expression)
            builder.leave_out(LeftOutKind.EXPRESSION if is_made else LeftOutKind.OPTION, name)
    for name in _OF_PAGE:
        sends_none = name == "Cookie" and given.get("credentials") == "omit"
        if name.lower() not in names and not sends_none:
            builder.leave_out(LeftOutKind.UNKNOWN_HEADER, name)


def _take_headers(builder: ConnectionBuilder, value: _Value) -> set[str]:
    """Take headers; return their names in lower case."""
    pairs: list[tuple[_Value, _Value]] = []
    if isinstance(value, dict):
        pairs = [(name, one) for name, one in value.items()]
    elif isinstance(value, list):
        pairs = [(one[0], one[1]) for one in value if isinstance(one, list) and len(one) == 2]
    else:
        builder.leave_out(LeftOutKind.EXPRESSION, "headers")
    for name, one in pairs:
        if not isinstance(name, str) or not isinstance(one, str):
            shown = name if isinstance(name, str) else "headers"
            builder.leave_out(LeftOutKind.EXPRESSION, shown)
        else:
            builder.header(name, one)
    return {name.lower() for name, _one in pairs if isinstance(name, str)}


def _referrer(builder: ConnectionBuilder, value: str) -> None:
    if "://" in value:
        builder.header("Referer", value)


def _redirect(builder: ConnectionBuilder, value: str) -> None:
    if value in ("error", "manual"):
        builder.redirects("0")


_TAKEN: dict[str, Callable[[ConnectionBuilder, str], object]] = {
    "method": ConnectionBuilder.method,
    "body": ConnectionBuilder.add_message,
    "referrer": _referrer,
    "redirect": _redirect,
    "credentials": lambda _builder, _value: None,  # whether cookies are sent
}
