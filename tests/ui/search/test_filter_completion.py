"""The list below the filter's entry completes the names of conditions."""

from __future__ import annotations

from gi.repository import Gdk, Gtk

from spacebeam.ui.search.filter_entry import FilterEntry
from tests.support.waiting import eventually
from tests.ui.doing import descendants, key, shown


def popover(entry: FilterEntry) -> Gtk.Popover | None:
    """Return the list of proposals while it is open."""
    every = (one for one in descendants(entry, Gtk.Popover) if one.get_mapped())
    return next(every, None)


async def typed(entry: FilterEntry, text: str) -> None:
    """Type a text at the cursor, and wait for the proposals."""
    field = next(descendants(entry, Gtk.Text))
    field.grab_focus_without_selecting()
    field.emit("insert-at-cursor", text)
    await eventually(lambda: popover(entry) is not None)


def rows(entry: FilterEntry) -> list[str]:
    """Return the proposed terms."""
    open_popover = popover(entry)
    assert open_popover is not None
    model = next(descendants(open_popover, Gtk.TreeView)).get_model()
    assert model is not None
    return [row[0] for row in model]


async def test_a_proposal_replaces_the_word_before_the_cursor() -> None:
    async with shown(FilterEntry()) as entry:
        entry.replace("error ")
        await typed(entry, "is:p")
        assert rows(entry) == ["is:ping", "is:pong"]
        completion, open_popover = entry.get_completion(), popover(entry)
        assert completion is not None
        assert open_popover is not None
        model = completion.get_model()
        assert model is not None
        assert completion.emit("match-selected", model, model.get_iter_first())
        assert entry.get_text() == "error is:ping"


async def test_escape_closes_the_list_alone() -> None:
    async with shown(FilterEntry()) as entry:
        await typed(entry, "is")
        assert key(entry, Gdk.KEY_Escape)
        await eventually(lambda: popover(entry) is None)
        assert entry.get_text() == "is"
        assert not key(entry, Gdk.KEY_Escape)
