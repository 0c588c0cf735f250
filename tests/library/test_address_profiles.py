"""A profile stays with its address and is never used for another server."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.library.address_profiles import AddressProfiles
from spacebeam.library.settings import Settings, load, save
from spacebeam.profiles.profile import Profile, SignIn

ONE = Profile(sign_in=SignIn(token="one"))
TWO = Profile(sign_in=SignIn(token="two"))
DEFAULT = Profile()


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


@pytest.fixture
def profiles(settings: Settings, path: Path) -> AddressProfiles:
    def remember(address: str, profile: Profile) -> None:
        settings.remember(address, profile)
        save(settings, path)

    return AddressProfiles(settings, remember)


def test_the_default_profile_is_used_where_none_is_stored(profiles: AddressProfiles) -> None:
    assert profiles.find("wss://one.test/") == DEFAULT
    assert profiles.find("") == DEFAULT
    assert profiles.find("ftp://") == DEFAULT


def test_a_profile_is_found_by_any_spelling_of_its_address(
    profiles: AddressProfiles, settings: Settings
) -> None:
    profiles.store("one.test/feed", ONE)
    for typed in ("wss://one.test/feed", " WSS://ONE.test:443/feed", "wss://ada:p@one.test/feed"):
        assert profiles.find(typed) == ONE
    assert settings.recent == ["wss://one.test/feed"]


def test_a_profile_is_on_disk_at_once_without_secrets(
    profiles: AddressProfiles, path: Path
) -> None:
    profiles.store("wss://ada:hunter2@one.test/", ONE)
    saved = {"wss://ada:•••@one.test/": Profile(sign_in=SignIn(token=None))}
    assert load(path).profiles == saved
    assert "hunter2" not in path.read_text()


@pytest.mark.parametrize(
    "typed",
    [
        "wss://two.test/",
        "ws://one.test/",
        "wss://one.test:444/",
        "wss://one.test.evil/",
        "ws://one.test:443/",
    ],
)
def test_another_server_starts_with_the_default(profiles: AddressProfiles, typed: str) -> None:
    profiles.store("wss://one.test/", ONE)
    assert profiles.use(typed) == DEFAULT


def test_another_path_starts_with_the_most_recent_profile_of_its_server(
    profiles: AddressProfiles, settings: Settings
) -> None:
    profiles.store("wss://one.test/a", ONE)
    profiles.store("wss://one.test/b", TWO)
    settings.remember("wss://one.test/plain")
    assert profiles.find("wss://one.test/c?x=1") == TWO
    assert profiles.find("wss://one.test/a") == ONE
    profiles.store("wss://one.test/c", DEFAULT)
    assert profiles.find("wss://one.test/c") == DEFAULT


def test_unix_sockets_are_different_servers(profiles: AddressProfiles) -> None:
    profiles.store("ws+unix:/run/a.sock:/feed", ONE)
    assert profiles.find("ws+unix:/run/a.sock:/other") == ONE
    assert profiles.find("ws+unix:/run/b.sock:/feed") == DEFAULT


def test_a_draft_becomes_the_profile_of_the_first_address_that_is_used(
    profiles: AddressProfiles,
) -> None:
    profiles.store("", ONE)
    assert profiles.find("") == ONE
    assert profiles.find("wss://one.test/") == ONE
    assert profiles.use("wss://one.test/") == ONE
    assert profiles.find("") == DEFAULT
    assert profiles.use("wss://two.test/") == DEFAULT
    assert profiles.find("wss://one.test/") == ONE


def test_an_address_prefers_its_own_profile_to_the_draft(profiles: AddressProfiles) -> None:
    profiles.store("wss://one.test/", ONE)
    profiles.store("", TWO)
    assert profiles.use("wss://one.test/") == ONE
    assert profiles.find("") == TWO


def test_forgetting_an_address_forgets_its_profile(
    profiles: AddressProfiles, settings: Settings
) -> None:
    profiles.store("wss://one.test/", ONE)
    settings.forget("wss://one.test/")
    assert profiles.find("wss://one.test/") == DEFAULT


def test_an_address_that_was_used_with_the_default_keeps_it(
    profiles: AddressProfiles, settings: Settings
) -> None:
    settings.remember("wss://one.test/recorded")
    profiles.store("wss://one.test/private", Profile(record=False))
    assert profiles.find("wss://one.test/recorded") == DEFAULT
    settings.forget("wss://one.test/recorded")
    assert not profiles.find("wss://one.test/recorded").record


def test_a_draft_is_remembered_once_it_is_used(
    profiles: AddressProfiles, settings: Settings
) -> None:
    profiles.draft("one.test/feed", ONE)
    assert profiles.find("one.test/feed") == ONE
    assert profiles.find("two.test/feed") == DEFAULT
    assert settings.recent == []
    assert profiles.use("one.test/feed") == ONE
    assert settings.recent == ["wss://one.test/feed"]
    profiles.store("one.test/feed", TWO)
    assert profiles.find("one.test/feed") == TWO


def test_an_address_with_variables_has_its_own_profile_and_is_not_remembered(
    profiles: AddressProfiles, settings: Settings
) -> None:
    profiles.draft("{{base}}/feed", ONE)
    assert profiles.use("{{base}}/feed") == ONE
    assert profiles.use("{{other}}/feed") == DEFAULT
    assert profiles.use("wss://one.test/") == DEFAULT
    profiles.store("{{base}}/feed", TWO)
    assert profiles.find("{{base}}/feed") == TWO
    assert settings.recent == []
    assert settings.profiles == {}
