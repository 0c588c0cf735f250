"""Preedit text when the focus leaves its field, with real keys and GTK's own input method."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator

import pytest
from gi.repository import Gtk

from spacebeam.ui.input_method import Composing
from tests.journeys.keyboard import CONTROL, SHIFT, press
from tests.support.waiting import eventually
from tests.ui.doing import Heard, shown, text

pytestmark = pytest.mark.skipif(
    os.environ.get("GTK_IM_MODULE") != "gtk-im-context-simple", reason="another input method"
)


@contextlib.asynccontextmanager
async def composing(field: Gtk.Entry | Gtk.TextView) -> AsyncIterator[Gtk.Button]:
    """Compose U+263A in the field of a window; yield a button of the same window."""
    button = Gtk.Button(label="Other")
    box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
    box.append(field)
    box.append(button)
    async with shown(box):
        window = box.get_root()
        assert isinstance(window, Gtk.Window)
        Composing(window)
        field.grab_focus()
        await eventually(window.is_active)
        delegate = field.get_delegate() if isinstance(field, Gtk.Entry) else field
        assert isinstance(delegate, Gtk.Widget)
        preedit = Heard(delegate, "preedit-changed")
        press(CONTROL, SHIFT, "u")
        for digit in "263a":
            press(digit)
        await eventually(lambda: preedit and preedit[-1] == "u263a")
        yield button


async def test_leaving_an_entry_inserts_what_was_composed() -> None:
    entry = Gtk.Entry()
    async with composing(entry) as button:
        button.grab_focus()
        await eventually(lambda: entry.get_text() == "u263a")


async def test_leaving_a_text_view_inserts_what_was_composed() -> None:
    view = Gtk.TextView()
    async with composing(view) as button:
        button.grab_focus()
        await eventually(lambda: text(view.get_buffer()) == "u263a")


async def test_composed_text_that_is_complete_is_not_inserted_again() -> None:
    view = Gtk.TextView()
    async with composing(view) as button:
        press("Return")
        await eventually(lambda: text(view.get_buffer()) == "☺")
        press("b")
        await eventually(lambda: text(view.get_buffer()) == "☺b")
        button.grab_focus()
        press("c")
        await eventually(button.has_focus)
        assert text(view.get_buffer()) == "☺b"
