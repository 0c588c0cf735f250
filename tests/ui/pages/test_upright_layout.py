"""The upright layout asks for no more width when there is little height."""

from __future__ import annotations

from gi.repository import Adw, Gtk

from spacebeam.ui.pages.upright_layout import UprightLayout
from tests.support.waiting import eventually
from tests.ui.doing import shown

WORDS = "words that are wrapped " * 10


def wrapping() -> Gtk.Box:
    """Something that would be wider where there is little height."""
    box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
    box.append(Gtk.Label(label=WORDS, wrap=True))
    box.append(Gtk.Label(label="more", height_request=150, vexpand=True))
    return box


async def test_the_minimum_width_does_not_depend_on_the_height() -> None:
    box = wrapping()
    least = box.measure(Gtk.Orientation.HORIZONTAL, -1)[0]
    assert box.measure(Gtk.Orientation.HORIZONTAL, 180)[0] > 2 * least  # or this tests nothing
    frame = Adw.Bin(child=box, layout_manager=UprightLayout())
    assert frame.measure(Gtk.Orientation.HORIZONTAL, 180)[0] == least
    for width in (150, 300, 1000):
        sizes = (one.measure(Gtk.Orientation.VERTICAL, width)[:2] for one in (frame, box))
        assert next(sizes) == next(sizes)
    stack = Gtk.Stack()
    stack.add_child(frame)
    async with shown(stack, 250, 250):
        await eventually(lambda: box.get_width() == stack.get_width() > 0)
        assert box.get_height() >= stack.get_height()


def test_without_a_child_the_size_is_zero() -> None:
    frame = Adw.Bin(layout_manager=UprightLayout())
    assert frame.measure(Gtk.Orientation.HORIZONTAL, -1)[:2] == (0, 0)
