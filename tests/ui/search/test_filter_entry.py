"""The filter entry marks errors and has a history."""

from __future__ import annotations

from gi.repository import Gdk, Gtk

from spacebeam.search.parser import parse
from spacebeam.ui.search.filter_entry import FilterEntry
from tests.ui.doing import Heard, key, shown

BUBBLE = Gtk.PropagationPhase.BUBBLE


def underlined(entry: FilterEntry) -> list[str]:
    """The texts that are underlined."""
    data = entry.get_text().encode()
    attributes = entry.get_attributes()
    spans = [] if attributes is None else attributes.to_string().splitlines()
    lines = [span.split() for span in spans if span.split()[2] == "underline"]
    return [data[int(start) : int(end)].decode() for start, end, *_rest in lines]


async def test_errors_are_underlined_and_the_first_is_explained() -> None:
    async with shown(FilterEntry()) as entry:
        entry.set_text("größe is:foo ßß size>x")
        mistakes = parse(entry.get_text()).errors
        entry.show_errors(mistakes)
        assert underlined(entry) == ["is:foo", "size>x"]
        assert entry.get_tooltip_text() == mistakes[0].message
        entry.show_errors(())
        assert underlined(entry) == []
        assert entry.get_tooltip_text() is None


async def test_the_arrow_keys_recall_earlier_filters() -> None:
    async with shown(FilterEntry()) as entry:
        for used in ("one", "two"):
            entry.set_text(used)
            entry.remember()
        entry.set_text("typed")
        assert key(entry, Gdk.KEY_Down, phase=BUBBLE)
        assert entry.get_text() == "two"
        assert entry.get_position() == 3
        key(entry, Gdk.KEY_Down, phase=BUBBLE)
        assert entry.get_text() == "one"
        key(entry, Gdk.KEY_Up, phase=BUBBLE)
        key(entry, Gdk.KEY_Up, phase=BUBBLE)
        assert entry.get_text() == "typed"
        assert not key(entry, Gdk.KEY_Down, Gdk.ModifierType.CONTROL_MASK, BUBBLE)


async def test_the_clear_button_is_shown_while_there_is_text() -> None:
    async with shown(FilterEntry()) as entry:
        clear = Gtk.EntryIconPosition.SECONDARY
        assert entry.get_icon_name(clear) is None
        entry.set_text("price")
        assert entry.get_icon_name(clear)
        entry.emit("icon-press", clear)
        assert entry.get_text() == ""
        assert entry.get_icon_name(clear) is None
        key(entry, Gdk.KEY_Down, phase=BUBBLE)
        assert entry.get_text() == "price"


async def test_replacing_the_text_emits_one_change() -> None:
    async with shown(FilterEntry()) as entry:
        said = Heard(entry, "text-changed")
        entry.replace("one")
        entry.replace("two")
        entry.replace("two")
        assert len(said) == 2
        entry.get_buffer().insert_text(3, "s", -1)
        assert len(said) == 3


async def test_a_filter_with_an_error_is_not_remembered() -> None:
    async with shown(FilterEntry()) as entry:
        heard = Heard(entry, "used")
        for text in ("fine", "is:foo"):
            entry.set_text(text)
            entry.show_errors(parse(text).errors)
            entry.remember()
        assert heard == ["fine"]
        entry.set_text("typed")
        key(entry, Gdk.KEY_Down, phase=BUBBLE)
        assert entry.get_text() == "fine"
