"""Secrets of profiles in a real keyring: saved on agreement, filled in, removed."""

from __future__ import annotations

from typing import Any

from spacebeam.keyring.keyring import Keyring
from spacebeam.keyring.values import OwnerKind, SecretOwner
from spacebeam.library.secrets import SecretStore, address_owner
from spacebeam.profiles.profile import Profile, RequestSettings, SignIn, SignInMethod, with_values
from spacebeam.profiles.saved_profile import from_json, to_json
from spacebeam.wording.keyring import secret_label
from tests.support.keyrings import Bus, ask

ADDRESS = "wss://ada:pw@feed.test/v1?token=t0ken"
OWNER = address_owner(ADDRESS)
PROFILE = Profile(
    RequestSettings(headers=(("Authorization", "Bearer h"), ("X-Client", "mine"))),
    SignIn(SignInMethod.BEARER, token="t"),
    save_secrets=True,
)


def store() -> SecretStore:
    return SecretStore(Keyring(), secret_label)


def read_back(profile: Profile) -> Profile:
    return from_json(to_json(profile))


async def save_and_fill() -> Any:
    secrets = store()
    await secrets.save(PROFILE, OWNER, ADDRESS)
    filled = await secrets.fill(read_back(PROFILE), OWNER)
    other = await secrets.fill(read_back(PROFILE), address_owner("wss://other.test/"))
    return [filled == PROFILE, other == read_back(PROFILE), await secrets.address(OWNER)]


async def save_without_agreement() -> Any:
    secrets = store()
    await secrets.save(with_values(PROFILE, {"save_secrets": False}), OWNER, ADDRESS)
    await secrets.save(with_values(PROFILE, {"record": False}), OWNER, ADDRESS)
    return len(await secrets.items())


async def save_changes() -> Any:
    secrets = store()
    await secrets.save(PROFILE, OWNER)
    changed = with_values(PROFILE, {"sign_in.token": "new", "request.headers": ()})
    await secrets.save(changed, OWNER)
    return await secrets.keyring.lookup(OWNER)


async def save_what_is_not_known() -> Any:
    secrets = store()
    await secrets.save(PROFILE, OWNER)
    await secrets.save(with_values(read_back(PROFILE), {"sign_in.token": "new"}), OWNER)
    return await secrets.keyring.lookup(OWNER)


async def fill_without_agreement() -> Any:
    secrets = store()
    await secrets.save(PROFILE, OWNER)
    asking = with_values(read_back(PROFILE), {"save_secrets": False})
    return await secrets.fill(asking, OWNER) == asking


async def rename_a_connection() -> Any:
    secrets = store()
    before, after = (SecretOwner(OwnerKind.CONNECTION, one) for one in ("Feed", "Feeds/Prices"))
    await secrets.save(PROFILE, before)
    await secrets.move(before, after)
    return [await secrets.keyring.lookup(before), len(await secrets.keyring.lookup(after))]


async def keep_a_variable() -> Any:
    secrets = store()
    owner = SecretOwner(OwnerKind.ENVIRONMENT, "production")
    await secrets.store(owner, "apiKey", "k")
    found = [await secrets.lookup(owner, "apiKey"), await secrets.lookup(owner, "other")]
    await secrets.forget(owner, "apiKey")
    return [*found, await secrets.lookup(owner, "apiKey")]


async def labels() -> Any:
    secrets = store()
    await secrets.save(PROFILE, OWNER, ADDRESS)
    return sorted(secret_label(one.owner, one.field) for one in await secrets.items())


def test_a_profile_and_its_address_get_back_their_own_secrets(keyring_bus: Bus) -> None:
    assert ask(keyring_bus, save_and_fill) == [True, True, ADDRESS]


def test_nothing_is_saved_without_agreement_or_of_a_private_connection(keyring_bus: Bus) -> None:
    assert ask(keyring_bus, save_without_agreement) == 0


def test_without_agreement_the_keyring_is_not_asked(private_bus: Bus) -> None:
    assert ask(private_bus, has_nothing_to_ask) is True


async def has_nothing_to_ask() -> Any:
    """There is no keyring: being asked, it would fail."""
    secrets = store()
    private = with_values(PROFILE, {"record": False})
    await secrets.save(private, OWNER)
    asking = with_values(read_back(PROFILE), {"save_secrets": False})
    return [await secrets.fill(one, OWNER) for one in (asking, PROFILE)] == [asking, PROFILE]


def test_a_changed_secret_is_replaced_and_a_removed_one_forgotten(keyring_bus: Bus) -> None:
    assert ask(keyring_bus, save_changes) == {"sign_in.token": "new"}


def test_a_secret_that_is_not_known_stays_in_the_keyring(keyring_bus: Bus) -> None:
    assert ask(keyring_bus, save_what_is_not_known) == {
        "sign_in.token": "new",
        "request.headers/Authorization": "Bearer h",
    }


def test_a_connection_that_asks_each_time_is_not_filled(keyring_bus: Bus) -> None:
    assert ask(keyring_bus, fill_without_agreement) is True


def test_a_renamed_connection_takes_its_secrets_along(keyring_bus: Bus) -> None:
    assert ask(keyring_bus, rename_a_connection) == [{}, 2]


def test_a_variable_of_an_environment_is_a_secret_too(keyring_bus: Bus) -> None:
    assert ask(keyring_bus, keep_a_variable) == ["k", None, None]


def test_labels_say_what_it_is_and_have_no_secret(keyring_bus: Bus) -> None:
    assert ask(keyring_bus, labels) == [
        "Spacebeam: address for wss://feed.test/v1?token=•••",
        "Spacebeam: header Authorization for wss://feed.test/v1?token=•••",
        "Spacebeam: token for wss://feed.test/v1?token=•••",
    ]
