"""Tabs of the last time that are not selected at the start: they are made when they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from spacebeam.library.window_state import StateFile, TabState, WindowState, default_folder
from spacebeam.ui.composer.draft import PayloadFormat
from tests.library.files import write_recording
from tests.support.waiting import eventually
from tests.ui.doing import application
from tests.ui.pageobjects.tab import TabPage
from tests.ui.pageobjects.window import WindowPage
from tests.ui.window.test_restoring import started


def tab_state(folder: Path, host: str) -> TabState:
    """Return the state of a tab with a recording of its own."""
    path = write_recording(folder / f"{host}.beam", f"of {host}")
    return TabState(f"ws://{host}.test/", is_conversation=True, recording=str(path))


def write_state(*tabs: TabState, selected: int = 0) -> None:
    """Write what the next start brings back."""
    file = StateFile(default_folder())
    assert file.acquire()
    file.save((WindowState(tabs=tabs, selected=selected),))
    file.release()


def read_state() -> tuple[TabState, ...]:
    return StateFile(default_folder()).load()[0].tabs


def held(window: WindowPage) -> list[bool]:
    """Return which tabs are not made yet."""
    return [not one.has_made_conversation for one in window.widget.tabs]


def select(window: WindowPage, place: int) -> TabPage:
    """Click a tab."""
    window.tab_view.set_selected_page(window.tabs[place])
    return window.tab


async def test_a_tab_that_was_never_selected_loses_nothing(tmp_path: Path) -> None:
    one = tab_state(tmp_path, "one")
    form = PayloadFormat.TEXT.value
    named = replace(tab_state(tmp_path, "two"), name="Mine", draft="not sent", draft_format=form)
    titled = replace(
        tab_state(tmp_path, "three"), title="A title", filter="of", connection="gone.yml"
    )
    write_state(one, named, titled)
    for _start in range(2):
        async with application() as program:
            (window,) = await started(program)
            await eventually(lambda: window.tab.is_conversation)  # noqa: B023
            assert held(window) == [False, True, True]
            assert window.names == ["one.test", "Mine", "A title"]
        assert read_state()[1:] == (named, titled)


async def test_a_tab_is_made_when_it_is_selected(tmp_path: Path) -> None:
    other = replace(tab_state(tmp_path, "two"), draft="not sent", filter="of")
    write_state(tab_state(tmp_path, "one"), other)
    async with application() as program:
        (window,) = await started(program)
        await eventually(lambda: window.tab.is_conversation)
        tab = select(window, 1)
        await eventually(lambda: tab.is_conversation)
        await eventually(lambda: "of two" in tab.entries)
        assert tab.composer.typed == "not sent"
        assert tab.session_page.filter.text == "of"
        assert held(window) == [False, False]


async def test_a_held_tab_can_be_renamed_closed_and_reopened(tmp_path: Path) -> None:
    other = replace(tab_state(tmp_path, "two"), draft="not sent")
    write_state(tab_state(tmp_path, "one"), other)
    async with application() as program:
        (window,) = await started(program)
        await eventually(lambda: window.tab.is_conversation)
        window.widget.tabs[1].rename("Mine")
        assert window.names == ["one.test", "Mine"]
        window.tab_view.close_page(window.tabs[1])
        await eventually(lambda: window.names == ["one.test"])
        window.do("win.reopen-tab")
        await eventually(lambda: window.tab.title == "Mine" and window.tab.is_conversation)
        assert window.tab.composer.typed == "not sent"


async def test_a_recording_that_a_held_tab_has_is_shown_there(tmp_path: Path) -> None:
    first, shown = tab_state(tmp_path, "one"), tab_state(tmp_path, "two")
    write_state(first, shown)
    async with application() as program:
        (window,) = await started(program)
        await eventually(lambda: window.tab.is_conversation)
        window.widget.open_recording(Path(shown.recording))
        await eventually(lambda: window.tab.is_conversation and "of two" in window.tab.entries)
        assert len(window.tabs) == 2


async def test_the_recording_of_a_held_tab_does_not_expire(tmp_path: Path) -> None:
    write_state(tab_state(tmp_path, "one"), tab_state(tmp_path, "two"))
    async with application() as program:
        (window,) = await started(program)
        await eventually(lambda: window.tab.is_conversation)
        opened = window.open_recordings
        path = tmp_path / "two.beam"
        assert opened.is_held(path)
        tab = select(window, 1)
        await eventually(lambda: tab.is_conversation)
        assert not opened.is_held(path)
        assert opened.of(path)
