"""The facts of an entry beside its payload: in one line, and one on each line."""

from __future__ import annotations

from datetime import datetime

from spacebeam.decode.preview import size
from spacebeam.protocol.batch import Kind
from spacebeam.recording.entry import Entry
from spacebeam.ui.inspector.origin_words import origin_words
from spacebeam.ui.timeline.entry_words import DIRECTIONS, size_words, title
from spacebeam.wording.i18n import _


def head(entry: Entry) -> str:
    """Return, for example, “Received · 12:30:05.118 · 135 B · #16,048”; text is not mentioned.

    The compression and the fragments of a message are last, where the line may be cut.
    """
    what = DIRECTIONS[entry.direction] if entry.kind is Kind.TEXT else title(entry)
    facts = [what, _moment(entry, "%H:%M:%S.%f"), size_words(entry)]
    origin = entry.origin
    is_plain = origin is None or not (origin.compressed or origin.fragment_count > 1)
    wire = "" if origin is None or is_plain else origin_words(origin, entry.size)
    return " · ".join(filter(None, [*facts, _number(entry), wire]))


def details(entry: Entry) -> str:
    """Return everything about an entry beside its payload, a fact on each line."""
    origin = "" if entry.origin is None else origin_words(entry.origin, entry.size)
    moment = _moment(entry, "%Y-%m-%d %H:%M:%S.%f")
    facts = [title(entry), _number(entry), moment, size_words(entry), origin.replace(" · ", "\n")]
    return "\n".join(filter(None, facts))


def _number(entry: Entry) -> str:
    return f"#{entry.number + 1:,}"


def _moment(entry: Entry, form: str) -> str:
    return datetime.fromtimestamp(entry.time).strftime(form)[:-3]


def cut_words(entry: Entry) -> str:
    """Return how much of a payload is shown that is longer."""
    loaded, whole = size(len(entry.payload)), size(entry.size)
    return _("The first {size} of {whole}").format(size=loaded, whole=whole)
