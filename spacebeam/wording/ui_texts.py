"""The texts of `.ui` files: found for translation, and shown in the person's language.

They are translated by the same catalog as all other texts, not by GTK: so the window has one
language, from a checkout and an installed package alike, even where the C library lacks the locale.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape

from spacebeam.wording.i18n import _, has_translations

_TEXT = re.compile(
    r'(?P<start><(?P<element>[a-z]+)\b(?P<attributes>[^>]*) translatable="yes"(?P<more>[^>]*)>)'
    r"(?P<text>[^<]*)(?P<end></(?P=element)>)"
)
_COMMENTS = re.compile(r'comments="([^"]*)"')


@dataclass(frozen=True, slots=True)
class UiText:
    """A text of a `.ui` file, with what its translator is told."""

    text: str
    comment: str = ""


def ui_texts(ui: str) -> Iterator[UiText]:
    """Yield the texts that are marked as translatable."""
    for found in _TEXT.finditer(ui):
        comment = _COMMENTS.search(found["attributes"] + found["more"])
        yield UiText(unescape(found["text"]), unescape(comment[1]) if comment else "")


def translated_ui(ui: bytes) -> bytes:
    """Return a `.ui` file with its texts translated; the same one if there is no translation."""
    if not has_translations():
        return ui
    return _TEXT.sub(_translated, ui.decode()).encode()


def _translated(found: re.Match[str]) -> str:
    text = escape(_(unescape(found["text"])), quote=False)
    return f"{found['start']}{text}{found['end']}"
