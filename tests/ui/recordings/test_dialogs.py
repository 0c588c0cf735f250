"""The dialogs about a recording: its title, and errors."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from gi.repository import Adw, Gtk

from spacebeam.ui.recordings.dialogs import ask_title, show_error
from tests.support.waiting import eventually
from tests.ui.doing import descendants, presented, words


def dialogs() -> list[Adw.MessageDialog]:
    every = Gtk.Window.list_toplevels()
    return [one for one in every if isinstance(one, Adw.MessageDialog) and one.get_mapped()]


async def dialog() -> Adw.MessageDialog:
    """The dialog that is shown."""
    await eventually(dialogs)
    (found,) = dialogs()
    return found


@contextlib.asynccontextmanager
async def parent() -> AsyncIterator[Adw.Window]:
    async with presented(Adw.Window(default_width=360, default_height=500)) as window:
        yield window


def entry(inside: Gtk.Widget) -> Gtk.Entry:
    (found,) = descendants(inside, Gtk.Entry)
    return found


async def test_a_title_is_typed_in_place_of_the_old_one() -> None:
    async with parent() as window:
        asking = asyncio.ensure_future(ask_title(window, "before", "ws://one.test/"))
        shown = await dialog()
        assert entry(shown).get_text() == "before"
        assert entry(shown).get_placeholder_text() == "ws://one.test/"
        focus = shown.get_focus()
        assert focus is not None
        assert focus.is_ancestor(entry(shown))
        entry(shown).set_text("after")
        text = entry(shown).get_delegate()
        assert isinstance(text, Gtk.Text)
        text.emit("activate")
        assert await asking == "after"
        assert not dialogs()


async def test_closing_the_dialog_returns_none() -> None:
    async with parent() as window:
        asking = asyncio.ensure_future(ask_title(window, "before", ""))
        (await dialog()).close()
        assert await asking is None


async def test_an_error_is_shown_as_plain_text() -> None:
    async with parent() as window:
        telling = asyncio.ensure_future(
            show_error(window, "Could not save the recording", "<b>&\n")
        )
        shown = await dialog()
        assert {"Could not save the recording", "<b>&␊"} <= set(words(shown))
        shown.close()
        await telling
