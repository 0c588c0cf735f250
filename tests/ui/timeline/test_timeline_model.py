"""The model makes items only on demand, and emits exact changes."""

from __future__ import annotations

import gc
import weakref

from gi.repository import Gio

from spacebeam.net.events import Note, from_payload
from spacebeam.recording.recording import Recording
from spacebeam.search.view import FilteredView
from spacebeam.ui.timeline.timeline_model import PREVIEW_BYTES, TimelineItem, TimelineModel
from tests.ui.recordings import add, numbered, recording


def changes(model: TimelineModel) -> list[tuple[int, int, int]]:
    """Every `items-changed` from now on: position, removed, added."""
    heard: list[tuple[int, int, int]] = []
    model.connect("items-changed", lambda _model, *change: heard.append(change))
    return heard


def payloads(model: Gio.ListModel) -> list[bytes | bytearray]:
    items = (model.get_item(position) for position in range(model.get_n_items()))
    return [item.entry.payload for item in items if isinstance(item, TimelineItem)]


def show(model: TimelineModel, what: Recording) -> None:
    """All of a recording, without a filter."""
    view = model.view if model.recording is what else FilteredView(what)
    model.show(what, view, len(view))


def test_the_model_has_an_item_for_each_entry() -> None:
    model = TimelineModel()
    show(model, recording("one", "two"))
    assert payloads(model) == [b"one", b"two"]
    assert model.get_item(2) is None
    assert model.get_item_type() == TimelineItem.__gtype__


def test_the_model_grows_only_when_told() -> None:
    growing = recording("one")
    model = TimelineModel()
    show(model, growing)
    heard = changes(model)
    add(growing, "two", "three")
    assert payloads(model) == [b"one"]
    show(model, growing)
    assert heard == [(1, 0, 2)]
    assert payloads(model) == [b"one", b"two", b"three"]


def test_showing_the_same_recording_emits_no_change() -> None:
    shown = recording("one")
    model = TimelineModel()
    show(model, shown)
    heard = changes(model)
    show(model, shown)
    assert heard == []


def test_another_recording_replaces_the_first() -> None:
    model = TimelineModel()
    show(model, recording("one", "two"))
    heard = changes(model)
    show(model, recording("three"))
    assert heard == [(0, 2, 1)]
    assert payloads(model) == [b"three"]


def test_an_empty_recording_empties_the_model() -> None:
    model = TimelineModel()
    show(model, recording("one", "two"))
    heard = changes(model)
    show(model, Recording())
    assert heard == [(0, 2, 0)]
    assert model.get_n_items() == 0


def test_only_the_start_of_a_long_payload_is_read() -> None:
    model = TimelineModel()
    show(model, recording("x" * 1_000_000))
    item = model.get_item(0)
    assert isinstance(item, TimelineItem)
    assert len(item.entry.payload) == PREVIEW_BYTES
    assert item.entry.size == 1_000_000


def test_items_are_not_retained() -> None:
    model = TimelineModel()
    show(model, numbered(1_000_000))
    assert model.get_n_items() == 1_000_000
    kept: weakref.WeakSet[TimelineItem] = weakref.WeakSet()
    for position in range(0, 1_000_000, 1000):
        item = model.get_item(position)
        assert isinstance(item, TimelineItem)
        kept.add(item)
    del item
    gc.collect()
    assert len(kept) == 0


def test_discarded_entries_leave_the_model() -> None:
    model = TimelineModel()
    show(model, recording("one", "two", "three"))
    heard = changes(model)
    model.drop(2)
    assert heard == [(0, 2, 0)]
    assert payloads(model) == [b"three"]
    assert (model.number(0), model.position(2), model.position(1)) == (2, 0, -1)


def test_an_unreadable_entry_is_explained() -> None:
    held = Recording(memory_limit=1)
    model = TimelineModel()
    show(model, held)
    add(held, *("x" * 70_000 for _ in range(3)))
    show(model, held)
    assert held.first_number == 2
    assert payloads(model)[2] == b"x" * PREVIEW_BYTES
    assert from_payload(payloads(model)[0]) == Note("This entry has been discarded.")
