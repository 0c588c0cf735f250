"""Takes the pictures of the window in docs/screenshots: `make screenshots`.

The real application talks to a real server, so a picture shows what a person would see.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import gi
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

import spacebeam.ui  # noqa: F401  it chooses the versions
from tests.support.loop import run
from tests.support.waiting import eventually, settled

gi.require_version("GdkX11", "4.0")
from gi.repository import Adw, Gdk, GdkX11, Gio, GLib, Gtk  # noqa: E402

from spacebeam.library.settings import Settings, default_path, save  # noqa: E402
from spacebeam.ui.application import APPLICATION_ID, Application  # noqa: E402
from spacebeam.ui.composer.draft import Draft, PayloadFormat  # noqa: E402
from spacebeam.ui.window.tab import Tab  # noqa: E402
from spacebeam.ui.window.window import Window  # noqa: E402

FOLDER = Path(__file__).parents[1] / "docs/screenshots"
WIDTH, HEIGHT, NARROW = 1000, 700, 400  # pixels

_RECENT = [
    "wss://stream.example.com/v1/trades",
    "ws://localhost:8080/chat?room=lobby",
    "wss://home.example.net/mqtt",
]
# Without a window manager GTK draws a frame around the window, which no desktop shows.
_FRAMELESS = "window.solid-csd { padding: 0; margin: 0; border: none; box-shadow: none; }"

_SUBSCRIBE = {"op": "subscribe", "channel": "trades", "symbols": ["BTC-EUR", "ETH-EUR"]}
_TRADES = (
    ("BTC-EUR", "58214.30", "0.0150", "buy"),
    ("ETH-EUR", "2387.65", "0.8000", "sell"),
    ("BTC-EUR", "58214.80", "0.2500", "buy"),
    ("BTC-EUR", "58213.10", "0.0042", "sell"),
    ("ETH-EUR", "2387.90", "1.2500", "buy"),
    ("BTC-EUR", "58215.00", "0.1000", "buy"),
)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    GLib.set_prgname(APPLICATION_ID)
    with tempfile.TemporaryDirectory() as home, exchange() as address:
        os.environ["XDG_CONFIG_HOME"] = home
        save(Settings(WIDTH, HEIGHT, recent=_RECENT), default_path())
        run(take(address))


async def take(address: str) -> None:
    """Take all pictures."""
    application = Application(Gio.ApplicationFlags.NON_UNIQUE)
    application.register(None)
    hide_frame()
    window = application.open_window()
    await drawn(window, WIDTH)
    shoot(window, "connect")
    tab = window.tab
    assert tab is not None
    await converse(tab, address)
    await drawn(window, WIDTH)
    shoot(window, "conversation")
    style = Adw.StyleManager.get_default()
    style.set_color_scheme(Adw.ColorScheme.FORCE_DARK)
    await drawn(window, WIDTH)
    shoot(window, "conversation-dark")
    style.set_color_scheme(Adw.ColorScheme.DEFAULT)
    await find(tab)
    await drawn(window, WIDTH)
    shoot(window, "find")
    tab.conversation.page.filter_bar.close()
    window.set_default_size(NARROW, HEIGHT)
    await drawn(window, NARROW)
    shoot(window, "narrow")
    window.close()
    await eventually(lambda: not application.get_windows() and not application._tasks.are_running)


async def converse(tab: Tab, address: str) -> None:
    """Connect, subscribe, and read one of the trades."""
    page = tab._connection_page
    page.show_address(address)
    page.emit("connect-requested", address)
    await eventually(lambda: tab.is_conversation)
    recording = tab.conversation.session.recording
    subscription = json.dumps(_SUBSCRIBE)
    conversation = tab.conversation.page
    conversation.emit("send-requested", Draft(subscription, PayloadFormat.TEXT, subscription))
    # Connected, the subscription and its answer, the trades, a ping and its pong, a snapshot.
    await eventually(lambda: len(recording) == 6 + len(_TRADES))
    await eventually(lambda: conversation.timeline._model.get_n_items() == len(recording))
    trade = next(
        number for number in range(len(recording)) if b"2387.90" in recording.entry(number).payload
    )
    conversation.timeline.go_to(trade)
    conversation.composer._editor.buffer.set_text('{"op": "unsubscribe"}')


async def find(tab: Tab) -> None:
    """Search the messages for trades."""
    page = tab.conversation.page
    tab.activate_action("tab.find", None)
    page.filter_bar.show_text("is:received json:symbol=BTC-EUR 58214")
    await eventually(lambda: page.timeline.counts.is_complete)
    tab.activate_action("tab.next-match", None)
    await eventually(lambda: page.timeline.selected >= 0)
    await eventually(lambda: not page.timeline._tick)


async def drawn(window: Window, width: int) -> None:
    """Wait until the window has its size and no longer changes."""
    await eventually(lambda: window.get_mapped() and abs(window.get_width() - width) < 2)
    frames = window.get_frame_clock()
    assert frames is not None
    before = frames.get_frame_counter()
    window.queue_draw()
    await eventually(lambda: frames.get_frame_counter() > before + 1)
    await settled(lambda: window.get_width())
    await asyncio.sleep(0)


def shoot(window: Window, name: str) -> None:
    """Write a picture of this window only."""
    surface = window.get_surface()
    assert isinstance(surface, GdkX11.X11Surface)
    path = FOLDER / f"{name}.png"
    subprocess.run(["import", "-window", str(surface.get_xid()), str(path)], check=True)
    print(path)


def hide_frame() -> None:
    provider = Gtk.CssProvider()
    provider.load_from_data(_FRAMELESS.encode())  # type: ignore[no-untyped-call]  # an override
    display = Gdk.Display.get_default()
    assert display is not None
    Gtk.StyleContext.add_provider_for_display(display, provider, Gtk.STYLE_PROVIDER_PRIORITY_USER)


@contextlib.contextmanager
def exchange() -> Iterator[str]:
    """Run a server that sends trades at a usual port; yield its address."""
    server = _listen()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"ws://localhost:{server.socket.getsockname()[1]}/v1/trades"
    finally:
        server.shutdown()
        thread.join()


def _listen() -> Server:
    try:
        return serve(_tell, "127.0.0.1", 8080, ping_interval=None, close_timeout=1)
    except OSError:
        return serve(_tell, "127.0.0.1", 0, ping_interval=None, close_timeout=1)


def _tell(client: ServerConnection) -> None:
    with contextlib.suppress(ConnectionClosed):
        asked = json.loads(client.recv())
        client.send(json.dumps({"event": "subscribed", "symbols": asked["symbols"]}))
        for number, (symbol, price, amount, side) in enumerate(_TRADES, start=90_417):
            trade = {"event": "trade", "id": number, "symbol": symbol, "price": price}
            client.send(json.dumps(trade | {"amount": amount, "side": side, "time": time.time()}))
            if number == 90_419:
                client.ping(b"1700000000").wait()
        client.send(b"\x93\x01\xa7BTC-EUR\xcb\x40\xec\x6c\xe0\x00\x00\x00\x00" + bytes(range(40)))
        client.recv()


if __name__ == "__main__":
    main()
