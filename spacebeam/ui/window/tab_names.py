"""The names of tabs side by side: each begins with what tells it from the others.

A tab may be so narrow that only the first characters of its name are seen. Eight tabs to
`localhost:9101/feed` … `localhost:9108/feed` are called `:9101/feed` … `:9108/feed`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

_SEEN = 8  # characters that every tab has room for
_PART = re.compile(r"[.\-_/:?&=@ ]+|(?<=\D)(?=\d)")  # where a part of a name begins
_STRONG = "/:?"  # better places than others
_DROPPED = ".-_&= "  # at the beginning of a name


@dataclass(frozen=True, slots=True)
class TabTitle:
    """What a tab can be called; none of the texts has a secret."""

    title: str  # host and path, or a recording's title
    query: str = ""  # with its `?`, or ""
    scheme: str = ""
    given: str = ""  # by the person
    is_new: bool = False  # nothing has been done in it


def names(tabs: Sequence[TabTitle]) -> list[str]:
    """Return a name for each tab, in order."""
    texts = _texts(tabs)
    pairs = list(zip(tabs, texts, strict=True))
    short = _shortened({text for tab, text in pairs if not (tab.given or tab.is_new)})
    found: list[str] = []
    seen: Counter[str] = Counter()
    for tab, text in pairs:
        if tab.given or tab.is_new:
            found.append(tab.given or tab.title)
            continue
        seen[text] += 1
        number = seen[text]
        found.append(f"{number} · {short[text]}" if number > 1 else short[text])
    return found


def _texts(tabs: Sequence[TabTitle]) -> list[str]:
    """Return the texts to tell apart: with the query or the scheme where only these differ."""
    queries, schemes = _values(tabs, "query"), _values(tabs, "scheme")
    texts = []
    for tab in tabs:
        text = tab.title
        if tab.query and len(queries.get(tab.title, ())) > 1:
            text += tab.query
        if tab.scheme and len(schemes.get(tab.title, ())) > 1:
            text = f"{tab.scheme}://{text}"
        texts.append(text)
    return texts


def _values(tabs: Sequence[TabTitle], name: str) -> dict[str, set[str]]:
    """Return the values of a part, by title."""
    found: dict[str, set[str]] = {}
    for tab in tabs:
        if not tab.given and not tab.is_new:
            found.setdefault(tab.title, set()).add(getattr(tab, name))
    return found


def _shortened(texts: set[str]) -> dict[str, str]:
    """Return a name for each of the texts, no two the same."""
    begins = {text: _begins(text, texts) for text in texts}
    chosen = {text: next(places) for text, places in begins.items()}
    while True:
        short = {text: _from(text, place) for text, place in chosen.items()}
        times = Counter(short.values())
        ambiguous = [text for text, name in short.items() if times[name] > 1 and chosen[text]]
        if not ambiguous:
            return short
        for text in ambiguous:
            chosen[text] = next(begins[text], 0)


def _begins(text: str, texts: set[str]) -> Iterator[int]:
    """Yield where a name can begin: nearest to what differs first, then farther before it."""
    others = texts - {text}
    differs = max((_common(text, other) for other in others), default=0)
    if differs >= _SEEN:
        places = [match.start() for match in _PART.finditer(text) if match.start() <= differs]
        near = [place for place in places if differs - place < _SEEN - 1]
        if near:
            first = next((place for place in near if text[place] in _STRONG), near[0])
            yield first
            yield from reversed([place for place in places if place < first])
        else:
            yield differs - _SEEN // 2
    yield 0


def _common(text: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(text, other, strict=False))
    return sum(1 for _pair in same)


def _from(text: str, place: int) -> str:
    rest = text[place:].lstrip(_DROPPED) if place else ""
    return (rest if rest.startswith(":") else f"…{rest}") if rest else text
