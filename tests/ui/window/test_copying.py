"""What other programs get from the window by the clipboard, and what it gets from them."""

from __future__ import annotations

import asyncio
import subprocess
from functools import partial

import pytest
from gi.repository import Gdk

from spacebeam.ui.expert.frame_editor import FrameEditor
from spacebeam.ui.expert.payload_field import PayloadField
from spacebeam.ui.inspector.pages import MAX_LINE
from tests.support.listener import listener
from tests.support.processes import binary
from tests.support.waiting import eventually, settled
from tests.ui.doing import descendants
from tests.ui.pageobjects.form import PayloadPage
from tests.ui.pageobjects.tab import TabPage, opened_tab

CONTROL = Gdk.ModifierType.CONTROL_MASK


async def pasted_elsewhere() -> str:
    """Return the clipboard's text as another program reads it."""
    command = [binary("xclip"), "-o", "-selection", "clipboard", "-t", "UTF8_STRING"]
    return (await asyncio.to_thread(subprocess.check_output, command)).decode()


async def copied_elsewhere(text: bytes) -> None:
    """Copy a text in another program, and wait until this one has heard of it."""
    display = Gdk.Display.get_default()
    assert display is not None
    clipboard = display.get_clipboard()
    changes: list[Gdk.Clipboard] = []
    handler = clipboard.connect("changed", changes.append)
    command = [binary("xclip"), "-i", "-selection", "clipboard"]
    await asyncio.to_thread(
        subprocess.run, command, input=text, check=True, stdout=subprocess.DEVNULL
    )
    await eventually(lambda: changes and not clipboard.is_local())
    clipboard.disconnect(handler)


async def select(tab: TabPage, text: str) -> None:
    """Send a text, and show its inspector."""
    await tab.session.session.send(text)
    await eventually(lambda: len(tab.recording) == tab.timeline.length)
    await tab.session_page.select(len(tab.recording) - 1)
    await eventually(lambda: tab.session_page.inspector.size)


@pytest.mark.parametrize("by", ["button", "key"])
async def test_another_program_gets_the_text_or_hexadecimal_with_a_notice(by: str) -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            for text, copy, notice in (
                ("é\nx", "é\nx", ""),
                ("a\0b", "61 00 62", "the clipboard cannot hold NUL"),
                ("y" * 1_000_000, "y" * 1_000_000, ""),
            ):
                await select(tab, text)
                tab.widget.get_clipboard().set("")
                if by == "button":
                    tab.press("Copy the whole payload")
                else:
                    assert tab.timeline.press_key(Gdk.KEY_c, CONTROL)
                await eventually(tab.widget.get_clipboard().is_local)
                await eventually(partial(tab.says, notice))
                found = ""
                while not found:
                    found = await pasted_elsewhere()
                assert found == copy


async def test_a_selected_long_line_is_copied_without_breaks() -> None:
    line = "".join(f"{number} " for number in range(MAX_LINE))
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            await select(tab, line)
            inspector = tab.session_page.inspector
            await eventually(lambda: inspector.text.replace("\n", "") == line)
            assert "\n" in inspector.text
            inspector.copy(5, MAX_LINE + 50)
            assert await pasted_elsewhere() == line[5 : MAX_LINE + 49]
            assert not tab.says("copied")


@pytest.mark.parametrize(
    ("text", "notice"),
    [("a\x1bb\0c", "Control characters were copied"), ("z\n" * 50_000, "Only this page")],
)
async def test_a_selection_says_what_it_lacks(text: str, notice: str) -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            await select(tab, text)
            inspector = tab.session_page.inspector
            await settled(lambda: inspector.size)  # a page is filled in pieces
            inspector.copy(0, inspector.size)
            await eventually(lambda: tab.says(notice))


async def test_the_composer_says_that_it_cannot_hold_nul() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            await copied_elsewhere(b"CONNECT\n\n\0rest")
            tab.composer.field.emit("paste-clipboard")
            await eventually(lambda: "before a NUL" in tab.composer.error)
            assert tab.composer.typed == "CONNECT\n\n"
            tab.composer.type_message("")
            await copied_elsewhere(b"whole")
            tab.composer.field.emit("paste-clipboard")
            await eventually(lambda: tab.composer.typed == "whole")
            assert tab.composer.error == ""


async def test_a_payload_field_says_that_it_cannot_hold_nul() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            editor = await tab.open_dialog("expert.frame", FrameEditor)
            payload = PayloadPage(next(descendants(editor, PayloadField)))
            await copied_elsewhere(b"a\0b")
            payload.field.emit("paste-clipboard")
            await eventually(lambda: payload.has_error)
