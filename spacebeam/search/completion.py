"""Proposes the names of conditions while a filter is typed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from spacebeam.search.edits import pair_term
from spacebeam.search.filter import Quality

_MIN_LENGTH = 2  # characters; a shorter beginning is that of many words
_MEANINGS = {
    **{f"is:{one}": "" for one in Quality},
    "is:unanswered": "a question without an answer",
    "is:invalid": "a message that violates the JSON Schema",
    "size>": "size in bytes, k, M or G",
    "size<": "size in bytes, k, M or G",
    "latency>": "of answers, with ns, us, ms, s or m",
    "latency<": "of answers, with ns, us, ms, s or m",
    "pair:": "questions of a method, and their answers",
    "after:": "from a time on",
    "before:": "before a time",
    "json:": "a value in JSON",
    "gap:json:": "a sequence number that does not follow",
    "case:yes": "upper and lower case differ",
    "decode:": "read values in this format, as messagepack",
}
_PAIR = "pair:"
_MAX_NAMES = 12  # that are proposed
_NEVER_NEGATED = ("case:yes", "decode:")


class Proposal(NamedTuple):
    """A condition's name, or the whole condition, and what it means."""

    term: str
    meaning: str


def proposals(text: str, cursor: int, pair_names: Iterable[str] = ()) -> list[Proposal]:
    """Return how the word before the cursor may go on; a quotation does not.

    `pair_names` are the names of questions in the recording.
    """
    before = text[:cursor]
    word = before[word_start(text, cursor) :]
    if len(word) < _MIN_LENGTH or before.count('"') % 2 or text[cursor : cursor + 1].strip():
        return []
    if word.startswith(_PAIR):
        return _pairs(word.removeprefix(_PAIR).casefold(), pair_names)
    is_negated = before[: -len(word)].endswith("-")
    return [
        Proposal(term, meaning)
        for term, meaning in _MEANINGS.items()
        if term.startswith(word) and term != word
        if not (is_negated and term in _NEVER_NEGATED)
    ]


def _pairs(beginning: str, names: Iterable[str]) -> list[Proposal]:
    """Return the terms of the names whose last word begins so, and is not complete."""
    found: dict[str, str] = {}
    for name in names:
        last = name.rpartition(" ")[2]
        if last.casefold().startswith(beginning) and last.casefold() != beginning:
            if term := pair_term(last):
                found.setdefault(term, "" if last == name else name)
            if len(found) == _MAX_NAMES:
                break
    return [Proposal(*one) for one in sorted(found.items())]


def word_start(text: str, cursor: int) -> int:
    """Return where the word before the cursor begins, after a minus."""
    start = len(text[:cursor]) - len(text[:cursor].rpartition(" ")[2])
    return start + 1 if text[start : start + 1] == "-" else start
