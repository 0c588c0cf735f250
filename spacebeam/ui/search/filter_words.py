"""The texts of the filter bar: the number of matches, and advice where nothing matches."""

from __future__ import annotations

import re

from spacebeam.search.filter import HasQuality, Pattern, Quality, Term, Word, is_about_others
from spacebeam.search.parser import parse
from spacebeam.search.words import has_case
from spacebeam.ui.search.chips import DIRECTIONS, KINDS
from spacebeam.wording.i18n import _

_MAX_QUOTED = 40  # characters of a filter
_OR, _AND = ("OR", "or", "|", "||"), ("AND", "and", "&", "&&")
_SPECIAL = re.compile(r"[\\^$.|?*+()\[\]{}/]")


def match_count_words(shown: int, every: int, scanned: int | None = None) -> str:
    """Return “123 of 10,000”, or “123 of the first 5,000” while only `scanned` were searched."""
    if scanned is not None and scanned < every:
        return _("{shown:,} of the first {count:,}").format(shown=shown, count=scanned)
    return _("{number:,} of {count:,}").format(number=shown, count=every)


def no_match_words(text: str) -> str:
    """Explain why no entries match a filter, and what to try."""
    parsed = parse(text)
    terms = tuple(one for one in parsed.terms if not is_about_others(one.condition))
    if (two := _rivals(terms)) is not None:
        words = _("No entry is both {one} and {other}. Remove one of the two.")
        return words.format(one=two[0], other=two[1])
    if (other := _joined(terms)) is not None:
        return _("An entry must match all words. {advice}").format(advice=other)
    if len(terms) > 1:
        words = _("No entries match all {count} conditions. Remove one to see more.")
        return words.format(count=len(terms))
    match terms:
        case (Term(condition=Word(word=word), is_negated=False),):
            return _no_match_of_word(word, parsed.ignores_case)
        case (Term(condition=HasQuality(quality=Quality.STARRED), is_negated=False),):
            return _("No entries are starred yet. Select an entry to star it.")
        case (Term(condition=Pattern(ignores_case=False), is_negated=False, written=written),):
            words = _("No entries match {filter}. Add an i after it to ignore case.")
            return words.format(filter=_short(written))
    return _("No entries match {filter}.").format(filter=_short(text.strip()))


def _no_match_of_word(word: str, ignores_case: bool) -> str:
    sentence = _("No entries match “{word}”.").format(word=_short(word))
    name, colon, value = word.partition(":")
    for typed in (f"{name.lower()}{colon}{value}", word.lower()):
        meant = parse(typed)
        if not meant.errors and not isinstance(meant.terms[0].condition, Word):
            advice = _("Write conditions in lower case. Try {filter}")
            return f"{sentence} {advice.format(filter=_short(typed))}"
    if ignores_case or not has_case(word):
        return sentence
    hint = _("Case matters; remove case:yes to ignore it.")
    return f"{sentence} {hint}"


def _rivals(terms: tuple[Term, ...]) -> tuple[str, str] | None:
    """Return two qualities that exclude each other, if the terms ask for both."""
    meant = [term.condition for term in terms if not term.is_negated]
    asked = [one.quality for one in meant if isinstance(one, HasQuality)]
    for group in (DIRECTIONS, KINDS):
        found = [quality for quality in dict.fromkeys(asked) if quality in group]
        if len(found) > 1:
            return _named(found[0]), _named(found[1])
    return None


def _joined(terms: tuple[Term, ...]) -> str | None:
    """Return advice where terms are joined with another language's “or” or “and”."""
    for before, term, after in zip(terms, terms[1:], terms[2:], strict=False):
        if term.written in _AND:
            return _("Remove {word}.").format(word=term.written)
        one, other = before.condition, after.condition
        if term.written in _OR and isinstance(one, Word) and isinstance(other, Word):
            pattern = "|".join(_SPECIAL.sub(r"\\\g<0>", word) for (word,) in (one, other))
            words = _("To match one of them, try {filter}")
            return words.format(filter=_short(f"/{pattern}/"))
    return None


def _named(quality: Quality) -> str:
    if quality in DIRECTIONS or quality in (Quality.TEXT, Quality.BINARY):
        return quality.value
    words = _("an {kind}") if quality is Quality.EVENT else _("a {kind}")
    return words.format(kind=quality.value)


def _short(text: str) -> str:
    return text if len(text) <= _MAX_QUOTED else text[: _MAX_QUOTED - 1] + "…"
