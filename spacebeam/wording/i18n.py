"""Translations by gettext, from `locale` beside this file; without one, the English text.

`scripts/translations.py` collects the texts into po/spacebeam.pot and compiles po/*.po.
"""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

DOMAIN = "spacebeam"
LOCALE_DIR = Path(__file__).with_name("locale")


@cache
def _translations() -> gettext.NullTranslations:
    # The languages are those of LANGUAGE, LC_ALL, LC_MESSAGES or LANG.
    return gettext.translation(DOMAIN, LOCALE_DIR, fallback=True)


def has_translations() -> bool:
    """Return whether texts are shown in another language than English."""
    return isinstance(_translations(), gettext.GNUTranslations)


def _(text: str) -> str:
    """Return the translation of `text`."""
    return _translations().gettext(text)


def pgettext(context: str, text: str) -> str:
    """Return the translation of a text that has several meanings; `context` tells which."""
    return _translations().pgettext(context, text)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the translation for `count` things."""
    return _translations().ngettext(singular, plural, count)
