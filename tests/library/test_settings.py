"""The settings file: small, readable, never half written, and never lost."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.library import settings as module
from spacebeam.library.retention import GIB, RetentionPolicy
from spacebeam.library.settings import MAX_RECENT, Settings, default_path, load, save
from spacebeam.profiles.profile import (
    MIB,
    Limits,
    Profile,
    ProxyChoice,
    ProxySettings,
    Reconnect,
    RequestSettings,
    SignIn,
    SignInMethod,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spacebeam" / "settings.json"


def test_what_was_kept_comes_back(path: Path) -> None:
    kept = Settings(1234, 567, True, ["wss://münchen.test/", "ws://localhost:8080/echo"])
    save(kept, path)
    assert load(path) == kept


def test_without_a_file_there_are_the_defaults_and_no_file_is_made(path: Path) -> None:
    assert load(path) == Settings()
    assert not path.parent.exists()


def test_a_person_can_read_the_file(path: Path) -> None:
    save(Settings(recent=["wss://münchen.test/"]), path)
    assert "münchen" in path.read_text(encoding="utf-8")
    assert len(path.read_text(encoding="utf-8").splitlines()) > 3


def test_other_people_cannot_read_the_file(path: Path) -> None:
    save(Settings(), path)
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_the_file_is_replaced_in_one_go_and_nothing_is_left_beside_it(path: Path) -> None:
    save(Settings(), path)
    before = path.stat().st_ino
    save(Settings(window_width=900), path)
    assert path.stat().st_ino != before
    assert [one.name for one in path.parent.iterdir()] == ["settings.json"]


def test_a_disk_that_fails_leaves_the_old_file_whole(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(Settings(recent=["ws://kept.test/"]), path)

    def fail(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        save(Settings(), path)
    assert load(path).recent == ["ws://kept.test/"]
    assert [one.name for one in path.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'"words"', b"\xff\xfe", b"null", b"[" * 9999]
)
def test_a_damaged_file_is_set_aside_and_not_overwritten(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    assert load(path) == Settings()
    save(Settings(), path)
    aside = path.with_suffix(".json.damaged")
    assert aside.read_bytes() == content


def test_a_damaged_file_that_cannot_be_set_aside_keeps_nobody_from_starting(path: Path) -> None:
    in_the_way = path.with_suffix(".json.damaged")
    in_the_way.mkdir(parents=True)
    path.write_text("{")
    assert load(path) == Settings()


def test_a_file_that_may_not_be_read_is_left_where_it_is(path: Path) -> None:
    path.mkdir(parents=True)  # a folder can be read by nobody, root included
    assert load(path) == Settings()
    assert path.is_dir()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("window_width", "1000"),
        ("window_width", True),
        ("window_width", 10),
        ("window_height", 1_000_000),
        ("window_height", 7.5),
        ("window_maximized", 1),
        ("recent", "ws://one.test/"),
        ("recent", None),
    ],
)
def test_a_value_that_makes_no_sense_is_left_at_its_default(
    path: Path, name: str, value: object
) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"window_width": 800, "recent": ["ws://two.test/"], name: value}))
    loaded = load(path)
    assert getattr(loaded, name) == getattr(Settings(), name)


def test_only_addresses_are_taken_from_the_recent_ones(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"recent": ["ws://one.test/", 7, None, "ws://two.test/"]}))
    assert load(path).recent == ["ws://one.test/", "ws://two.test/"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(Settings.__slots__, json_values)))
def test_whatever_a_file_holds_the_settings_are_of_the_right_types(values: object) -> None:
    loaded = module._parse(values)
    assert 200 <= loaded.window_width <= 20_000
    assert isinstance(loaded.window_maximized, bool)
    assert all(isinstance(address, str) for address in loaded.recent)
    assert len(loaded.recent) <= MAX_RECENT


def test_the_newest_address_comes_first_and_none_comes_twice() -> None:
    settings = Settings()
    for address in ("ws://a/", "ws://b/", "ws://a/"):
        settings.remember(address)
    assert settings.recent == ["ws://a/", "ws://b/"]


def test_only_so_many_addresses_are_remembered() -> None:
    settings = Settings()
    for number in range(MAX_RECENT + 5):
        settings.remember(f"ws://{number}/")
    assert len(settings.recent) == MAX_RECENT
    assert settings.recent[0] == f"ws://{MAX_RECENT + 4}/"


PROFILE = Profile(
    request=RequestSettings(headers=(("X-Client", "mine"),)), sign_in=SignIn(token="hunter2")
)


def test_options_are_kept_with_their_address_and_without_their_secrets(path: Path) -> None:
    settings = Settings()
    settings.remember("ws://one.test/", PROFILE)
    settings.remember("ws://two.test/")
    save(settings, path)
    assert "hunter2" not in path.read_text()
    loaded = load(path)
    assert list(loaded.profiles) == ["ws://one.test/"]
    assert loaded.profiles["ws://one.test/"].request == PROFILE.request
    assert loaded.profiles["ws://one.test/"].sign_in.token is None


def test_options_stay_when_their_address_is_remembered_again() -> None:
    settings = Settings()
    settings.remember("ws://one.test/", PROFILE)
    settings.remember("ws://one.test/")
    assert settings.profiles == {"ws://one.test/": PROFILE}


def test_options_go_with_their_address(path: Path) -> None:
    settings = Settings()
    settings.remember("ws://one.test/", PROFILE)
    settings.forget("ws://one.test/")
    assert settings.profiles == {}
    settings.remember("ws://one.test/", PROFILE)
    for number in range(MAX_RECENT):
        settings.remember(f"ws://{number}/")
    assert settings.profiles == {}


def test_a_file_of_an_earlier_version_is_read(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(
        json.dumps(
            {
                "window_width": 1200,
                "recent": ["ws://one.test/", "ws://two.test/"],
                "options": {
                    "ws://one.test/": {
                        "headers": [["X-Client", "mine"], ["Authorization", None]],
                        "authentication": "bearer",
                        "token": None,
                        "proxy": "own",
                        "proxy_address": "http://proxy:3128",
                        "max_message": 128,
                        "reconnect": True,
                        "keeps_recording": False,
                    }
                },
                "keeping": {"max_age": 7, "max_size": None},
            }
        )
    )
    loaded = load(path)
    expected = Profile(
        request=RequestSettings(headers=(("X-Client", "mine"), ("Authorization", None))),
        sign_in=SignIn(SignInMethod.BEARER, token=None),
        proxy=ProxySettings(ProxyChoice.CUSTOM, "http://proxy:3128"),
        limits=Limits(max_message=128 * MIB),
        reconnect=Reconnect(enabled=True),
        record=False,
    )
    assert (loaded.window_width, loaded.profiles) == (1200, {"ws://one.test/": expected})
    assert loaded.retention_policy == RetentionPolicy(7, None)
    save(loaded, path)
    assert load(path) == loaded


def test_further_credentials_are_not_saved(path: Path) -> None:
    other = SignIn(SignInMethod.BEARER, token="hunter2")
    settings = Settings()
    settings.remember("ws://one.test/", Profile(other_sign_ins=(other,)))
    save(settings, path)
    assert "hunter2" not in path.read_text()
    assert load(path).profiles == {"ws://one.test/": Profile()}


@pytest.mark.parametrize("options", [7, [], {"ws://gone.test/": {}}, {"ws://one.test/": 7}])
def test_only_options_of_recent_addresses_are_taken(path: Path, options: object) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"recent": ["ws://one.test/"], "options": options}))
    assert set(load(path).profiles.values()) <= {Profile()}
    assert set(load(path).profiles) <= {"ws://one.test/"}


@pytest.mark.parametrize(
    "keeping", [RetentionPolicy(), RetentionPolicy(None, None), RetentionPolicy(1, 5 * GIB)]
)
def test_how_long_recordings_are_kept_is_kept(path: Path, keeping: RetentionPolicy) -> None:
    save(Settings(retention_policy=keeping), path)
    assert load(path).retention_policy == keeping


@pytest.mark.parametrize(
    "values",
    [
        7,
        [],
        {},
        {"max_age": 0, "max_size": 1},
        {"max_age": "7", "max_size": True},
        {"max_age": 1.5, "max_size": 2**60},
        {"max_years": 3},
    ],
)
def test_keeping_that_makes_no_sense_is_left_at_its_default(path: Path, values: object) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"keeping": values}))
    assert load(path).retention_policy == RetentionPolicy()


def test_the_file_is_where_the_desktop_wants_it() -> None:
    assert default_path({"XDG_CONFIG_HOME": "/where"}) == Path("/where/spacebeam/settings.json")
    home = Path.home() / ".config/spacebeam/settings.json"
    assert default_path({}) == home
    assert default_path({"XDG_CONFIG_HOME": ""}) == home
    assert default_path({"XDG_CONFIG_HOME": "relative/is/to/be/ignored"}) == home
