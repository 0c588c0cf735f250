"""What is wrong with a text in the composer, and where, as sentences."""

from __future__ import annotations

from spacebeam.decode.json_check import Flaw, Mistake
from spacebeam.decode.visible import one_line
from spacebeam.wording.i18n import _

MAX_FOUND = 20  # characters that are quoted


def place_words(text: str, offset: int, words: str) -> str:
    """Return the sentence on a mistake at an offset in a text, with its line and column."""
    line = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    return _("Line {line}, column {column}: {words}.").format(
        line=f"{line:,}", column=f"{column:,}", words=words
    )


def json_words(flaw: Flaw) -> str:
    """Return what is wrong with a JSON text, as a part of a sentence."""
    words = {
        Mistake.NO_VALUE: _("a value is missing"),
        Mistake.NO_KEY: _("a key in quotation marks is missing"),
        Mistake.NO_COLON: _("a colon is missing after the key"),
        Mistake.NO_COMMA_IN_OBJECT: _("a comma or }} is missing"),
        Mistake.NO_COMMA_IN_ARRAY: _("a comma or ] is missing"),
        Mistake.EXTRA_COMMA: _("the comma before {found} is one too many"),
        Mistake.EXTRA_TEXT: _("the document ends before this"),
        Mistake.NO_QUOTE: _("the closing quotation mark is missing"),
        Mistake.SINGLE_QUOTE: _('strings are in double quotation marks (")'),
        Mistake.BAD_ESCAPE: _("{found} is no escape; a backslash is written \\\\"),
        Mistake.SHORT_ESCAPE: _("{found} needs four hexadecimal digits"),
        Mistake.CONTROL_CHARACTER: _("a control character in a string is written {escape}"),
        Mistake.BAD_NUMBER: _("“{found}” is not a number in JSON"),
        Mistake.BAD_WORD: _("“{found}” is not a value in JSON"),
    }[flaw.mistake]
    found = flaw.found[:MAX_FOUND]
    return words.format(found=one_line(found), escape=f"\\u{ord(found[:1] or ' '):04x}")


def running_number_words(placeholder: str) -> str:
    """Return why a placeholder is wrong in a JSON text, as a part of a sentence."""
    return _("{placeholder} is a number only when repeated").format(placeholder=placeholder)
