"""The settings file: readable, written atomically, and never lost."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.library import settings as module
from spacebeam.library.chat_choices import MAX_CHOICES, ChatChoice
from spacebeam.library.retention_policy import GIB, RetentionPolicy
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


def test_settings_are_loaded_as_they_were_saved(path: Path) -> None:
    settings = Settings(1234, 567, True, ["wss://münchen.test/", "ws://localhost:8080/echo"])
    save(settings, path)
    assert load(path) == settings


def test_a_missing_file_gives_the_defaults_without_creating_it(path: Path) -> None:
    assert load(path) == Settings()
    assert not path.parent.exists()


def test_the_file_is_readable_text(path: Path) -> None:
    save(Settings(recent=["wss://münchen.test/"]), path)
    assert "münchen" in path.read_text(encoding="utf-8")
    assert len(path.read_text(encoding="utf-8").splitlines()) > 3


def test_the_file_is_private(path: Path) -> None:
    save(Settings(), path)
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_the_file_is_replaced_atomically(path: Path) -> None:
    save(Settings(), path)
    before = path.stat().st_ino
    save(Settings(window_width=900), path)
    assert path.stat().st_ino != before
    assert [one.name for one in path.parent.iterdir()] == ["settings.json"]


def test_a_failed_write_leaves_the_earlier_file(
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
def test_a_damaged_file_is_renamed(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    assert load(path) == Settings()
    save(Settings(), path)
    aside = path.with_suffix(".json.damaged")
    assert aside.read_bytes() == content


def test_a_damaged_file_that_cannot_be_renamed_gives_the_defaults(path: Path) -> None:
    in_the_way = path.with_suffix(".json.damaged")
    in_the_way.mkdir(parents=True)
    path.write_text("{")
    assert load(path) == Settings()


def test_an_unreadable_file_is_left_unchanged(path: Path) -> None:
    path.mkdir(parents=True)  # a folder cannot be read as a file, even by root
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
def test_an_invalid_value_is_left_at_its_default(path: Path, name: str, value: object) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"window_width": 800, "recent": ["ws://two.test/"], name: value}))
    loaded = load(path)
    assert getattr(loaded, name) == getattr(Settings(), name)


def test_recent_addresses_that_are_no_text_are_ignored(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"recent": ["ws://one.test/", 7, None, "ws://two.test/"]}))
    assert load(path).recent == ["ws://one.test/", "ws://two.test/"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(Settings.__slots__, json_values)))
def test_any_file_gives_settings_of_valid_types(values: dict[str, Any]) -> None:
    loaded = module._parse(values)
    assert 200 <= loaded.window_width <= 20_000
    assert isinstance(loaded.window_maximized, bool)
    assert all(isinstance(address, str) for address in loaded.recent)
    assert len(loaded.recent) <= MAX_RECENT


def test_the_newest_address_is_first_without_duplicates() -> None:
    settings = Settings()
    for address in ("ws://a/", "ws://b/", "ws://a/"):
        settings.remember(address)
    assert settings.recent == ["ws://a/", "ws://b/"]


def test_the_number_of_recent_addresses_is_limited() -> None:
    settings = Settings()
    for number in range(MAX_RECENT + 5):
        settings.remember(f"ws://{number}/")
    assert len(settings.recent) == MAX_RECENT
    assert settings.recent[0] == f"ws://{MAX_RECENT + 4}/"


PROFILE = Profile(
    request=RequestSettings(headers=(("X-Client", "mine"),)), sign_in=SignIn(token="hunter2")
)


def test_a_profile_is_saved_with_its_address_and_without_secrets(path: Path) -> None:
    settings = Settings()
    settings.remember("ws://one.test/", PROFILE)
    settings.remember("ws://two.test/")
    save(settings, path)
    assert "hunter2" not in path.read_text()
    loaded = load(path)
    assert list(loaded.profiles) == ["ws://one.test/"]
    assert loaded.profiles["ws://one.test/"].request == PROFILE.request
    assert loaded.profiles["ws://one.test/"].sign_in.token is None


def test_a_profile_stays_when_its_address_is_remembered_again() -> None:
    settings = Settings()
    settings.remember("ws://one.test/", PROFILE)
    settings.remember("ws://one.test/")
    assert settings.profiles == {"ws://one.test/": PROFILE}


def test_a_profile_is_forgotten_with_its_address(path: Path) -> None:
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


def test_further_sign_ins_are_saved_without_their_secrets(path: Path) -> None:
    other = SignIn(SignInMethod.BEARER, token="hunter2")
    settings = Settings()
    settings.remember("ws://one.test/", Profile(other_sign_ins=(other,)))
    save(settings, path)
    assert "hunter2" not in path.read_text()
    saved = Profile(other_sign_ins=(SignIn(SignInMethod.BEARER, token=None),))
    assert load(path).profiles == {"ws://one.test/": saved}


@pytest.mark.parametrize("options", [7, [], {"ws://gone.test/": {}}, {"ws://one.test/": 7}])
def test_only_profiles_of_recent_addresses_are_loaded(path: Path, options: object) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"recent": ["ws://one.test/"], "options": options}))
    assert set(load(path).profiles.values()) <= {Profile()}
    assert set(load(path).profiles) <= {"ws://one.test/"}


@pytest.mark.parametrize(
    "policy", [RetentionPolicy(), RetentionPolicy(None, None), RetentionPolicy(1, 5 * GIB)]
)
def test_the_retention_policy_is_saved(path: Path, policy: RetentionPolicy) -> None:
    save(Settings(retention_policy=policy), path)
    assert load(path).retention_policy == policy


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
def test_an_invalid_retention_policy_is_left_at_its_default(path: Path, values: object) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"keeping": values}))
    assert load(path).retention_policy == RetentionPolicy()


def test_the_default_path_follows_xdg_config_home() -> None:
    assert default_path({"XDG_CONFIG_HOME": "/where"}) == Path("/where/spacebeam/settings.json")
    home = Path.home() / ".config/spacebeam/settings.json"
    assert default_path({}) == home
    assert default_path({"XDG_CONFIG_HOME": ""}) == home
    assert default_path({"XDG_CONFIG_HOME": "relative/is/to/be/ignored"}) == home


def test_what_was_chosen_for_a_chat_is_saved(path: Path) -> None:
    settings = Settings(nickname="Ada")
    choice = ChatChoice(True, False, "user.name", "text")
    settings.choose_chat("ws://h/?token=s3cret", choice)
    settings.choose_chat("ws://other/", ChatChoice(notifies=True))
    save(settings, path)
    assert "s3cret" not in path.read_text()
    loaded = load(path)
    assert loaded.nickname == "Ada"
    assert loaded.chat("ws://h/?token=s3cret") == choice
    assert loaded.chat("ws://other/") == ChatChoice(notifies=True)
    assert loaded.chat("ws://unknown/") == ChatChoice()
    loaded.forget("ws://other/")
    save(loaded, path)
    assert load(path).chat("ws://other/") == ChatChoice()


def test_the_chats_of_so_many_addresses_are_remembered(path: Path) -> None:
    settings = Settings()
    for number in range(MAX_CHOICES + 5):
        settings.choose_chat(f"ws://h/{number}", ChatChoice(is_shown=True))
    save(settings, path)
    assert len(load(path).chats) == MAX_CHOICES
    assert load(path).chat(f"ws://h/{MAX_CHOICES + 4}").is_shown


@pytest.mark.parametrize(
    "values", [7, [], {"ws://h/": 7}, {"ws://h/": {"is_shown": 1, "name_path": 7, "else": "x"}}]
)
def test_an_invalid_choice_for_a_chat_is_left_out(path: Path, values: object) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"chats": values, "nickname": 7}))
    assert load(path).chat("ws://h/") == ChatChoice()
    assert load(path).nickname == ""
