"""Opens windows for tests, and uses their widgets as a person does."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from typing import Any, TypeVar
from unittest.mock import patch

from gi.repository import Adw, Gdk, Gio, GObject, Gtk

from spacebeam.library.settings import default_path
from spacebeam.server.local_chat import LocalChat
from spacebeam.server.server import Server
from spacebeam.ui.application import APPLICATION_ID, Application
from spacebeam.ui.popovers import close_popovers
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.window.tab import Tab
from spacebeam.ui.window.window import Window
from spacebeam.ui.window.window_header import WindowHeader
from tests.support.processes import free_port
from tests.support.waiting import eventually
from tests.ui.pageobjects.application import is_busy

W = TypeVar("W", bound=Gtk.Widget)
D = TypeVar("D", bound=Gtk.Window)

NO_KEYS = Gdk.ModifierType(0)

_numbers = count(1)


@contextlib.asynccontextmanager
async def shown(widget: W, width: int = 800, height: int = 600) -> AsyncIterator[W]:
    """A widget in a window of its own, for the length of a block."""
    window = Adw.Window(content=widget, default_width=width, default_height=height)
    window.present()
    await eventually(widget.get_mapped)
    try:
        yield widget
    finally:
        close_popovers(window)
        window.destroy()


@contextlib.asynccontextmanager
async def presented(dialog: D) -> AsyncIterator[D]:
    """A dialog on its own, for the length of a block."""
    dialog.present()
    await eventually(dialog.get_mapped)
    try:
        yield dialog
    finally:
        close_popovers(dialog)
        dialog.destroy()


async def resize(
    window: Gtk.Window, width: int, height: int, condition: Callable[[], object]
) -> None:
    """Give a window another size until `condition` holds.

    The size is set again each time, as a late event about the earlier size would undo it.
    """

    def is_met() -> object:
        window.set_default_size(width, height)
        return condition()

    await eventually(is_met)


@contextlib.asynccontextmanager
async def application() -> AsyncIterator[Application]:
    """The application without a window, and with a chat room of its own."""
    with patch.dict(os.environ, {"SPACEBEAM_CHAT_PORT": str(free_port())}):
        program = Application(Gio.ApplicationFlags.NON_UNIQUE)
    # Another name each time: the bus would take two of one name for the same.
    program.set_application_id(f"{APPLICATION_ID}.test{next(_numbers)}")
    program.register(None)
    try:
        yield program
    finally:
        program.close_at_once()
        await eventually(lambda: not program.get_windows() and not is_busy(program))
        await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def opened() -> AsyncIterator[Window]:
    """A window of the application, at its first screen."""
    async with application() as program:
        window = program.open_window()
        await eventually(window.get_mapped)
        yield window


@contextlib.asynccontextmanager
async def shown_tab(local_chat: LocalChat | None = None) -> AsyncIterator[Tab]:
    """A tab below its header bar, in a window of its own."""
    chat = local_chat or LocalChat(free_port())
    tab = Tab(SettingsService(default_path()), chat)
    header = WindowHeader()
    header.follow(tab)
    box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
    box.append(header)
    box.append(tab)
    tab.set_vexpand(True)
    async with shown(box):
        try:
            yield tab
        finally:
            header.follow(None)
            await tab.close()
            await chat.stop()


@contextlib.asynccontextmanager
async def serving() -> AsyncIterator[str]:
    """The built-in server; yields its address without a path."""
    server = Server()
    server.start()
    try:
        yield server.url
    finally:
        await server.stop()


def key(
    widget: Gtk.Widget,
    pressed: int,
    state: Gdk.ModifierType = NO_KEYS,
    phase: Gtk.PropagationPhase = Gtk.PropagationPhase.CAPTURE,
) -> bool:
    """Press a key in a widget; return whether one of its own controllers used it."""
    listening = [
        controller
        for controller in widget.observe_controllers()
        if isinstance(controller, Gtk.EventControllerKey)
        and controller.get_propagation_phase() == phase
    ]
    assert listening, f"{widget} does not listen to keys"
    return any(controller.emit("key-pressed", pressed, 0, state) for controller in listening)


def drop(widget: Gtk.Widget, file: Gio.File) -> bool:
    """Drop a file on a widget; return whether it was accepted."""
    (target,) = (one for one in widget.observe_controllers() if isinstance(one, Gtk.DropTarget))
    return bool(target.emit("drop", GObject.Value(GObject.type_from_name("GFile"), file), 1.0, 1.0))


def click(button: Gtk.Button) -> None:
    """Click a sensitive button."""
    assert button.is_sensitive(), "the button cannot be clicked"
    button.emit("clicked")


def button(inside: Gtk.Widget, label: str) -> Gtk.Button:
    """Return the visible button with this label or tooltip."""
    return next(
        one
        for one in descendants(inside, Gtk.Button)
        if one.get_mapped() and label in (one.get_label(), one.get_tooltip_text())
    )


def descendants(widget: Gtk.Widget, kind: type[W]) -> Iterator[W]:
    """Yield the widgets of a class below this one, in order."""
    child = widget.get_first_child()
    while child is not None:
        if isinstance(child, kind):
            yield child
        yield from descendants(child, kind)
        child = child.get_next_sibling()


def words(inside: Gtk.Widget) -> list[str]:
    """Return the texts of the visible labels, as a person reads them."""
    labels = (label for label in descendants(inside, Gtk.Label) if label.get_mapped())
    found = [label.get_layout().get_text() for label in labels if label.get_text()]
    inscriptions = (one for one in descendants(inside, Gtk.Inscription) if one.get_mapped())
    return found + [said for one in inscriptions if (said := one.get_text())]


def text(buffer: Gtk.TextBuffer) -> str:
    """Return all text of a buffer."""
    return buffer.get_text(*buffer.get_bounds(), include_hidden_chars=True)


class Heard(list[Any]):
    """Records the first argument of each emission of a signal, or True without arguments."""

    def __init__(self, sender: GObject.Object, signal: str) -> None:
        super().__init__()
        sender.connect(signal, self._on_signal)

    def _on_signal(self, _sender: GObject.Object, *arguments: Any) -> None:
        self.append(arguments[0] if arguments else True)
