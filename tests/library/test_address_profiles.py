"""Options stay with their address, and go to no other server by themselves."""

from __future__ import annotations

import pytest
from spacebeam.ui.options.address_options import AddressOptions

from spacebeam.library.settings import load
from spacebeam.profiles.profile import Profile, SignIn
from spacebeam.ui.settings_service import SettingsService

ONE = Profile(sign_in=SignIn(token="one"))
TWO = Profile(sign_in=SignIn(token="two"))
DEFAULT = Profile()


@pytest.fixture
def options(keeper: SettingsService) -> AddressOptions:
    return AddressOptions(keeper)


def test_without_options_there_are_the_defaults(options: AddressOptions) -> None:
    assert options.of("wss://one.test/") == DEFAULT
    assert options.of("") == DEFAULT
    assert options.of("ftp://") == DEFAULT


def test_options_are_found_however_their_address_is_written(
    options: AddressOptions, keeper: SettingsService
) -> None:
    options.keep("one.test/feed", ONE)
    for typed in ("wss://one.test/feed", " WSS://ONE.test:443/feed", "wss://ada:p@one.test/feed"):
        assert options.of(typed) == ONE
    assert keeper.settings.recent == ["wss://one.test/feed"]


def test_options_are_on_disk_at_once(options: AddressOptions, keeper: SettingsService) -> None:
    options.keep("wss://ada:hunter2@one.test/", ONE)
    assert load(keeper._path).options == {"wss://one.test/": Profile(sign_in=SignIn(token=None))}
    assert "hunter2" not in keeper._path.read_text()


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
def test_another_server_gets_nothing(options: AddressOptions, typed: str) -> None:
    options.keep("wss://one.test/", ONE)
    assert options.use(typed) == DEFAULT


def test_another_path_begins_with_the_newest_options_of_its_server(
    options: AddressOptions, keeper: SettingsService
) -> None:
    options.keep("wss://one.test/a", ONE)
    options.keep("wss://one.test/b", TWO)
    keeper.remember("wss://one.test/plain")
    assert options.of("wss://one.test/c?x=1") == TWO
    assert options.of("wss://one.test/a") == ONE
    options.keep("wss://one.test/c", DEFAULT)
    assert options.of("wss://one.test/c") == DEFAULT


def test_sockets_are_told_apart(options: AddressOptions) -> None:
    options.keep("ws+unix:/run/a.sock:/feed", ONE)
    assert options.of("ws+unix:/run/a.sock:/other") == ONE
    assert options.of("ws+unix:/run/b.sock:/feed") == DEFAULT


def test_options_made_before_an_address_go_to_the_first_that_is_used(
    options: AddressOptions,
) -> None:
    options.keep("", ONE)
    assert options.of("") == ONE
    assert options.of("wss://one.test/") == ONE
    assert options.use("wss://one.test/") == ONE
    assert options.of("") == DEFAULT
    assert options.use("wss://two.test/") == DEFAULT
    assert options.of("wss://one.test/") == ONE


def test_what_an_address_has_of_its_own_comes_first(options: AddressOptions) -> None:
    options.keep("wss://one.test/", ONE)
    options.keep("", TWO)
    assert options.use("wss://one.test/") == ONE
    assert options.of("") == TWO


def test_forgetting_an_address_forgets_its_options(
    options: AddressOptions, keeper: SettingsService
) -> None:
    options.keep("wss://one.test/", ONE)
    keeper.forget("wss://one.test/")
    assert options.of("wss://one.test/") == DEFAULT


def test_an_address_that_did_without_options_goes_on_without(
    options: AddressOptions, keeper: SettingsService
) -> None:
    keeper.remember("wss://one.test/recorded")
    options.keep("wss://one.test/private", Profile(record=False))
    assert options.of("wss://one.test/recorded") == DEFAULT
    keeper.forget("wss://one.test/recorded")
    assert not options.of("wss://one.test/recorded").keeps_recording
