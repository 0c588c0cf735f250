"""Reads YAML 1.2 as texts, lists and mappings: no text becomes a number, a date or an object.

A file may come from anyone, so its size, its depth and what its aliases expand to are limited.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

MAX_FILE = 16 * 1024 * 1024  # bytes
MAX_DEPTH = 64  # lists and mappings in each other
MAX_VALUES = 500_000  # in a file, its aliases expanded

Value = str | None | list["Value"] | dict[str, "Value"]

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))  # unquoted


class YamlProblem(StrEnum):
    """Why a file cannot be read."""

    SYNTAX = "syntax"
    TOO_LARGE = "too large"
    TOO_DEEP = "too deep"
    NOT_UTF8 = "not UTF-8"
    DUPLICATE_KEY = "duplicate key"
    ODD_KEY = "odd key"  # a list or mapping as a key
    UNKNOWN_ALIAS = "unknown alias"
    SEVERAL_DOCUMENTS = "several documents"
    NO_MAPPING = "no mapping"


class YamlError(Exception):
    """A text that is not YAML, or that is more than a file of a connection can be.

    `line` and `column` count from 1; 0 if they are unknown. `detail` has the parser's words or the
    key; it is the file's, and not escaped.
    """

    def __init__(
        self, problem: YamlProblem, line: int = 0, column: int = 0, detail: str = ""
    ) -> None:
        super().__init__(f"{problem} in line {line}, column {column}: {detail}")
        self.problem, self.line, self.column, self.detail = problem, line, column, detail


def parse(data: bytes | str, plain: Callable[[str], str] = str) -> dict[str, Value]:
    """Return the mapping in a YAML file; an empty file is an empty mapping. Raises YamlError.

    `plain` makes the value of a text without quotes.
    """
    try:
        value = _Builder(decoded(data), plain).value()
    except yaml.reader.ReaderError as error:
        raise YamlError(YamlProblem.SYNTAX, detail=str(error.reason)) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        words = error.problem or error.context or ""
        raise YamlError(YamlProblem.SYNTAX, line, column, str(words)) from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise YamlError(YamlProblem.NO_MAPPING, 1, 1)
    return value


def decoded(data: bytes | str) -> str:
    """Return a file's text without a byte order mark. Raises YamlError."""
    if len(data) > MAX_FILE:
        raise YamlError(YamlProblem.TOO_LARGE)
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    try:
        return data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        raise YamlError(YamlProblem.NOT_UTF8, line, column) from None


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come."""

    value: list[Value] | dict[str, Value]
    first: int  # number of the value
    anchor: str | None
    key: str | None = None


@dataclass(slots=True)
class _Builder:
    """Makes values of a parser's events."""

    text: str
    plain: Callable[[str], str] = str
    root: Value = None
    opened: list[_Open] = field(default_factory=list)
    count: int = 0  # values, aliases expanded
    anchors: dict[str, tuple[Value, int]] = field(default_factory=dict)  # value and its count

    def value(self) -> Value:
        parser = yaml.CBaseLoader(self.text)
        try:
            documents = 0
            event: Any
            while not isinstance(event := parser.get_event(), StreamEndEvent):
                if isinstance(event, DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        raise _error(YamlProblem.SEVERAL_DOCUMENTS, event)
                self._take(event)
        finally:
            parser.dispose()
        return self.root

    def _take(self, event: Any) -> None:
        if isinstance(event, ScalarEvent):
            is_null = event.implicit[0] and event.value in _NULLS
            value = self.plain(event.value) if event.implicit[0] else event.value
            self._add(event, None if is_null and not self._wants_key else value, 1)
            if event.anchor:
                self.anchors[event.anchor] = (None if is_null else value, 1)
        elif isinstance(event, MappingStartEvent):
            self._begin(event, {})
        elif isinstance(event, SequenceStartEvent):
            self._begin(event, [])
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            ended = self.opened.pop()
            if ended.anchor:
                self.anchors[ended.anchor] = (ended.value, self.count - ended.first)
        elif isinstance(event, AliasEvent):
            if event.anchor not in self.anchors:
                raise _error(YamlProblem.UNKNOWN_ALIAS, event, str(event.anchor))
            self._add(event, *self.anchors[event.anchor])

    @property
    def _wants_key(self) -> bool:
        return bool(self.opened) and (
            isinstance(self.opened[-1].value, dict) and self.opened[-1].key is None
        )

    def _begin(self, event: Any, value: list[Value] | dict[str, Value]) -> None:
        if len(self.opened) >= MAX_DEPTH:
            raise _error(YamlProblem.TOO_DEEP, event)
        first = self.count
        self._add(event, value, 1)
        self.opened.append(_Open(value, first, event.anchor))

    def _add(self, event: Any, value: Value, count: int) -> None:
        self.count += count
        if self.count > MAX_VALUES:
            raise _error(YamlProblem.TOO_LARGE, event)
        if not self.opened:
            self.root = value
            return
        inside = self.opened[-1]
        if isinstance(inside.value, list):
            inside.value.append(value)
        elif inside.key is None:
            if not isinstance(value, str):
                raise _error(YamlProblem.ODD_KEY, event)
            if value in inside.value:
                raise _error(YamlProblem.DUPLICATE_KEY, event, value)
            inside.key = value
        else:
            inside.value[inside.key] = value
            inside.key = None


def _error(problem: YamlProblem, event: Any, detail: str = "") -> YamlError:
    mark = event.start_mark
    return YamlError(problem, mark.line + 1, mark.column + 1, detail)
