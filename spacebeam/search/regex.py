"""Regular expressions over payloads, in linear time.

With RE2 and not `re`: a pattern that a person types must not stop the window, and RE2 searches a
block of messages about as fast as grep.
"""

from __future__ import annotations

from typing import Protocol

import re2

from spacebeam.protocol.batch import Data


class Match(Protocol):
    """The part of RE2's match object that is used; offsets are in bytes."""

    def start(self) -> int: ...
    def end(self) -> int: ...


class Regex(Protocol):
    """The part of RE2's compiled expression that is used; offsets are in bytes."""

    def search(
        self, text: Data | memoryview, pos: int | None = None, endpos: int | None = None
    ) -> Match | None: ...


class RegexError(ValueError):
    """An expression is not valid; the message says why."""


def compile_regex(pattern: str, ignores_case: bool = False) -> Regex:
    """Compile an expression in RE2's syntax for UTF-8.

    Raises RegexError.
    """
    return _compile(pattern, ignores_case)


def compile_loose(pattern: str, ignores_case: bool) -> tuple[Regex | None, bool]:
    """Compile an expression that can be searched for in a whole block.

    It matches wherever `pattern` does, and perhaps elsewhere: `^`, `$`, `\\b` and other assertions
    are left out, since in a block one payload follows another. Returns the expression, or None if
    it would match everywhere, and whether it is equal to `pattern`.
    """
    loose = loosened(pattern)
    try:
        regex = _compile(loose, ignores_case)
    except RegexError:
        return None, False
    matches_nothing = regex.search(b"") is not None
    return None if matches_nothing else regex, loose == pattern


def _compile(pattern: str, ignores_case: bool) -> Regex:
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.case_sensitive = not ignores_case
    try:
        regex: Regex = re2.compile(pattern.encode(errors="surrogatepass"), options)
    except re2.error as error:
        raise RegexError(_explanation(error.args[0])) from None
    return regex


def _explanation(reason: bytes) -> str:
    message = reason.decode(errors="replace")
    if "perl operator" in message and message.endswith(("(?=", "(?!", "(?<", "(?<=", "(?<!")):
        return "Lookahead and lookbehind are not supported in regular expressions"
    what, _colon, where = message.partition(": ")
    message = f"{what}, in “{where}”" if where else what
    return f"The regular expression is not valid: {message}"


_ASSERTING_ESCAPES = "AzbB"


def loosened(pattern: str) -> str:
    """Return `pattern` without its assertions. It matches at least what `pattern` matches."""
    pieces: list[str] = []
    position = 0
    while position < len(pattern):
        end = _piece_end(pattern, position)
        piece = pattern[position:end]
        if piece not in ("^", "$", *(f"\\{letter}" for letter in _ASSERTING_ESCAPES)):
            pieces.append(piece)
        elif pattern[end : end + 1] in ("*", "+", "?", "{"):
            pieces.append("(?:)")  # else the repetition would apply to the piece before
        position = end
    return "".join(pieces)


def _piece_end(pattern: str, start: int) -> int:
    """Return where the character, escape, quotation or class that begins at `start` ends."""
    if pattern.startswith("\\Q", start):
        end = pattern.find("\\E", start + 2)
        return len(pattern) if end < 0 else end + 2
    if pattern[start] == "\\":
        if pattern[start + 1 : start + 3] in ("p{", "P{", "x{"):
            end = pattern.find("}", start)
            return len(pattern) if end < 0 else end + 1
        return start + 2
    if pattern[start] != "[":
        return start + 1
    position = start + 1 + pattern.startswith("^", start + 1)
    if pattern.startswith("]", position):  # a literal ] as the first character
        position += 1
    while position < len(pattern) and pattern[position] != "]":
        if pattern.startswith("[:", position) and (close := pattern.find(":]", position + 2)) >= 0:
            position = close + 2
        else:
            position = _piece_end(pattern, position) if pattern[position] == "\\" else position + 1
    return position + 1
