"""What a row says of its entry's question, or that a question has no answer."""

from __future__ import annotations

from typing import NamedTuple

from gi.repository import Gtk, Pango

from spacebeam.decode.visible import one_line
from spacebeam.search.counterpart import Counterpart
from spacebeam.wording.pairs import (
    answer_tooltip,
    overdue_tooltip,
    overdue_words,
    pair_words,
    row_latency_words,
)

OVERDUE_S = 5.0  # after which a question without an answer is marked
_MAX_NAME = 60  # characters
_MAX_CHARS = 26  # of the label


class PairNote(NamedTuple):
    """A short text on a row, and what it means."""

    text: str
    tooltip: str
    classes: tuple[str, ...] = ()


def pair_note(found: Counterpart | None, age: float, *, is_narrow: bool) -> PairNote | None:
    """Return the note of an entry that came `age` seconds ago; in a narrow row the latency only."""
    if found is None:
        return None
    if found.is_answer:  # the entry is the question
        if found.number >= 0 or age < OVERDUE_S:
            return None
        return PairNote(overdue_words(), overdue_tooltip(OVERDUE_S), ("warning",))
    latency = found.latency if found.latency >= 0 else None
    name = one_line(found.name)[:_MAX_NAME]
    text = pair_words(name, latency)
    if is_narrow:
        text = "" if latency is None else row_latency_words(latency)
    tooltip = answer_tooltip(found.number + 1, name, latency, is_error=found.is_error)
    return PairNote(text, tooltip, ("error",) if found.is_error else ("dim-label",))


def show_note(label: Gtk.Label, note: PairNote | None) -> None:
    """Show a note in a row's label, or hide the label."""
    label.set_visible(note is not None and bool(note.text))
    if note is not None:
        label.set_text(note.text)
        label.set_tooltip_text(note.tooltip)
        label.set_css_classes(["timeline-small", "numeric", *note.classes])


def note_label() -> Gtk.Label:
    """Return the label of a row's note."""
    return Gtk.Label(xalign=1, ellipsize=Pango.EllipsizeMode.MIDDLE, max_width_chars=_MAX_CHARS)
