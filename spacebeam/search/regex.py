"""Regular expressions over payloads, in time that grows no faster than what they read.

RE2 and not `re`: a pattern typed into the search must not stop the window, whatever it is, and RE2
looks through a block of messages about as fast as grep. It is loaded when a pattern is there.
"""

from __future__ import annotations

from typing import Protocol

from spacebeam.protocol.batch import Data


class Match(Protocol):
    """What RE2 gives for a match."""

    def start(self) -> int: ...
    def end(self) -> int: ...


class Regex(Protocol):
    """What is used of a compiled expression; offsets are in bytes."""

    def search(
        self, text: Data | memoryview, pos: int | None = None, endpos: int | None = None
    ) -> Match | None: ...


class RegexError(ValueError):
    """An expression that RE2 does not understand, in words for a person."""


def compile_regex(pattern: str, ignores_case: bool = False) -> Regex:
    """Compile an expression in RE2's syntax for UTF-8.

    Raises RegexError.
    """
    return _compile(pattern, ignores_case)


def compile_loose(pattern: str, ignores_case: bool) -> tuple[Regex | None, bool]:
    """An expression for a whole block: it matches wherever `pattern` does, perhaps elsewhere too.

    What `^`, `$`, `\\b` and the like find depends on where the text ends, and in a block one
    payload follows another. So they are left out. Also gives whether nothing had to be. There is
    no expression where one is of no use: it would match everywhere.
    """
    loose = loosened(pattern)
    try:
        regex = _compile(loose, ignores_case)
    except RegexError:
        return None, False
    matches_nothing = regex.search(b"") is not None
    return None if matches_nothing else regex, loose == pattern


def _compile(pattern: str, ignores_case: bool) -> Regex:
    import re2

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
    said = reason.decode(errors="replace")
    if "perl operator" in said and said.endswith(("(?=", "(?!", "(?<", "(?<=", "(?<!")):
        return "Regular expressions cannot look ahead or behind here"
    what, _colon, where = said.partition(": ")
    said = f"{what}, in “{where}”" if where else what
    return f"The regular expression cannot be read: {said}"


_ASSERTING_ESCAPES = "AzbB"


def loosened(pattern: str) -> str:
    """`pattern` without what matches a place and no text: all that it matches, and more."""
    kept: list[str] = []
    position = 0
    while position < len(pattern):
        end = _piece_end(pattern, position)
        piece = pattern[position:end]
        if piece not in ("^", "$", *(f"\\{letter}" for letter in _ASSERTING_ESCAPES)):
            kept.append(piece)
        elif pattern[end : end + 1] in ("*", "+", "?", "{"):
            kept.append("(?:)")  # or what repeats the place would repeat what is before it
        position = end
    return "".join(kept)


def _piece_end(pattern: str, start: int) -> int:
    """Where a character, an escape, a quotation or a class ends that begins at `start`."""
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
    if pattern.startswith("]", position):  # as its first character it stands for itself
        position += 1
    while position < len(pattern) and pattern[position] != "]":
        if pattern.startswith("[:", position) and (close := pattern.find(":]", position + 2)) >= 0:
            position = close + 2
        else:
            position = _piece_end(pattern, position) if pattern[position] == "\\" else position + 1
    return position + 1
