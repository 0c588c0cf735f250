"""Reads PowerShell's `Invoke-WebRequest`, as browsers copy it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from spacebeam.exchange.command_lines.connection_builder import ConnectionBuilder
from spacebeam.exchange.command_lines.pasted_connection import (
    MAX_WORDS,
    LeftOutKind,
    PasteError,
    PasteProblem,
)

_COMMANDS = ("invoke-webrequest", "invoke-restmethod", "iwr", "irm")
_NAMED = re.compile(r"\b(?:invoke-webrequest|invoke-restmethod|iwr|irm)\b", re.IGNORECASE)
_TOKEN = re.compile(
    r"""
    (?P<space>`\r?\n|[ \t])
    | (?P<end>[;\r\n])
    | "(?P<double>(?:[^"`]|`.|"")*+)(?P<double_end>"?)
    | '(?P<single>(?:[^']|'')*+)(?P<single_end>'?)
    | (?P<mark>@\{|[{}()=,])
    | (?P<word>(?:[^\s"'`{}()=,;]|`.)+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r'`(.)|""', re.DOTALL)
_ESCAPE_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "a": "\a", "b": "\b", "f": "\f"}
_EXPANSION = re.compile(r"(?<!`)(?:``)*(\$\(|\$\{?\w+\}?)")
_Take = Callable[[ConnectionBuilder, str], object]
_SWITCHES: dict[str, _Take] = {
    "usebasicparsing": lambda _builder, _value: None,
    "skipheadervalidation": lambda _builder, _value: None,
    "skipcertificatecheck": lambda builder, _value: builder.set("tls.verify", False),
}
_TAKEN: dict[str, _Take] = {
    "uri": ConnectionBuilder.set_address,
    "useragent": lambda builder, value: builder.header("User-Agent", value),
    "contenttype": lambda builder, value: builder.header("Content-Type", value),
    "body": ConnectionBuilder.add_message,
    "method": ConnectionBuilder.method,
    "proxy": ConnectionBuilder.proxy,
    "websession": lambda _builder, _value: None,  # its statements are read
}


class _Token(NamedTuple):
    kind: str  # "text" in quotes, "word", "mark" or "end"
    text: str


def is_power_shell(text: str) -> bool:
    """Whether a text has the command."""
    return _NAMED.search(text) is not None


def read_power_shell(builder: ConnectionBuilder, text: str) -> None:
    """Read statements of which one makes the request. Raise PasteError for an open quote."""
    _Reader(builder, list(_tokens(builder, text))).read()


def _tokens(builder: ConnectionBuilder, text: str) -> Iterator[_Token]:
    for count, match in enumerate(_TOKEN.finditer(text)):
        if count > 4 * MAX_WORDS:
            raise PasteError(PasteProblem.TOO_LONG)
        kind, group = match.lastgroup or "", match.groupdict()
        if kind.endswith("_end"):
            if not match[kind]:
                raise PasteError(PasteProblem.OPEN_QUOTE)
            if kind == "single_end":
                yield _Token("text", match["single"].replace("''", "'"))
                continue
            for found in _EXPANSION.findall(match["double"]):
                builder.leave_out(LeftOutKind.EXPANSION, "$(…)" if found == "$(" else found)
            yield _Token("text", _ESCAPE.sub(_unescaped, match["double"]))
        elif kind in ("end", "mark"):
            yield _Token(kind, group[kind] or "")
        elif kind != "space":
            yield _Token("word", match.group())


def _unescaped(match: re.Match[str]) -> str:
    letter: str | None = match[1]
    return '"' if letter is None else _ESCAPE_LETTERS.get(letter, letter)


class _Reader:
    """Goes through the tokens, without recursion."""

    def __init__(self, builder: ConnectionBuilder, tokens: list[_Token]) -> None:
        self._builder = builder
        self._tokens = tokens
        self._place = 0

    def read(self) -> None:
        while (token := self._next()) is not None:
            lower = token.text.lower()
            if token.kind == "word" and lower in _COMMANDS:
                if self._builder.address:
                    self._builder.leave_out(LeftOutKind.COMMAND, token.text)
                    self._skip_statement()
                else:
                    self._request()
            elif token.kind == "word" and lower.endswith(".useragent"):
                self._next()  # the equals sign
                self._builder.header("User-Agent", self._value())
            elif token.kind == "word" and lower.endswith(".cookies.add"):
                self._cookie()
            elif token.kind == "word" and lower.startswith("$") and "." not in lower:
                self._skip_statement()  # a new session
            elif token.kind != "end":
                self._builder.leave_out(LeftOutKind.COMMAND)
                self._skip_statement()

    def _next(self) -> _Token | None:
        if self._place >= len(self._tokens):
            return None
        self._place += 1
        return self._tokens[self._place - 1]

    def _value(self) -> str:
        """Return the next text or word, "" at the end of the statement."""
        token = self._next()
        if token is None or token.kind == "end":
            self._place -= token is not None
            return ""
        return token.text

    def _skip_statement(self) -> None:
        token = self._next()
        while token is not None and token.kind != "end":
            token = self._next()

    def _cookie(self) -> None:
        """Read `((New-Object System.Net.Cookie("name", "value", "/", "host")))`."""
        texts = []
        token = self._next()
        while token is not None and token.kind != "end":
            if token.kind == "text":
                texts.append(token.text)
            token = self._next()
        if len(texts) >= 2:
            self._builder.cookies(f"{texts[0]}={texts[1]}")

    def _request(self) -> None:
        token = self._next()
        while token is not None and token.kind != "end":
            if token.kind == "word" and token.text.startswith("-"):
                self._parameter(token.text)
            elif token.kind in ("text", "word") and not self._builder.address:
                self._builder.address = token.text
            token = self._next()

    def _parameter(self, written: str) -> None:
        name = written[1:].rstrip(":").lower()
        if name == "headers":
            self._headers()
        elif name in _SWITCHES:
            _SWITCHES[name](self._builder, "")
        elif name in _TAKEN:
            _TAKEN[name](self._builder, self._value())
        else:
            self._builder.leave_out(LeftOutKind.OPTION, written)
            following = self._tokens[self._place : self._place + 1]
            if following and not following[0].text.startswith("-"):
                self._value()

    def _headers(self) -> None:
        """Read `@{ "Name"="value" … }`."""
        token = self._next()
        if token is None or token.text != "@{":
            self._builder.leave_out(LeftOutKind.EXPANSION, token.text if token else "")
            return
        name = ""
        while (token := self._next()) is not None and token.text != "}":
            if token == _Token("mark", "="):
                self._builder.header(name, self._value())
                name = ""
            elif token.kind in ("text", "word"):
                name = token.text
