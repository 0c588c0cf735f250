"""Text from a peer, made safe to show: control characters are seen, not obeyed.

A terminal would run them, a label would break its line at them, and the ones that turn the
writing direction would make a message read other than it is.
"""

from __future__ import annotations

import re

_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}
_HIDDEN = (
    *range(0x80, 0xA0),  # C1 controls; terminals obey them too
    0x00AD,  # soft hyphen
    0x061C,
    *range(0x200B, 0x2010),  # zero width and direction marks
    *range(0x2028, 0x202F),  # line and paragraph separators, direction overrides
    *range(0x2060, 0x2070),  # invisible operators, direction isolates
    0xFEFF,
    *range(0xFFF9, 0xFFFC),  # interlinear annotation
    *range(0xE0000, 0xE0080),  # tags
)
_ONE_LINE = _PICTURES | {code: f"⟨{code:04X}⟩" for code in _HIDDEN}
_LINES = {code: text for code, text in _ONE_LINE.items() if chr(code) not in "\n\t"}
# Between pictures it makes one of several: a family, a flag, a profession.
_JOINER = "\u200d"
_PICTURE = "\u2190-\u2bff\U0001f000-\U0001faff"
_JOINED = f"(?<=[{_PICTURE}\ufe0f]){_JOINER}(?=[{_PICTURE}])"


def one_line(text: str) -> str:
    """`text` on one line, every control character as its picture (U+2400 and on)."""
    return text if text.isprintable() else _translated(text, _ONE_LINE)


def lines(text: str) -> str:
    """`text` with its line feeds and tabs, every other control character as its picture."""
    return text if text.isprintable() else _translated(text, _LINES)


def _translated(text: str, table: dict[int, str]) -> str:
    if _JOINER not in text:
        return text.translate(table)
    return _JOINER.join(part.translate(table) for part in re.split(_JOINED, text))
