"""Writing filters: what chips and menus do to the text in the filter's bar.

The text is the only state. A chip is pressed while its term stands in the text, whoever wrote it.
"""

from __future__ import annotations

import re
from typing import Any

from spacebeam.protocol.batch import Kind
from spacebeam.recording.entry import Entry
from spacebeam.search.filter import Term, Word
from spacebeam.search.parser import parse

_NAMING_KEYS = ("type", "event", "op", "channel", "method", "action")  # what sorts of message share
_MAX_READ = 1024 * 1024  # bytes of JSON, when a menu opens
_SHORT = 64  # bytes
_TINY = 4  # characters; so few stand in many other texts
_BEGINNING = 24  # characters
_PLAIN_VALUE = re.compile(r"[A-Za-z_][A-Za-z0-9_.:/-]*")
_JSON_WORDS = ("true", "false", "null", "NaN", "Infinity")
_SPECIAL = re.compile(r"[\\^$.|?*+()\[\]{}/]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def quote(word: str) -> str:
    """The term for payloads that hold `word`, which may be any text."""
    terms = parse(word).terms
    if len(terms) == 1 and terms[0] == Term(Word(word)):
        return word
    return _in_quotes(word)


def _in_quotes(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def has_term(text: str, term: str) -> bool:
    """Whether a filter's text has a term, however it is written there."""
    wanted = parse(term).terms
    return bool(wanted) and set(wanted) <= set(parse(text).terms)


def with_term(text: str, term: str) -> str:
    """A filter's text with a term behind it, unless it has it."""
    if has_term(text, term):
        return text
    joined = f"{text.rstrip()} {term}".lstrip()
    # Behind something unfinished it would be a part of that.
    return joined if has_term(joined, term) else f"{term} {text.lstrip()}"


def without_term(text: str, term: str) -> str:
    """A filter's text without a term, wherever it stood."""
    unwanted = set(parse(term).terms)
    gone = [one for one in parse(text).terms if one in unwanted]
    for one in reversed(gone):
        text = _cut(text, one)
    return text


def _cut(text: str, term: Term) -> str:
    before, behind = text[: term.start], text[term.end :]
    return before + behind.lstrip() if behind else before.rstrip()


def hide_like(entry: Entry) -> str:
    """The term that hides entries like this one, and no others as far as one term can tell."""
    if entry.kind is not Kind.TEXT:
        return f"-is:{entry.kind.name.lower()}"
    if entry.size == 0:
        return "-size=0"
    if (member := _naming_member(entry)) is not None:
        return f"-json:{member[0]}={_value(member[1])}"
    is_short = entry.size <= _SHORT
    # A character takes four bytes at most; where the payload is cut one may be incomplete.
    beginning = bytes(entry.payload[: max(_SHORT, _BEGINNING * 4)]).decode(errors="ignore")
    if not is_short:
        return f"-/^{_escaped(beginning[:_BEGINNING])}/"
    if len(beginning) < _TINY or _CONTROL.search(beginning):
        return f"-/^{_escaped(beginning)}$/"
    return f"-{_in_quotes(beginning)}"


def _naming_member(entry: Entry) -> tuple[str, str] | None:
    """The member that says what sort of message a JSON object is."""
    if entry.payload[:1].strip() not in (b"{", b"") or entry.size > _MAX_READ:
        return None
    if len(entry.payload) < entry.size:
        return None
    import json

    try:
        value: Any = json.loads(entry.payload)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    for key in _NAMING_KEYS:
        name = value.get(key)
        if isinstance(name, str) and name.isprintable():
            return key, name
    return None


def _value(name: str) -> str:
    is_plain = _PLAIN_VALUE.fullmatch(name) and name not in _JSON_WORDS
    return name if is_plain else _in_quotes(name)


def _escaped(text: str) -> str:
    """A regular expression, in one line, that matches this text."""
    special = _SPECIAL.sub(r"\\\g<0>", text)
    return _CONTROL.sub(lambda match: f"\\x{{{ord(match[0]):x}}}", special)
