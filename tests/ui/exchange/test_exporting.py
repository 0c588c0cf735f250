"""A recording, what a filter shows of it, or the selected entries are exported."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gi.repository import Adw, Gio

from spacebeam.exchange.exporters.registry import FORMATS
from spacebeam.profiles.profile import Profile
from spacebeam.ui.exchange import entry_export
from spacebeam.ui.exchange.export_dialog import ExportDialog
from tests.support.listener import listener
from tests.support.waiting import eventually
from tests.ui.pageobjects.exchange import ExportPage, workers_have_ended
from tests.ui.pageobjects.page import dialog_of, find_dialog
from tests.ui.pageobjects.tab import TabPage, opened_tab

MESSAGES = ('{"a": 1}', "two", '{"a": 3}', "four")


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that a person chooses; what was proposed is in `target.proposed`."""
    (tmp_path / "exports").mkdir()
    path = tmp_path / "exports" / "out"

    async def chosen(_window: object, _title: str, name: str, *_filters: object) -> Gio.File:
        suffix = Path(name).suffix
        return Gio.File.new_for_path(str(path) + (suffix if suffix[1:].isalpha() else ""))

    monkeypatch.setattr("spacebeam.ui.exchange.export_actions.choose_target", chosen)
    return path


async def _opened(tab: TabPage, action: str = "tab.export") -> ExportPage:
    tab.do(action)
    return ExportPage(await dialog_of(tab.widget.get_root(), ExportDialog))


async def _outcome(tab: TabPage) -> str:
    """Return what the dialog says at the end, and close it."""
    while not (dialog := await dialog_of(tab.widget.get_root(), Adw.MessageDialog)).get_body():
        await asyncio.sleep(0.01)  # it shows the progress
    dialog.response("close")
    return dialog.get_body() or ""


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


async def _talk(tab: TabPage, url: str) -> None:
    await tab.connect(url)
    await _say(tab)


async def _say(tab: TabPage) -> None:
    for message in MESSAGES:
        await tab.session.session.send(message)
    await eventually(lambda: len(tab.recording) == len(MESSAGES) + 1)
    await tab.timeline.at_rest()


async def test_a_live_recording_is_exported_as_har_and_what_is_lost_is_listed(
    target: Path,
) -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await _talk(tab, peer.url)
            dialog = await _opened(tab)
            assert dialog.scopes == ["All (5)"]
            assert "pings and pongs" in dialog.losses
            dialog.control_frames.set_property("active", True)
            assert "pings and pongs" not in dialog.losses
            assert dialog.says("Passwords, tokens and cookies")
            tab.recording.star(1, is_starred=True)
            dialog.press("Export…")
            done = await _outcome(tab)
            assert "5 entries, " in done
            assert " in “out.har”." in done
            assert "• 1 star or note" in done
            (entry,) = json.loads(target.with_suffix(".har").read_text())["log"]["entries"]
            assert [one["data"] for one in entry["_webSocketMessages"]] == list(MESSAGES)


async def test_what_a_filter_shows_is_exported_and_is_the_proposal(target: Path) -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await _talk(tab, peer.url)
            tab.session_page.filter.type_filter("json:a")
            await eventually(lambda: tab.timeline.length == 2)
            dialog = await _opened(tab)
            assert dialog.scopes == ["All (5)", "Shown (2)"]
            assert dialog.scope == "Shown (2)"
            dialog.choose_format("JSON Lines")
            dialog.press("Export…")
            assert " in “out.jsonl”." in await _outcome(tab)
            assert [line["text"] for line in _lines(target.with_suffix(".jsonl"))] == [
                MESSAGES[0],
                MESSAGES[2],
            ]


async def test_the_selected_entries_are_exported(target: Path) -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await _talk(tab, peer.url)
            assert not tab.can("tab.export-selected")
            tab.timeline.select(1)
            tab.timeline.select_more(4)
            dialog = await _opened(tab, "tab.export-selected")
            assert dialog.scope == "Selected (2)"
            dialog.choose_format("CSV")
            dialog.press("Export…")
            assert "2 entries, " in await _outcome(tab)
            rows = target.with_suffix(".csv").read_text().splitlines()
            assert [row.split(",")[0] for row in rows] == ["number", "2", "5"]
            tab.timeline.select(2)
            dialog = await _opened(tab, "tab.export-selected")
            assert dialog.scope == "Selected (1)"


async def test_parquet_without_its_library_is_explained_and_not_offered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without = replace(FORMATS["parquet"], is_available=lambda: False)
    monkeypatch.setitem(FORMATS, "parquet", without)
    with listener() as peer:
        async with opened_tab() as tab:
            await _talk(tab, peer.url)
            dialog = await _opened(tab)
            dialog.choose_format("Parquet")
            assert "pip install 'spacebeam[parquet]'" in dialog.losses
            assert not dialog.offers("Export…")
            dialog.choose_format("CSV")
            assert dialog.offers("Export…")
            dialog.widget.close()


async def test_an_export_that_fails_says_why_and_leaves_the_old_file(
    target: Path,
) -> None:
    (target.parent / "out").mkdir()
    with listener() as peer:
        async with opened_tab() as tab:
            await _talk(tab, peer.url)
            dialog = await _opened(tab)
            dialog.choose_format("Folder of Messages")
            dialog.press("Export…")
            assert await _outcome(tab) == "Could not write “out”: File exists."


async def test_a_long_export_shows_its_progress_and_can_be_cancelled(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry_export, "_SHOW_PROGRESS_AFTER_S", 0.0)
    old = target.with_suffix(".har")
    old.write_text("old")
    with listener() as peer:
        async with opened_tab() as tab:
            await _talk(tab, peer.url)
            dialog = await _opened(tab)
            dialog.press("Export…")
            progress = await dialog_of(tab.widget.get_root(), Adw.MessageDialog)
            assert progress.get_heading() == "Exporting"
            progress.response("cancel")
            await eventually(_is_gone(tab))
            await eventually(lambda: [one.name for one in target.parent.iterdir()] == [old.name])
            assert old.read_text() == "old"
            await workers_have_ended()


def _is_gone(tab: TabPage) -> Callable[[], bool]:
    return lambda: find_dialog(tab.widget.get_root(), Adw.MessageDialog) is None


async def test_a_private_conversation_that_is_only_in_memory_is_exported(target: Path) -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            tab.connect_with(peer.url, Profile(record=False))
            await eventually(lambda: tab.is_connected)
            await _say(tab)
            dialog = await _opened(tab)
            dialog.choose_format("Text")
            dialog.press("Export…")
            assert "5 entries" in await _outcome(tab)
            assert "> text   two" in target.with_suffix(".txt").read_text()
