"""The list follows its folder: a change of a file costs one file, whoever changed it."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.recording.info import set_fact
from spacebeam.ui.settings_service import SettingsService
from tests.library.files import NOON, copies, count_opened, write_recording
from tests.support.waiting import eventually, settled
from tests.ui.pageobjects.recordings import RecordingsPage, opened_recordings

COUNT = 30


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return count_opened(monkeypatch)


@pytest.fixture
def folder(keeper: SettingsService, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of recordings; its files count as written long ago."""
    monkeypatch.setattr("spacebeam.library.recording_cache._MIN_AGE_NS", 0)
    copies(keeper.recordings.folder, COUNT)
    keeper.recordings.listed()
    return keeper.recordings.folder


def titles(page: RecordingsPage) -> dict[str, str]:
    return {info.path.name: info.title for info in page.recordings.infos}


async def test_a_list_of_known_files_opens_none(
    keeper: SettingsService, folder: Path, opened: list[str]
) -> None:
    opened.clear()
    async with opened_recordings(keeper) as page:
        assert len(page.recordings.infos) == COUNT
        assert opened == []


async def test_a_title_that_another_program_sets_is_shown(
    keeper: SettingsService, folder: Path, opened: list[str]
) -> None:
    async with opened_recordings(keeper) as page:
        opened.clear()
        set_fact(folder / "3.beam", "title", "The crash")
        await eventually(lambda: titles(page)["3.beam"] == "The crash")
        await settled(lambda: list(opened))
        assert set(opened) == {"3.beam"}


async def test_a_title_that_another_program_sets_is_found_by_the_search_that_is_on(
    keeper: SettingsService, folder: Path
) -> None:
    async with opened_recordings(keeper) as page:
        page.search("crash")
        await eventually(lambda: not titles(page))
        set_fact(folder / "3.beam", "title", "The crash")
        await eventually(lambda: list(titles(page)) == ["3.beam"])


async def test_a_new_file_is_listed_and_a_removed_one_is_not(
    keeper: SettingsService, folder: Path, opened: list[str]
) -> None:
    async with opened_recordings(keeper) as page:
        opened.clear()
        write_recording(folder / "new.beam", "hello", began=NOON + 99)
        await eventually(lambda: "new.beam" in titles(page))
        await eventually(lambda: page.recordings.infos[0].path.name == "new.beam")
        (folder / "3.beam").unlink()
        await eventually(lambda: "3.beam" not in titles(page))
        assert len(titles(page)) == COUNT
        assert set(opened) <= {"new.beam"}


async def test_a_renamed_file_is_one_removed_and_one_added(
    keeper: SettingsService, folder: Path, opened: list[str]
) -> None:
    async with opened_recordings(keeper) as page:
        opened.clear()
        (folder / "3.beam").rename(folder / "other.beam")
        await eventually(lambda: "other.beam" in titles(page) and "3.beam" not in titles(page))
        assert len(titles(page)) == COUNT
        assert set(opened) == {"other.beam"}


async def test_a_file_that_is_no_recording_is_not_listed(
    keeper: SettingsService, folder: Path, opened: list[str]
) -> None:
    async with opened_recordings(keeper) as page:
        opened.clear()
        (folder / "notes.txt").write_text("")
        (folder / ".hidden.beam").write_bytes(b"")
        write_recording(folder / "new.beam", "hello")
        await eventually(lambda: "new.beam" in titles(page))
        assert len(titles(page)) == COUNT + 1
