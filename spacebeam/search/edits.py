"""Edits a filter's text: adds and removes the terms of chips and menus.

The text is the only state: a chip is pressed while the text has its term.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from spacebeam.decode.decoder import DecodeError
from spacebeam.decode.json_tree import JsonTree, NodeKind
from spacebeam.decode.registry import REGISTRY
from spacebeam.protocol.batch import Kind
from spacebeam.recording.entry import Entry
from spacebeam.search.decoding import context_of
from spacebeam.search.filter import Pair, Term, Word
from spacebeam.search.parser import parse

_TYPE_KEYS = (
    "type",
    "event",
    "op",
    "channel",
    "method",
    "action",
)  # keys that name a message's type
_MAX_JSON_SIZE = 1024 * 1024  # bytes to parse when a menu opens
_MAX_SHORT_SIZE = 64  # bytes of a payload that is used as a whole
_MAX_VALUE_LENGTH = 200  # characters of a value in a term
_MAX_TYPE_NUMBER = 10**6  # a larger number is no type, but an identifier
_MAX_PATH_LENGTH = 1000  # characters of a path in a term
_MIN_WORD_LENGTH = 4  # characters; shorter texts are part of many others
_BEGINNING_LENGTH = 24  # characters of a long payload
_PLAIN_VALUE = re.compile(r"[A-Za-z_][A-Za-z0-9_.:/-]*")
_JSON_WORDS = ("true", "false", "null", "NaN", "Infinity")
_SPECIAL = re.compile(r"[\\^$.|?*+()\[\]{}/]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_UNTYPED = re.compile(r"[\0\ud800-\udfff]")  # what a text field cannot hold


def quote(word: str) -> str:
    """Return the term for payloads that contain `word`, which may be any text."""
    terms = parse(word).terms
    if len(terms) == 1 and terms[0] == Term(Word(word)):
        return word
    return _in_quotes(word)


def _in_quotes(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def has_term(text: str, term: str) -> bool:
    """Return whether a filter's text has a term, or one that means the same."""
    wanted = parse(term).terms
    return bool(wanted) and set(wanted) <= set(parse(text).terms)


def with_term(text: str, term: str) -> str:
    """Return a filter's text with a term added, if it does not have the term."""
    if has_term(text, term):
        return text
    joined = f"{text.rstrip()} {term}".lstrip()
    # After an incomplete term, it would become a part of that.
    return joined if has_term(joined, term) else f"{term} {text.lstrip()}"


def without_term(text: str, term: str) -> str:
    """Return a filter's text without a term."""
    unwanted = set(parse(term).terms)
    for one in reversed([one for one in parse(text).terms if one in unwanted]):
        text = _cut(text, one)
    return text


def _cut(text: str, term: Term) -> str:
    before, after = text[: term.start], text[term.end :]
    return before + after.lstrip() if after else before.rstrip()


def like(entry: Entry) -> str:
    """Return the term that entries like this one match, and as few others as possible."""
    if entry.kind is not Kind.TEXT:
        return f"is:{entry.kind.name.lower()}"
    if entry.size == 0:
        return "size=0"
    if (member := _type_member(entry)) is not None:
        return f"json:{member[0]}={member[1]}"
    is_short = entry.size <= _MAX_SHORT_SIZE
    # A character has up to four bytes; the last one may be cut.
    cut = max(_MAX_SHORT_SIZE, _BEGINNING_LENGTH * 4)
    beginning = bytes(entry.payload[:cut]).decode(errors="ignore")
    if not is_short:
        return f"/^{_escaped(beginning[:_BEGINNING_LENGTH])}/"
    if len(beginning) < _MIN_WORD_LENGTH or _CONTROL.search(beginning):
        return f"/^{_escaped(beginning)}$/"
    return _in_quotes(beginning)


def equals_term(path: str, value: str | float | None) -> str:
    """Return the term for payloads with this scalar value at a path."""
    if isinstance(value, str):
        return f"json:{path}={_value(value)}"
    return f"json:{path}={json.dumps(value)}"


def pair_term(name: str) -> str:
    """Return the term for the questions with this name and their answers.

    Return "" for a name that a filter cannot hold.
    """
    if _UNTYPED.search(name):
        return ""
    plain = f"pair:{name}"
    terms = parse(plain).terms
    is_plain = len(terms) == 1 and terms[0] == Term(Pair(name))
    return plain if is_plain else f"pair:{_in_quotes(name)}"


def type_terms(value: Mapping[str, object]) -> list[str]:
    """Return the terms for the members of an object that name its type."""
    return [
        equals_term(key, name)
        for key in _TYPE_KEYS
        if isinstance(name := value.get(key), str)
        and len(name) <= _MAX_VALUE_LENGTH
        and name.isprintable()
    ]


def json_term(tree: JsonTree, number: int) -> str:
    """Return the term for payloads that have the same value at the same path.

    For an object, an array or a text that a filter cannot hold: payloads that have the path.
    Return "" if the path is too long.
    """
    path, kind = tree.path(number) or "@", tree.kind(number)
    if len(path) > _MAX_PATH_LENGTH:
        return ""
    text = tree.text(number)
    is_container = kind in (NodeKind.OBJECT, NodeKind.ARRAY)
    if is_container or len(text) > _MAX_VALUE_LENGTH or _UNTYPED.search(text):
        return f"json:{path}"
    return f"json:{path}={_value(text) if kind is NodeKind.STRING else text}"


def _type_member(entry: Entry) -> tuple[str, str] | None:
    """Return the key and the term's value that name a JSON message's type, if there are such."""
    if entry.size > _MAX_JSON_SIZE or len(entry.payload) < entry.size:
        return None
    try:
        value = REGISTRY.value(entry.payload, context_of(entry.kind))
    except DecodeError:
        return None
    if not isinstance(value, dict):
        return None
    for key in _TYPE_KEYS:
        name = value.get(key)
        if isinstance(name, str) and len(name) <= _MAX_VALUE_LENGTH and name.isprintable():
            return key, _value(name)
    for key in _TYPE_KEYS:
        name = value.get(key)
        if isinstance(name, int) and not isinstance(name, bool) and abs(name) < _MAX_TYPE_NUMBER:
            return key, str(name)
    return None


def _value(name: str) -> str:
    is_plain = _PLAIN_VALUE.fullmatch(name) and name not in _JSON_WORDS
    return name if is_plain else _in_quotes(name)


def _escaped(text: str) -> str:
    """Return a regular expression, in one line, that matches this text."""
    special = _SPECIAL.sub(r"\\\g<0>", text)
    return _CONTROL.sub(lambda match: f"\\x{{{ord(match[0]):x}}}", special)
