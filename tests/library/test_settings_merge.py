"""Several programs and a person write the settings file, and none undoes another's change."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from spacebeam.library import folder_lock
from spacebeam.library.retention import RetentionPolicy
from spacebeam.library.settings import MAX_RECENT, Settings, load, refresh, save
from spacebeam.profiles.profile import Profile, RequestSettings, with_values
from tests.support.waiting import PATIENCE

ONE, TWO, THREE = "ws://one.test/", "ws://two.test/", "ws://three.test/"
TRACED = Profile(request=RequestSettings(headers=(("X-Trace", "1"),)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


def write(path: Path, values: dict[str, Any]) -> None:
    path.write_text(json.dumps(values))


def read(path: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(path.read_text())
    return values


def test_what_others_changed_stays_and_is_taken_up(path: Path) -> None:
    save(Settings(recent=[ONE]), path)
    first, second = load(path), load(path)
    first.remember(TWO, TRACED)
    save(first, path)
    second.window_width = 900
    second.remember(THREE)
    save(second, path)
    first.retention_policy = RetentionPolicy(7, None)
    first.forget(ONE)
    save(first, path)
    assert first == load(path)
    assert first.recent == [THREE, TWO]
    assert first.profiles == {TWO: TRACED}
    assert (first.window_width, first.retention_policy.max_age) == (900, 7)
    save(second, path)
    assert second == first


def test_an_address_that_another_program_forgot_does_not_return(path: Path) -> None:
    save(Settings(recent=[ONE, TWO], profiles={ONE: TRACED}), path)
    first, second = load(path), load(path)
    first.forget(ONE)
    save(first, path)
    second.remember(TWO)
    second.remember(THREE)
    save(second, path)
    assert read(path)["recent"] == [THREE, TWO]
    assert read(path)["profiles"] == {}


def test_the_number_of_recent_addresses_is_limited_for_all_programs(path: Path) -> None:
    save(Settings(), path)
    first, second = load(path), load(path)
    for number in range(MAX_RECENT):
        for name, settings in (("a", first), ("b", second)):
            settings.remember(f"ws://{name}{number}.test/", TRACED)
            save(settings, path)
    assert len(read(path)["recent"]) == MAX_RECENT
    assert set(read(path)["profiles"]) == set(read(path)["recent"])
    assert load(path) == second


def test_two_fields_of_one_profile_are_merged(path: Path) -> None:
    save(Settings(recent=[ONE], profiles={ONE: TRACED}), path)
    first, second = load(path), load(path)
    first.remember(ONE, with_values(TRACED, {"limits.connect_timeout": 3}))
    save(first, path)
    second.remember(ONE, with_values(TRACED, {"request.headers": (), "reconnect.enabled": True}))
    save(second, path)
    assert read(path)["profiles"][ONE] == {
        "limits": {"connect_timeout": 3},
        "reconnect": {"enabled": True},
    }


def test_secrets_in_memory_stay_when_others_change_the_profile(path: Path) -> None:
    secret = with_values(TRACED, {"sign_in.token": "s3cret"})
    cookies = (("id", "c00kie"), ("id", "c00kie-2"))
    offered = ("bearer", "s3cret", "chat")
    secret = with_values(secret, {"request.cookies": cookies, "request.subprotocols": offered})
    mine = load(path)
    mine.remember(ONE, secret)
    save(mine, path)
    other = load(path)
    other.remember(ONE, with_values(other.profiles[ONE], {"limits.connect_timeout": 3}))
    save(other, path)
    assert refresh(mine, path)
    assert mine.profiles[ONE] == with_values(secret, {"limits.connect_timeout": 3})
    assert "s3cret" not in path.read_text()
    assert "c00kie" not in path.read_text()


_NEWER: dict[str, Any] = {
    "version": 9,
    "window_width": "most of the screen",
    "recent": [{"address": ONE, "name": "One"}, TWO],
    "profiles": {
        TWO: {
            "request": {"headers": [["A", "b"]], "http": 3},
            "proxy": {"choice": "pac"},
            "limits": {"connect_timeout": "soon"},
            "colour": "red",
        }
    },
    "retention": {"max_age": "forever", "max_size": 2**30, "where": "/mnt"},
    "environments": {"test": {"host": "h"}},
}


def test_what_a_newer_version_wrote_stays(path: Path) -> None:
    write(path, _NEWER)
    settings = load(path)
    save(settings, path)
    assert read(path) == _NEWER
    settings.window_height = 500
    settings.remember(THREE)
    settings.remember(TWO, with_values(settings.profiles[TWO], {"reconnect.enabled": True}))
    settings.retention_policy = RetentionPolicy(settings.retention_policy.max_age, None)
    save(settings, path)
    expected = json.loads(json.dumps(_NEWER))
    expected["window_height"] = 500
    expected["recent"] = [TWO, THREE, {"address": ONE, "name": "One"}]
    expected["profiles"][TWO]["reconnect"] = {"enabled": True}
    expected["retention"]["max_size"] = None
    expected["used"] = settings.used
    assert set(settings.used) == {TWO, THREE}
    assert read(path) == expected


def test_values_that_cannot_be_written_as_text_stay(path: Path) -> None:
    path.write_text('{"newer": "\\ud800", "recent": ["ws://\\ud800/"]}')
    settings = load(path)
    settings.window_height = 500
    save(settings, path)
    assert read(path)["newer"] == "\ud800"


def test_nothing_is_written_without_a_change(path: Path) -> None:
    text = '{"window_width":   800}\n'
    path.write_text(text)
    save(load(path), path)
    assert path.read_text() == text


def test_an_edit_by_hand_is_taken_up_and_not_overwritten(path: Path) -> None:
    save(Settings(recent=[ONE, TWO]), path)
    settings = load(path)
    write(path, read(path) | {"recent": [TWO], "window_width": 640})
    assert refresh(settings, path)
    assert (settings.recent, settings.window_width) == ([TWO], 640)
    assert not refresh(settings, path)
    write(path, read(path) | {"window_height": 480})
    settings.remember(THREE)
    save(settings, path)
    assert (settings.window_height, read(path)["window_height"]) == (480, 480)
    assert settings.recent == [THREE, TWO]


def test_a_file_in_the_middle_of_an_edit_is_left_alone(path: Path) -> None:
    save(Settings(recent=[ONE]), path)
    settings = load(path)
    for content in ("", '{"recent": [', "[]"):
        path.write_text(content)
        assert not refresh(settings, path)
        assert path.read_text() == content
    path.unlink()
    assert not refresh(settings, path)
    assert settings.recent == [ONE]


def test_a_damaged_or_missing_file_is_written_whole(path: Path) -> None:
    save(Settings(recent=[ONE], profiles={ONE: TRACED}), path)
    settings = load(path)
    path.write_text('{"recent": [')
    save(settings, path)
    assert load(path) == settings
    assert path.with_suffix(".json.damaged").read_text() == '{"recent": ['
    path.unlink()
    save(settings, path)
    assert load(path) == settings


def test_what_could_not_be_saved_is_saved_later(path: Path) -> None:
    save(Settings(recent=[ONE]), path)
    settings = load(path)
    settings.remember(TWO)
    path.unlink()
    path.mkdir()  # cannot be replaced, even by root
    with pytest.raises(OSError, match="directory"):
        save(settings, path)
    path.rmdir()
    write(path, {"recent": [ONE, THREE]})
    refresh(settings, path)
    assert settings.recent == [TWO, ONE, THREE]
    save(settings, path)
    assert read(path)["recent"] == [TWO, ONE, THREE]


def test_a_symbolic_link_stays_and_its_file_is_replaced(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "dotfiles" / "beam.json"
    target.parent.mkdir()
    write(target, {"window_width": 800})
    target.chmod(0o640)
    link = tmp_path / "link.json"
    link.symlink_to("dotfiles/beam.json")
    path.symlink_to("link.json")
    before = target.stat().st_ino
    settings = load(path)
    settings.remember(ONE)
    save(settings, path)
    assert (path.is_symlink(), link.is_symlink(), target.is_symlink()) == (True, True, False)
    assert read(target) == {"window_width": 800, "recent": [ONE], "used": settings.used}
    assert target.stat().st_ino != before
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert os.listdir(target.parent) == ["beam.json"]


def test_a_link_to_a_missing_file_is_written_through(path: Path, tmp_path: Path) -> None:
    path.symlink_to("other.json")
    save(Settings(recent=[ONE]), path)
    assert path.is_symlink()
    assert load(tmp_path / "other.json").recent == [ONE]


def test_a_damaged_file_behind_a_link_is_set_aside_beside_it(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "dotfiles" / "settings.json"
    target.parent.mkdir()
    target.write_text("{")
    path.symlink_to(target)
    save(load(path), path)
    assert path.is_symlink()
    assert target.with_suffix(".json.damaged").read_text() == "{"


def test_tokens_of_an_earlier_version_are_removed_from_the_file(path: Path) -> None:
    address = "ws://one.test/?token=s3cret"
    write(path, {"recent": [address, TWO], "profiles": {address: {"reconnect": {"enabled": True}}}})
    settings = load(path)
    save(settings, path)
    assert "s3cret" not in path.read_text()
    masked = "ws://one.test/?token=•••"
    assert settings.recent == [masked, TWO]
    assert settings.profiles[masked].reconnect.enabled


def test_nothing_of_a_private_connection_is_saved(path: Path) -> None:
    settings = Settings()
    settings.remember("ws://s3cret.test/?token=s3cret", with_values(TRACED, {"record": False}))
    save(settings, path)
    assert "s3cret" not in path.read_text()
    assert "X-Trace" not in path.read_text()
    assert settings.recent == []


def test_a_token_in_a_subprotocol_is_not_saved(path: Path) -> None:
    offered = ("bearer", "s3cret", "chat")
    settings = Settings()
    settings.remember(ONE, Profile(request=RequestSettings(subprotocols=offered)))
    save(settings, path)
    saved = load(path).profiles[ONE].request.subprotocols
    assert saved == ("bearer", "•••", "chat")
    assert "s3cret" not in path.read_text()


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Lock a folder as another program does while it saves."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def test_saving_waits_for_another_program_that_saves(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(Settings(), path)
    settings = load(path)
    settings.remember(ONE)
    waits = threading.Event()
    flock = fcntl.flock

    def flock_and_tell(descriptor: int, operation: int) -> None:
        waits.set()
        flock(descriptor, operation)

    monkeypatch.setattr(folder_lock, "LOCK_TIMEOUT_S", PATIENCE)
    saving = threading.Thread(target=save, args=(settings, path))
    with locked(path.parent):
        monkeypatch.setattr(fcntl, "flock", flock_and_tell)
        saving.start()
        assert waits.wait(PATIENCE)
        write(path, read(path) | {"newer": 1})
    saving.join(PATIENCE)
    assert (read(path)["newer"], read(path)["recent"]) == (1, [ONE])


def test_saving_does_not_wait_for_ever(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_lock, "LOCK_TIMEOUT_S", 0.01)
    with locked(path.parent):
        save(Settings(recent=[ONE]), path)
    assert read(path)["recent"] == [ONE]


_PROGRAM = """
import sys
from pathlib import Path
from spacebeam.library.settings import load, save
from spacebeam.profiles.profile import Profile, Reconnect

name, path = sys.argv[1], Path(sys.argv[2])
settings = load(path)
print("ready", flush=True)
sys.stdin.readline()
for number in range(40):
    settings.remember(f"ws://{name}.test/", Profile(reconnect=Reconnect(attempts=number + 2)))
    if name == "a":
        settings.window_width = 1000 + number
    else:
        settings.window_height = 1000 + number
    save(settings, path)
"""


def test_two_programs_at_the_same_time_undo_nothing(path: Path) -> None:
    write(path, {"newer": 1, "recent": [TWO]})
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, name, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for name in "ab"
    ]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == b"ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write(b"\n")
        program.stdin.flush()
    for program in programs:
        program.communicate(timeout=PATIENCE)
        assert program.returncode == 0
    values = read(path)
    assert (values["newer"], values["window_width"], values["window_height"]) == (1, 1039, 1039)
    assert sorted(values["recent"]) == ["ws://a.test/", "ws://b.test/", TWO]
    assert {one["reconnect"]["attempts"] for one in values["profiles"].values()} == {41}
    assert os.listdir(path.parent) == [path.name]
