"""Open popovers are closed before their window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from gi.repository import Adw, Gtk

from spacebeam.ui.compat import set_parent
from tests.support.waiting import eventually
from tests.ui.doing import Heard, application, presented


def of_application(window: Gtk.Window, program: Adw.Application, _parent: Gtk.Window) -> None:
    window.set_application(program)


def of_parent(window: Gtk.Window, _program: Adw.Application, parent: Gtk.Window) -> None:
    set_parent(window, parent)


@pytest.mark.parametrize("join", [of_application, of_parent])
async def test_a_popover_is_closed_before_its_window(
    join: Callable[[Gtk.Window, Adw.Application, Gtk.Window], None],
) -> None:
    async with application() as program, presented(Adw.Window()) as parent:
        popover = Gtk.Popover(child=Gtk.Label(label="words"))
        button = Gtk.MenuButton(popover=popover)
        window = Adw.Window(content=button)
        join(window, program, parent)
        window.present()
        button.popup()
        await eventually(popover.get_mapped)
        order: list[str] = []
        popover.connect("closed", lambda _popover: order.append("popover"))
        window.connect("unrealize", lambda _window: order.append("window"))
        gone = Heard(window, "unrealize")
        window.close()
        await eventually(lambda: gone)
        assert order == ["popover", "window"]
