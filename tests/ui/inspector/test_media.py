"""Pictures and sounds are shown and named, as a whole message and as a value in one."""

from __future__ import annotations

from pathlib import Path

from gi.repository import GdkPixbuf, Gio, GLib, Gtk

from spacebeam.decode.message_pack import MessagePackDecoder
from spacebeam.protocol.batch import Kind
from spacebeam.ui.inspector.inspector import Inspector
from spacebeam.ui.inspector.json_tree_view import JsonTreeView
from spacebeam.ui.inspector.media_page import MediaPage
from tests.decode.test_sounds import wav
from tests.support.waiting import eventually
from tests.ui.doing import button, click, shown
from tests.ui.pageobjects.inspector import InspectorPage
from tests.ui.pageobjects.json_tree import TreePage
from tests.ui.pageobjects.page import Page, child
from tests.ui.recordings import entry


class _MediaPage(Page[MediaPage]):
    @property
    def size(self) -> tuple[int, int] | None:
        """The size of the picture that is shown, in pixels."""
        paintable = self.child("_picture", Gtk.Picture).get_paintable()
        if paintable is None or not self.is_shown:
            return None
        return paintable.get_intrinsic_width(), paintable.get_intrinsic_height()


def png(width: int = 40, height: int = 30) -> bytes:
    pixbuf = GdkPixbuf.Pixbuf.new(GdkPixbuf.Colorspace.RGB, False, 8, width, height)
    assert pixbuf is not None
    pixbuf.fill(0x3584E4FF)
    return bytes(pixbuf.save_to_bufferv("png", [], [])[1])


def media_of(inspector: Inspector) -> _MediaPage:
    return _MediaPage(child(inspector, "_media_page", MediaPage))


async def test_a_picture_is_shown_and_its_bytes_can_be_chosen() -> None:
    async with shown(Inspector()) as inspector:
        page, media = InspectorPage(inspector), media_of(inspector)
        inspector.show_entry(entry(png(), Kind.BINARY))
        assert page.offered == ["Picture", "Hex", "Text"]
        await eventually(lambda: media.size == (40, 30))
        assert media.says("PNG, 40 × 30")
        page.choose("Hex")
        await eventually(lambda: "PNG" in page.text)
        page.choose("Picture")
        await eventually(lambda: media.size == (40, 30))
        inspector.show_entry(entry(b"text"))
        await page.shows("text")
        assert not media.is_shown


async def test_a_picture_that_cannot_be_decoded_says_so() -> None:
    async with shown(Inspector()) as inspector:
        media = media_of(inspector)
        inspector.show_entry(entry(png()[:40], Kind.BINARY))
        await eventually(lambda: media.says("PNG, 40 × 30: it cannot be shown"))


async def test_a_sound_has_its_facts() -> None:
    async with shown(Inspector()) as inspector:
        page, media = InspectorPage(inspector), media_of(inspector)
        inspector.show_entry(entry(wav(), Kind.BINARY))
        assert page.chosen == "Sound"
        assert media.says("WAV, stereo, 8 kHz, 2.0 s")


async def test_a_sound_is_played_in_the_program_for_it(tmp_path: Path) -> None:
    player, played = tmp_path / "player", tmp_path / "played"
    player.write_text(f'#!/bin/sh\ncp "$1" {played}.part\nmv {played}.part {played}\n')
    player.chmod(0o700)
    program = Gio.AppInfo.create_from_commandline(
        str(player), "Player", Gio.AppInfoCreateFlags.NONE
    )
    assert program is not None
    kind, _is_sure = Gio.content_type_guess("a.wav", None)
    async with shown(Inspector()) as inspector:
        media = media_of(inspector)
        inspector.show_entry(entry(wav(), Kind.BINARY))
        media.press("_Play")
        await eventually(lambda: media.says("no program was found that plays it"))
        program.set_as_default_for_type(kind)
        try:
            media.press("_Play")
            await eventually(played.exists)
        finally:
            Gio.AppInfo.reset_type_associations(kind)
            program.delete()
        assert played.read_bytes() == wav()
        (written,) = Path(GLib.get_user_runtime_dir()).glob("spacebeam-*/sound-*.wav")
        assert written.stat().st_mode & 0o77 == 0
        inspector.show_entry(entry(png(), Kind.BINARY))
        assert not media.child("_play_button", Gtk.Button).get_visible()


async def test_a_picture_in_a_tree_is_named_and_shown() -> None:
    payload = MessagePackDecoder().encode({"name": "a.png", "data": png(), "other": b"\0\1"})
    async with shown(Inspector()) as inspector:
        tree, media = TreePage(child(inspector, "_tree_view", JsonTreeView)), media_of(inspector)
        inspector.show_entry(entry(payload, Kind.BINARY))
        await eventually(lambda: any(one.endswith("PNG, 40 × 30") for one in tree.rows))
        place = next(at for at, row in enumerate(tree.rows) if row.startswith("data: "))
        tree.select(place)
        tree.do("show-media")
        await eventually(lambda: media.size == (40, 30))
        click(button(inspector, "Back to the tree"))
        await eventually(lambda: tree.is_shown)
        other = next(at for at, row in enumerate(tree.rows) if row.startswith("other: "))
        tree.select(other)
        tree.do("show-media")  # it is no picture
        assert tree.is_shown
