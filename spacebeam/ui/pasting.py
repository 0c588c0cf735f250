"""Notices pasted text that is incomplete: GTK ends a text at a NUL character, without a word."""

from __future__ import annotations

from collections.abc import Callable

from gi.repository import Gdk, Gio, GLib, Gtk

from spacebeam.net.gio_call import gio_call
from spacebeam.ui.tasks import Tasks

_TEXT = "text/plain;charset=utf-8"
_CHUNK = 64 * 1024  # bytes


def watch_pastes(text_view: Gtk.TextView, on_cut: Callable[[], object]) -> None:
    """Call `on_cut` after a text with a NUL character was pasted, as the rest is missing."""
    tasks = Tasks()

    async def check(clipboard: Gdk.Clipboard) -> None:
        if await _has_nul(clipboard):
            on_cut()

    def on_paste_done(_buffer: Gtk.TextBuffer, clipboard: Gdk.Clipboard) -> None:
        # The program's own texts have none.
        if not clipboard.is_local() and clipboard.get_formats().contain_mime_type(_TEXT):
            tasks.start(check(clipboard))

    text_view.get_buffer().connect("paste-done", on_paste_done)


async def _has_nul(clipboard: Gdk.Clipboard) -> bool:
    try:
        stream, _type = await gio_call(
            clipboard.read_async, clipboard.read_finish, [_TEXT], GLib.PRIORITY_DEFAULT
        )
        assert stream is not None
        while chunk := await _read(stream):
            if b"\0" in chunk:
                return True
    except GLib.Error:
        pass  # the clipboard's owner has ended
    return False


async def _read(stream: Gio.InputStream) -> bytes:
    priority = GLib.PRIORITY_DEFAULT
    data = await gio_call(stream.read_bytes_async, stream.read_bytes_finish, _CHUNK, priority)
    return data.get_data() or b""
