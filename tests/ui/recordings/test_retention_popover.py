"""How long recordings are kept is chosen among usual answers, and an unusual one is not lost."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.library.retention import GIB, RetentionPolicy
from spacebeam.ui.recordings.retention_popover import RetentionPopover
from tests.ui.doing import Heard


def offered(drop_down: Gtk.DropDown) -> list[str]:
    model = drop_down.get_model()
    assert isinstance(model, Gtk.StringList)
    return [model.get_string(place) or "" for place in range(model.get_n_items())]


def chosen(drop_down: Gtk.DropDown) -> str:
    return offered(drop_down)[drop_down.get_selected()]


async def test_it_shows_how_it_is_and_says_nothing() -> None:
    popover = RetentionPopover()
    changes = Heard(popover, "changed")
    popover.show_policy(RetentionPolicy())
    assert chosen(popover._age_drop_down) == "30 days"
    assert chosen(popover._size_drop_down) == "10 GiB"
    popover.show_policy(RetentionPolicy(None, None))
    assert chosen(popover._age_drop_down) == "Forever"
    assert chosen(popover._size_drop_down) == "Any size"
    assert not changes


async def test_a_choice_is_said() -> None:
    popover = RetentionPopover()
    popover.show_policy(RetentionPolicy())
    changes = Heard(popover, "changed")
    popover._age_drop_down.set_selected(offered(popover._age_drop_down).index("7 days"))
    popover._size_drop_down.set_selected(offered(popover._size_drop_down).index("Any size"))
    assert changes == [RetentionPolicy(7, 10 * GIB), RetentionPolicy(7, None)]


async def test_what_is_no_usual_choice_is_offered_in_its_place() -> None:
    popover = RetentionPopover()
    popover.show_policy(RetentionPolicy(14, 20 * GIB))
    assert offered(popover._age_drop_down)[:4] == ["1 day", "7 days", "14 days", "30 days"]
    assert chosen(popover._age_drop_down) == "14 days"
    assert chosen(popover._size_drop_down) == "20 GiB"
