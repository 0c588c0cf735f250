"""Splits command lines into words, as bash and Windows' cmd do, without expanding anything."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from spacebeam.exchange.command_lines.pasted_connection import (
    MAX_WORDS,
    PasteError,
    PasteProblem,
)

_BASH = re.compile(
    r"""
    (?P<join>\\\r?\n)
    | (?P<space>[ \t]+)
    | (?P<end>[\r\n;&|]+)
    | (?P<redirect>\d?[<>]+&?)
    | \$'(?P<ansi>(?:[^'\\]|\\.)*+)(?P<ansi_end>'?)
    | '(?P<single>[^']*)(?P<single_end>'?)
    | \$?"(?P<double>(?:[^"\\]|\\.)*+)(?P<double_end>"?)
    | \\(?P<escaped>.)
    | (?P<plain>[^\s'"\\$`;&|<>]+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ANSI = re.compile(
    r"\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|(.))", re.DOTALL
)
_ANSI_LETTERS = {
    "n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v",
}  # fmt: skip
_IN_DOUBLE = re.compile(r'\\(?:\r?\n|([$`"\\]))')
# What bash would replace: $NAME, ${NAME}, $(command), `command`.
_EXPANSION = re.compile(r"(?<!\\)(?:\\\\)*(\$\(|\$\{?\w+\}?|`)")
_VARIABLE = re.compile(r"\$\{?\w+\}?")
_SUBSTITUTION = re.compile(r"\$\(|\(|\)")

# Between quotes without a caret, a caret is text; such quotes end with the line.
_CARET = re.compile(r'\^(?:\r?\n(\r?\n)?|(.))|"[^"\r\n]*"?', re.DOTALL)
_CMD = re.compile(
    r"""
    \\*" | (?P<space>[ \t\r\n]+) | (?P<end>[&|]+) | [^\s"\\&|]+ | .
    """,
    re.VERBOSE | re.DOTALL,
)
# Two hexadecimal digits are an escape of an address.
_CMD_VARIABLE = re.compile(r"(?<!\^)%(?![0-9A-Fa-f]{2})([A-Za-z_]\w*)%")
# Stand for separators that a caret made text.
_LITERALS = {"&": "\ue000", "|": "\ue001"}
_UNMARKED = str.maketrans({mark: literal for literal, mark in _LITERALS.items()})


@dataclass(slots=True)
class ShellWords:
    """The words of one or more commands."""

    commands: list[list[str]] = field(default_factory=lambda: [[]])
    expansions: list[str] = field(default_factory=list)  # left as text
    has_redirect: bool = False  # to or from a file, left out
    _word: str | None = None
    _is_file: bool = False  # the next word, after a redirect
    _count: int = 0

    def add(self, text: str) -> None:
        """Add text to the current word."""
        self._word = (self._word or "") + text

    def end_word(self) -> None:
        """End the current word."""
        if self._word is None:
            return
        self._count += 1
        if self._count > MAX_WORDS:
            raise PasteError(PasteProblem.TOO_LONG)
        if not self._is_file:
            self.commands[-1].append(self._word)
        self._word, self._is_file = None, False

    def end_command(self) -> None:
        """End the current command."""
        self.end_word()
        self._is_file = False
        if self.commands[-1]:
            self.commands.append([])

    def redirect(self) -> None:
        """End the current word, and leave out the next: a file."""
        self.end_word()
        self.has_redirect = self._is_file = True

    def note(self, expansion: str) -> None:
        """Note what a shell would have replaced."""
        if expansion not in self.expansions:
            self.expansions.append(expansion)


def bash_words(text: str) -> ShellWords:
    """Return the words of commands for bash. Raise PasteError for an open quote."""
    words, place = ShellWords(), 0
    while match := _BASH.match(text, place):
        place = match.end()
        kind = match.lastgroup or ""
        group = match.groupdict()
        if kind.endswith("_end"):
            if not group[kind]:
                raise PasteError(PasteProblem.OPEN_QUOTE)
            words.add(_quoted(kind.removesuffix("_end"), group, words))
        elif kind == "space":
            words.end_word()
        elif kind == "end":
            words.end_command()
        elif kind == "redirect":
            words.redirect()
        elif kind == "other":
            piece, place = _unquoted_expansion(text, match.start(), words)
            words.add(piece)
        elif kind == "plain" and match.group().startswith("#") and _begins_word(text, match):
            place = _end_of_line(text, place)
        elif kind != "join":
            words.add(group[kind] or "")
    words.end_word()
    return words


def _begins_word(text: str, match: re.Match[str]) -> bool:
    return match.start() == 0 or text[match.start() - 1] in " \t\r\n;"


def _end_of_line(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end


def _quoted(kind: str, group: dict[str, str | None], words: ShellWords) -> str:
    content = group[kind] or ""
    if kind == "ansi":
        return _ANSI.sub(_ansi, content)
    if kind == "single":
        return content
    for found in _EXPANSION.findall(content):
        words.note(_name(found))
    return _IN_DOUBLE.sub(lambda match: match[1] or "", content)


def _ansi(match: re.Match[str]) -> str:
    """Return the character of an escape. `\\xHH` is a code point, as browsers write it."""
    number = match[1] or match[2] or match[3]
    if number or match[4]:
        code = int(number, 16) if number else int(match[4], 8)
        return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"
    letter: str = match[5]
    return _ANSI_LETTERS.get(letter, letter if letter in "\\'\"?" else f"\\{letter}")


def _unquoted_expansion(text: str, start: int, words: ShellWords) -> tuple[str, int]:
    """Return what begins with `$` or a backtick as text, and where it ends."""
    end = start + 1
    if text.startswith("$(", start):
        end = _end_of_substitution(text, start)
    elif text[start] == "`":
        end = text.find("`", start + 1) + 1 or len(text)
    elif match := _VARIABLE.match(text, start):
        end = match.end()
    if end > start + 1:
        words.note(_name(text[start:end]))
    return text[start:end], end


def _end_of_substitution(text: str, start: int) -> int:
    depth = 0
    for match in _SUBSTITUTION.finditer(text, start):
        depth += -1 if match.group() == ")" else 1
        if depth == 0:
            return match.end()
    return len(text)


def _name(expansion: str) -> str:
    """Return how an expansion is named: a command may have a secret in it."""
    return "$(…)" if expansion.startswith(("$(", "`")) else expansion


def is_for_cmd(text: str) -> bool:
    """Whether a command line is written for Windows' cmd."""
    return re.search(r"\s\^\"|\^\r?\n", text) is not None


def cmd_words(text: str) -> ShellWords:
    """Return the words of commands for cmd: first the carets, then Windows' argument rules."""
    words, is_quoted = ShellWords(), False
    for variable in _CMD_VARIABLE.findall(text):
        words.note(f"%{variable}%")
    for match in _CMD.finditer(_without_carets(text)):
        piece = match.group()
        if piece.endswith('"') and piece.strip("\\") == '"':
            slashes = len(piece) - 1
            words.add("\\" * (slashes // 2) + ('"' if slashes % 2 else ""))
            is_quoted ^= slashes % 2 == 0
        elif match.lastgroup == "space" and not is_quoted:
            words.end_word()
        elif match.lastgroup == "end" and not is_quoted:
            words.end_command()
        else:
            words.add(piece.translate(_UNMARKED))
    if is_quoted:
        raise PasteError(PasteProblem.OPEN_QUOTE)
    words.end_word()
    return words


def _without_carets(text: str) -> str:
    """Return the text without its carets; what one escapes is no separator."""

    def replaced(match: re.Match[str]) -> str:
        if match.group().startswith('"'):
            return match.group()
        if match[2] is None:
            return "\n" if match[1] else " "
        return _LITERALS.get(match[2], match[2])

    return _CARET.sub(replaced, text)
