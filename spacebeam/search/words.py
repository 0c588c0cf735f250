"""Finds words in texts, exactly or in either case.

Letters of ASCII are the same in both cases and nothing else is: the Kelvin sign is no k. Other
letters are compared by Unicode's simple case folding, as RE2 does it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from spacebeam.search.regex import Regex, RegexError, compile_regex

_SPECIAL = re.compile(r"[^\w\s\ud800-\udfff]|\0")


def has_case(word: str) -> bool:
    """Return whether a word can be written in another case."""
    return word.lower() != word or word.upper() != word


def either_case(word: str) -> str:
    """Return the pattern (RE2) that a word matches in either case."""
    return "".join(map(_either, word))


def _either(character: str) -> str:
    if character.isascii() and character.isalpha():
        return f"[{character.lower()}{character.upper()}]"
    if has_case(character):
        return f"(?i:{character})"
    return _SPECIAL.sub(lambda match: f"\\x{{{ord(match[0]):x}}}", character)


@lru_cache(maxsize=32)
def either_case_regex(word: str) -> Regex | None:
    """Return the expression for a word in either case; None for a word that RE2 cannot hold."""
    try:
        return compile_regex(either_case(word))
    except RegexError:
        return None


def contains(word: str, ignores_case: bool) -> Callable[[str], bool]:
    """Return the test of texts that contain a word."""
    regex = either_case_regex(word) if ignores_case and has_case(word) else None
    if regex is None:
        return lambda text: word in text
    found = regex
    return lambda text: found.search(text.encode(errors="surrogatepass")) is not None
