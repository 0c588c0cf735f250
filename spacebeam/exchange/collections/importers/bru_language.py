"""The language of Bruno's `.bru` files: blocks of pairs, of text and of names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from spacebeam.exchange.importers.importer import ImportFault, ImportFileError

_BLOCK = re.compile(r"([a-zA-Z][\w:.-]*)\s*([{\[])\s*")
_QUOTED_NAME = re.compile(r'"((?:[^"\\]|\\.)*)"\s*')
_TOP_LEVEL = re.compile(r"([a-zA-Z]\w*):\s*(.*)")
_ANNOTATION = re.compile(r"\s*@\w+(\s*\(|\s*$)")
_TEXT_BLOCKS = re.compile(
    r"(?:body(?!:ws\b|:grpc\b|:form|:multipart|:file).*|script.*|tests|docs|example.*)"
)
_QUOTES = "'''"
_CUT = 4  # characters in front of each line between the quotes


class BruPair(NamedTuple):
    """A name and its value in a block."""

    name: str
    value: str
    enabled: bool = True
    has_description: bool = False


@dataclass(slots=True)
class BruBlock:
    """A block: pairs, or a text, or a list of names."""

    name: str
    pairs: list[BruPair] = field(default_factory=list)
    text: str = ""
    items: list[str] = field(default_factory=list)

    def value(self, name: str) -> str:
        """Return the last value of a name; "" if there is none."""
        return next((one.value for one in self.pairs[::-1] if one.name == name), "")


def parse_bru(text: str) -> list[BruBlock]:
    """Return the blocks of a file; `name: value` outside of them is a block with a text.

    Raises ImportFileError.
    """
    return _BruParser(text).blocks()


class _BruParser:
    def __init__(self, text: str) -> None:
        self._lines = text.replace("\r\n", "\n").split("\n")
        self._at = 0

    def blocks(self) -> list[BruBlock]:
        found = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            if begin := _BLOCK.fullmatch(line):
                found.append(self._block(begin[1], is_list=begin[2] == "["))
            elif value := _TOP_LEVEL.fullmatch(line):
                found.append(BruBlock(value[1], text=value[2].strip()))
            elif line.strip():
                raise ImportFileError(ImportFault.OTHER_SHAPE, line=self._at)
        return found

    def _block(self, name: str, *, is_list: bool) -> BruBlock:
        block = BruBlock(name)
        if is_list:
            lines = self._until("]")
            items = (item.strip() for line in lines for item in line.split(","))
            block.items = [item for item in items if item and not item.startswith("@")]
        elif _TEXT_BLOCKS.fullmatch(name):
            lines = self._until("}")
            block.text = "\n".join(line.removeprefix("  ") for line in lines).strip("\n")
        else:
            self._pairs(block)
        return block

    def _until(self, end: str) -> list[str]:
        start = self._at
        while self._at < len(self._lines):
            self._at += 1
            if self._lines[self._at - 1].rstrip() == end:
                return self._lines[start : self._at - 1]
        raise ImportFileError(ImportFault.CUT_OFF, line=len(self._lines))

    def _pairs(self, block: BruBlock) -> None:
        has_description = False
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            if line.rstrip() == "}":
                return
            if _ANNOTATION.match(line) and not _is_local(line):
                has_description |= "description" in line
                if line.count(_QUOTES) % 2:
                    self._quoted("")
                continue
            if not line.strip():
                continue
            name, value, enabled = self._pair(line.strip())
            block.pairs.append(BruPair(name, self._value(value), enabled, has_description))
            has_description = False
        raise ImportFileError(ImportFault.CUT_OFF, line=len(self._lines))

    def _pair(self, line: str) -> tuple[str, str, bool]:
        """Return a line's name and value, and whether it is switched on."""
        rest = line.removeprefix("~")
        enabled = rest == line
        rest = rest.removeprefix("@")  # a local variable
        if quoted := _QUOTED_NAME.match(rest):
            name = re.sub(r"\\(.)", r"\1", quoted[1])
            colon, value = rest[quoted.end() : quoted.end() + 1], rest[quoted.end() + 1 :]
        else:
            name, colon, value = rest.partition(":")
        if colon != ":":
            raise ImportFileError(ImportFault.OTHER_SHAPE, line=self._at)
        return name.strip(), value.strip(), enabled

    def _value(self, value: str) -> str:
        if value.startswith(_QUOTES):
            return self._quoted(value[len(_QUOTES) :])
        if value == "[":
            start = self._at
            while self._at < len(self._lines):
                self._at += 1
                if self._lines[self._at - 1].strip() == "]":
                    items = (one.strip().rstrip(",") for one in self._lines[start : self._at - 1])
                    return "\n".join(item for item in items if item)
            raise ImportFileError(ImportFault.CUT_OFF, line=len(self._lines))
        return value

    def _quoted(self, first: str) -> str:
        """Return the text up to the next three quotes, of which a line's begin is cut off."""
        if _QUOTES in first:
            return first.partition(_QUOTES)[0].strip()
        lines = [first]
        while self._at < len(self._lines):
            line, end, _rest = self._lines[self._at].partition(_QUOTES)
            self._at += 1
            lines.append(line[_CUT:])
            if end:
                return "\n".join(lines).strip()
        raise ImportFileError(ImportFault.CUT_OFF, line=len(self._lines))


def _is_local(line: str) -> bool:
    """Whether a line is a local variable, `@name: value`."""
    return re.match(r"\s*~?@[^(:]*:", line) is not None
