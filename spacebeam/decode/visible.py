"""Makes text from a peer safe to show: control characters become visible.

A terminal would execute them, a label would break its line at them, and direction marks would
change the order of the shown text.
"""

from __future__ import annotations

import re

_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}
# Where the font has none: few fonts do, and boxes would be drawn.
_CODES = {code: f"⟨{code:04X}⟩" for code in _PICTURES} | {0x09: "\u21e5", 0x0A: "\u21b5"}
_HIDDEN = (
    *range(0x80, 0xA0),  # C1 controls, which terminals execute too
    0x00AD,  # soft hyphen
    0x061C,
    *range(0x200B, 0x2010),  # zero width and direction marks
    *range(0x2028, 0x202F),  # line and paragraph separators, direction overrides
    *range(0x2060, 0x2070),  # invisible operators, direction isolates
    0xFEFF,
    *range(0xFFF9, 0xFFFC),  # interlinear annotation
    *range(0xE0000, 0xE0080),  # tags
)
# Bytes of a file's name that are not UTF-8, as os.fsdecode gives them: no widget takes them.
_BYTES = dict.fromkeys(range(0xDC80, 0xDD00), "\ufffd")
_ONE_LINE = _PICTURES | {code: f"⟨{code:04X}⟩" for code in _HIDDEN} | _BYTES
_LINES = {code: text for code, text in _ONE_LINE.items() if chr(code) not in "\n\t"}
_ESCAPES = {code: f"\\x{code:02x}" for code in (*range(0x20), 0x7F)}
_ESCAPES |= {ord("\\"): "\\\\", ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t"}
_ESCAPES |= {code: f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}" for code in _HIDDEN}
_ESCAPES |= {0xDC00 + byte: f"\\x{byte:02x}" for byte in range(0x80, 0x100)}  # surrogateescape
# It joins emoji to one: a family, a flag, a profession.
_JOINER = "\u200d"
_PICTURE = "\u2190-\u2bff\U0001f000-\U0001faff"
_JOINED = f"(?<=[{_PICTURE}\ufe0f]){_JOINER}(?=[{_PICTURE}])"


def set_pictures(are_in_font: bool) -> None:
    """Show control characters as pictures, or as code points, from now on in this program."""
    for code, text in (_PICTURES if are_in_font else _CODES).items():
        _ONE_LINE[code] = text
        if chr(code) not in "\n\t":
            _LINES[code] = text


def one_line(text: str) -> str:
    """Return `text` on one line, with a picture (from U+2400 on) for each control character."""
    return text if text.isprintable() else _translated(text, _ONE_LINE)


def lines(text: str) -> str:
    """Return `text` with line feeds and tabs, and a picture for each other control character."""
    return text if text.isprintable() else _translated(text, _LINES)


def escaped(payload: bytes) -> str:
    r"""Return a payload on one line; unlike that of `one_line`, it can be read back.

    A backslash becomes `\\`, a line feed, carriage return and tab `\n`, `\r`, `\t`; `\xHH` is
    another control character, or a byte that is not UTF-8; `\uHHHH` and `\UHHHHHHHH` are invisible
    characters.
    """
    text = payload.decode(errors="surrogateescape")
    return text if text.isprintable() and "\\" not in text else _translated(text, _ESCAPES)


def _translated(text: str, table: dict[int, str]) -> str:
    if _JOINER not in text:
        return text.translate(table)
    return _JOINER.join(part.translate(table) for part in re.split(_JOINED, text))
