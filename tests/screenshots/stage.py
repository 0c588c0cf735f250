"""Opens the real application for a screen, and takes its pictures."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from gi.repository import Gdk, Gtk

from spacebeam.library.settings import Settings, default_path, save
from spacebeam.ui.window.window import Window
from tests.screenshots.styles import Style
from tests.support.waiting import eventually, settled
from tests.ui.doing import application, descendants
from tests.ui.pageobjects.tab import TabPage
from tests.ui.pageobjects.window import WindowPage

# Without a window manager GTK draws a frame around the window, which no desktop shows.
_FRAMELESS = "window.solid-csd { padding: 0; margin: 0; border: none; box-shadow: none; }"


class Stage:
    """Where the pictures of one screen are taken."""

    def __init__(self, screen: str, folder: Path, style: Style, address: str) -> None:
        """Take pictures in a style into a folder; the exchange is at `address`."""
        self.complaints: list[str] = []
        self.style = style
        self.address = address
        self._screen = screen
        self._folder = folder

    def complain(self, words: str) -> None:
        """Report a fault of the screen."""
        self.complaints.append(words)
        print(f"{self._folder.name}/{self._screen}: {words}", file=sys.stderr)

    @contextlib.asynccontextmanager
    async def window(self, settings: Settings | None = None) -> AsyncIterator[WindowPage]:
        """A window at its first screen, with these settings."""
        settings = settings or Settings()
        settings.window_width, settings.window_height = self.style.size
        save(settings, default_path())
        async with application() as program:
            window = WindowPage(program.open_window())
            await eventually(lambda: window.is_shown)
            yield window

    @contextlib.asynccontextmanager
    async def conversation(self, settings: Settings | None = None) -> AsyncIterator[TabPage]:
        """A tab that is connected to the exchange and has received all it sends."""
        async with self.window(settings) as window:
            yield await self.converse(window)

    async def converse(self, window: WindowPage, path: str = "/v1/trades") -> TabPage:
        """Connect in the selected tab, subscribe, and wait for what the exchange sends."""
        tab = await window.connect(self.address + path)
        tab.composer.say(
            '{"op": "subscribe", "channel": "trades", "symbols": ["BTC-EUR", "ETH-EUR"]}'
        )
        await eventually(lambda: "Snapshot" in tab.entries[-1] or "93 01" in tab.entries[-1])
        await tab.timeline.at_rest()
        return tab

    async def shoot(self, window: Gtk.Window, part: str = "") -> None:
        """Write a picture of a window, and of the popovers over it."""
        await self._drawn(window)
        self._check(window)
        name = f"{self._screen}-{part}" if part else self._screen
        path = self._folder / f"{name}.png"
        width, height = _extent(window)
        size = f"{width}x{height}+0+0"
        command = ["import", "-window", "root", "-crop", size, "+repage", "-strip", str(path)]
        process = await asyncio.create_subprocess_exec(*command)
        assert await process.wait() == 0
        print(path)

    async def _drawn(self, window: Gtk.Window) -> None:
        """Wait until a window is open and no longer changes."""
        await eventually(window.get_mapped)
        frames = window.get_frame_clock()
        assert frames is not None
        await settled(lambda: (window.get_width(), window.get_height()))
        for _frame in range(2):
            before = frames.get_frame_counter()
            window.queue_draw()
            await eventually(lambda before=before: frames.get_frame_counter() > before)  # type: ignore[misc]

    def _check(self, window: Gtk.Window) -> None:
        """Report what needs no eyes: icons that do not exist, and too little room."""
        theme = Gtk.IconTheme.get_for_display(window.get_display())
        for image in descendants(window, Gtk.Image):
            name = image.get_icon_name()
            if image.get_mapped() and name and not theme.has_icon(name):
                self.complain(f"the icon {name} does not exist")
        if isinstance(window, Window) and window.get_width() > self.style.size[0]:
            self.complain(f"{window.get_width()} px are too wide")


def _extent(window: Gtk.Window) -> tuple[int, int]:
    """Return the width and height of a window and the popovers that leave it."""
    width, height = window.get_width(), window.get_height()
    for popover in descendants(window, Gtk.Popover):
        surface: Any = popover.get_surface() if popover.get_mapped() else None
        if surface is not None:
            width = max(width, surface.get_position_x() + surface.get_width())
            height = max(height, surface.get_position_y() + surface.get_height())
    return width, height


def hide_frame() -> None:
    """Draw windows without the frame."""
    provider = Gtk.CssProvider()
    provider.load_from_data(_FRAMELESS.encode())  # type: ignore[no-untyped-call]  # an override
    display = Gdk.Display.get_default()
    assert display is not None
    Gtk.StyleContext.add_provider_for_display(display, provider, Gtk.STYLE_PROVIDER_PRIORITY_USER)
