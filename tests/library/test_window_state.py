"""Windows and tabs in a file: what comes back, what is left out, and damaged files."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from spacebeam.library.window_state import (
    MAX_DRAFT,
    MAX_TABS,
    StateFile,
    TabState,
    WindowState,
    WindowStateError,
    default_folder,
    keeps_draft,
    saved,
)
from spacebeam.profiles.profile import Profile, RequestSettings, SignIn, SignInMethod
from spacebeam.protocol.known_secrets import hide

TAB = TabState(
    address="wss://one.test/feed?symbol=btc",
    profile=Profile(request=RequestSettings(headers=(("X-Client", "desk"),))),
    is_conversation=True,
    was_connected=True,
    recording="/tmp/one.beam",
    name="Prices",
    title="A morning",
    draft='{"op": "€ 💬"}\nsecond line',
    draft_format="JSON",
    filter="json:price>100",
    is_paused=True,
)
WINDOWS = (
    WindowState(800, 600, True, (TAB, TabState(address="ws://two.test/")), 1),
    WindowState(640, 480, False, (TabState(draft="no address yet"),)),
)


@pytest.fixture
def file(tmp_path: Path) -> StateFile:
    made = StateFile(tmp_path / "state")
    assert made.acquire()
    return made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state/windows.json"


def test_the_folder_is_that_of_the_persons_state() -> None:
    assert default_folder({"XDG_STATE_HOME": "/s"}) == Path("/s/spacebeam")
    for other in ({}, {"XDG_STATE_HOME": "relative"}):
        assert default_folder(other) == Path("~/.local/state/spacebeam").expanduser()


def test_everything_comes_back(file: StateFile) -> None:
    file.save(saved(WINDOWS))
    assert file.load() == WINDOWS


def test_without_a_file_nothing_comes_back(file: StateFile) -> None:
    assert file.load() == ()


def test_the_file_is_the_persons_alone_and_nothing_lies_beside_it(
    file: StateFile, path: Path
) -> None:
    for _ in range(2):
        file.save(WINDOWS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(one.name for one in path.parent.iterdir()) == ["windows.json", "windows.lock"]


def test_without_windows_there_is_no_file(file: StateFile, path: Path) -> None:
    file.save(WINDOWS)
    for _ in range(2):
        file.save(())
        assert not path.exists()


def test_a_failed_save_leaves_the_file_as_it_was(
    file: StateFile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.save(WINDOWS)

    def fail(*_paths: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        file.save(WINDOWS[:1])
    assert file.load() == WINDOWS
    assert len(list(path.parent.iterdir())) == 2


def test_a_second_program_does_not_own_the_file_until_the_first_lets_go(
    file: StateFile, tmp_path: Path
) -> None:
    second = StateFile(tmp_path / "state")
    assert not second.acquire()
    assert file.acquire()
    file.release()
    assert second.acquire()


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    assert not StateFile(tmp_path / "state").acquire()


# What is left out


def only(tab: TabState) -> TabState | None:
    """Return what is saved of a window with one tab; None for nothing."""
    windows = saved((WindowState(tabs=(tab,)),))
    return windows[0].tabs[0] if windows else None


def test_nothing_of_a_private_tab_is_saved() -> None:
    assert only(replace(TAB, is_private=True)) is None


@pytest.mark.parametrize(
    "address",
    [
        "wss://user:s3cret@one.test/",
        "wss://one.test/?token=s3cret",
        "user:s3cret@one.test",
        "user:s3cret@{{host}}/feed",
        "s3cret pass word",
    ],
)
def test_no_secret_of_an_address_is_saved_nor_the_draft_for_it(address: str) -> None:
    windows = saved((WindowState(tabs=(replace(TAB, address=address),)),))
    assert "s3cret" not in repr(windows)
    assert windows[0].tabs[0].draft == ""
    assert not keeps_draft(replace(TAB, address=address))
    assert not windows[0].tabs[0].address or not keeps_draft(windows[0].tabs[0])


@pytest.mark.parametrize("address", ["{{base}}/feed", "{{host}}:{{port}}/?token={{token}}"])
def test_variables_are_saved_as_they_were_typed(address: str) -> None:
    (window,) = saved((WindowState(tabs=(replace(TAB, address=address),)),))
    assert (window.tabs[0].address, window.tabs[0].draft) == (address, TAB.draft)


@pytest.mark.parametrize(
    "profile",
    [
        Profile(sign_in=SignIn(SignInMethod.BEARER, token="s3cret")),
        Profile(request=RequestSettings(headers=(("Authorization", "Bearer s3cret"),))),
        Profile(request=RequestSettings(cookies=(("any", "s3cret"),))),
    ],
)
def test_no_secret_of_the_options_is_saved_nor_the_draft_for_them(
    file: StateFile, path: Path, profile: Profile
) -> None:
    file.save(saved((WindowState(tabs=(replace(TAB, profile=profile),)),)))
    assert "s3cret" not in path.read_text()
    assert TAB.draft.partition("\n")[0] not in path.read_text()
    (window,) = file.load()  # and while they have not been typed in again
    assert not keeps_draft(replace(window.tabs[0], draft="secret"))


def test_a_draft_with_the_value_of_a_secret_variable_is_left_out() -> None:
    hide(("s3cret-value",))
    tab = replace(TAB, address="{{base}}/feed", draft='{"auth":"s3cret-value"}')
    (window,) = saved((WindowState(tabs=(tab,)),))
    assert window.tabs[0].draft == ""
    assert not keeps_draft(tab)
    assert keeps_draft(replace(tab, draft='{"auth":"another"}'))


def test_a_long_draft_is_left_out_and_its_tab_stays() -> None:
    long = replace(TAB, draft="x" * (MAX_DRAFT + 1))
    assert only(long) == replace(TAB, draft="", draft_format="")
    assert not keeps_draft(long)


def test_the_file_is_bounded(file: StateFile, path: Path) -> None:
    tab = replace(TAB, draft="€" * MAX_DRAFT)
    windows = saved((WindowState(tabs=(tab,) * MAX_TABS * 2),) * 3)
    assert sum(len(one.tabs) for one in windows) == MAX_TABS
    file.save(windows)
    assert path.stat().st_size < 4 * 2**20
    assert file.load() == windows


def test_empty_tabs_and_windows_are_left_out_and_the_selected_tab_stays_selected() -> None:
    empty, full = TabState(filter="x", is_paused=True), TabState(address="ws://one.test/")
    windows = (
        WindowState(tabs=(empty, full, TAB), selected=2),
        WindowState(tabs=(empty,)),
        WindowState(tabs=(full, empty), selected=1),
    )
    assert [(one.tabs, one.selected) for one in saved(windows)] == [
        ((full, TAB), 1),
        ((full,), 0),
    ]


# Damaged files


def written(**changes: Any) -> Any:
    """Return a valid file's values with changes of its window."""
    window = {"width": 800, "height": 600, "is_maximized": False, "selected": 0, "tabs": [{}]}
    return {"version": 1, "windows": [window | changes]}


@pytest.mark.parametrize(
    "values",
    [
        None,
        [],
        {},
        {"version": 1},
        {"version": 99, "windows": []},
        {"version": 1, "windows": {}},
        {"version": 1, "windows": [None]},
        written(width=0),
        written(width=True),
        written(width=10**9),
        written(height=1e400),
        written(selected=1),
        written(selected=-1),
        written(is_maximized=1),
        written(tabs=[]),
        written(tabs=[{}] * (MAX_TABS + 1)),
        written(tabs=[{"address": 5}]),
        written(tabs=[{"draft": "\0"}]),
        written(tabs=[{"draft": "\ud800"}]),
        written(tabs=[{"name": "x" * 10_000}]),
        written(tabs=[{"recording": ["/etc/passwd"]}]),
        written(tabs=[{"is_paused": "yes"}]),
    ],
)
def test_a_damaged_file_is_set_aside(file: StateFile, path: Path, values: Any) -> None:
    path.write_text(json.dumps(values))
    with pytest.raises(WindowStateError) as raised:
        file.load()
    aside = Path(str(raised.value))
    assert aside.read_text() == json.dumps(values)
    assert file.load() == ()


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"{", b"[" * 100_000, b" " * 5 * 2**20, b'{"version": NaN}']
)
def test_what_is_no_json_is_set_aside(file: StateFile, path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with pytest.raises(WindowStateError):
        file.load()
    assert path.with_suffix(".json.damaged").read_bytes() == data


def test_a_pipe_in_place_of_the_file_does_not_block(file: StateFile, path: Path) -> None:
    os.mkfifo(path)
    with pytest.raises((WindowStateError, OSError)):
        file.load()


def test_keys_of_a_newer_version_are_ignored(file: StateFile, path: Path) -> None:
    path.write_text(json.dumps(written(colour="red", tabs=[{"address": "ws://a.test/", "x": 1}])))
    assert file.load()[0].tabs == (TabState(address="ws://a.test/"),)
