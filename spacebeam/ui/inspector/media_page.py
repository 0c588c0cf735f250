"""Shows a picture that a payload or a value in it is, and plays a sound; with their facts."""

from __future__ import annotations

import asyncio

from gi.repository import GObject, Gtk

from spacebeam.decode.decoder import Data
from spacebeam.decode.sounds import sound_info
from spacebeam.ui.chat.picture_loader import decoded
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _
from spacebeam.wording.media import media_words

_MAX_SHOWN = 1600, 1200  # pixels of a picture


@template("media_page.ui")
class MediaPage(Gtk.Box):
    """A picture, decoded in a thread, or a sound to play. Emits `tree-requested`."""

    __gtype_name__ = "SpacebeamMediaPage"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "tree-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _label: Gtk.Label = Gtk.Template.Child()
    _play_button: Gtk.Button = Gtk.Template.Child()
    _tree_button: Gtk.Button = Gtk.Template.Child()
    _picture: Gtk.Picture = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._tasks = Tasks()
        self._sound: tuple[bytes, str] | None = None  # and its format

    def show_media(self, data: Data, *, is_value: bool) -> None:
        """Show a picture or a sound; `is_value` if it is a value in a tree."""
        self.clear()
        words = media_words(data)
        self._label.set_text(words)
        sound = sound_info(data)
        self._sound = None if sound is None else (bytes(data), sound.format)
        self._play_button.set_visible(sound is not None)
        self._tree_button.set_visible(is_value)
        self._picture.update_property([Gtk.AccessibleProperty.LABEL], [words])
        self._tasks.start(self._show_picture(bytes(data), words))

    def clear(self) -> None:
        """Show nothing."""
        self._tasks.cancel()
        self._picture.set_paintable(None)
        self._sound = None
        self._label.set_text("")

    async def _show_picture(self, data: bytes, words: str) -> None:
        texture = await asyncio.to_thread(decoded, data, _MAX_SHOWN)
        self._picture.set_paintable(texture)
        if texture is None and self._sound is None:
            self._label.set_text(_("{facts}: it cannot be shown").format(facts=words))

    async def _play(self, data: bytes, format_: str) -> None:
        from spacebeam.ui.inspector.sound_player import play  # few sounds are played

        if not await play(self, data, format_):
            words = _("{facts}: no program was found that plays it")
            self._label.set_text(words.format(facts=media_words(data)))

    @Gtk.Template.Callback()
    def _on_play_button_clicked(self, _button: Gtk.Button) -> None:
        if self._sound is not None:
            self._tasks.start(self._play(*self._sound))

    @Gtk.Template.Callback()
    def _on_tree_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("tree-requested")
