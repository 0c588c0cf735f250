"""What the filter's bar says: how much was found, and what to try where nothing was."""

from __future__ import annotations

import re

from spacebeam.search.filter import HasQuality, Pattern, Quality, Term, Word
from spacebeam.search.parser import parse
from spacebeam.ui.search.chips import DIRECTIONS, KINDS

_SHOWN = 40  # characters of what was typed
_OR, _AND = ("OR", "or", "|", "||"), ("AND", "and", "&", "&&")
_SPECIAL = re.compile(r"[\\^$.|?*+()\[\]{}/]")


def count_words(shown: int, every: int, scanned: int | None = None) -> str:
    """“123 of 10,000”; with `scanned`, that so many were looked at and no more."""
    if scanned is not None and scanned < every:
        return f"{shown:,} of the first {scanned:,}"
    return f"{shown:,} of {every:,}"


def nothing_words(text: str) -> str:
    """Why a filter may have let nothing through, and what to try."""
    terms = parse(text).terms
    if (two := _rivals(terms)) is not None:
        return f"Nothing is {two[0]} and {two[1]} at once. Take one of the two away."
    if (other := _joined(terms)) is not None:
        return f"Words beside each other must all be there. {other}"
    if len(terms) > 1:
        return f"Nothing fits all {len(terms)} conditions. Take one away to see more."
    match terms:
        case (Term(condition=Word(word=word), is_negated=False),):
            return _no_word(word)
        case (Term(condition=HasQuality(quality=Quality.STARRED), is_negated=False),):
            return "Nothing has a star yet. Select an entry to give it one."
        case (Term(condition=Pattern(ignores_case=False), is_negated=False, written=written),):
            return f"Nothing matches {_short(written)}. Put an i behind it to ignore case."
    return f"Nothing fits {_short(text.strip())}."


def _no_word(word: str) -> str:
    said = f"Nothing holds “{_short(word)}”."
    name, colon, value = word.partition(":")
    for typed in (f"{name.lower()}{colon}{value}", word.lower()):
        meant = parse(typed)
        if not meant.errors and not isinstance(meant.terms[0].condition, Word):
            return f"{said} Conditions are written in small letters. Try {_short(typed)}"
    if word.upper() == word.lower() or not word.isprintable():
        return said
    pattern = _SPECIAL.sub(r"\\\g<0>", word)
    return f"{said} Words are matched as written. Try {_short(f'/{pattern}/i')}"


def _rivals(terms: tuple[Term, ...]) -> tuple[str, str] | None:
    """Two that no entry is at once."""
    meant = [term.condition for term in terms if not term.is_negated]
    asked = [one.quality for one in meant if isinstance(one, HasQuality)]
    for group in (DIRECTIONS, KINDS):
        found = [quality for quality in dict.fromkeys(asked) if quality in group]
        if len(found) > 1:
            return _named(found[0]), _named(found[1])
    return None


def _joined(terms: tuple[Term, ...]) -> str | None:
    """What to write where terms were joined with another language's “or” or “and”."""
    for before, term, behind in zip(terms, terms[1:], terms[2:], strict=False):
        if term.written in _AND:
            return f"Leave {term.written} out."
        one, other = before.condition, behind.condition
        if term.written in _OR and isinstance(one, Word) and isinstance(other, Word):
            pattern = "|".join(_SPECIAL.sub(r"\\\g<0>", word) for (word,) in (one, other))
            return f"For one of them try {_short(f'/{pattern}/')}"
    return None


def _named(quality: Quality) -> str:
    if quality in DIRECTIONS or quality in (Quality.TEXT, Quality.BINARY):
        return quality.value
    return f"{'an' if quality is Quality.EVENT else 'a'} {quality.value}"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
