"""Secrets in gnome-keyring, on a bus of its own."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from typing import Any

from spacebeam.keyring.keyring import Keyring
from spacebeam.keyring.values import KeyringError, OwnerKind, SecretOwner
from tests.support.keyrings import Bus, ask, asking, keyring_on

OWNER = SecretOwner(OwnerKind.ADDRESS, "wss://feed.test/v1")
OTHER = SecretOwner(OwnerKind.CONNECTION, "Feeds/Prices")


async def store_and_find() -> Any:
    keyring = Keyring()
    await keyring.store(OWNER, "sign_in.token", "Spacebeam: token", "first")
    await keyring.store(OWNER, "sign_in.token", "Spacebeam: token", "second")
    await keyring.store(OWNER, "proxy.password", "Spacebeam: password", "other")
    await keyring.store(OTHER, "sign_in.token", "Spacebeam: token", "another owner's")
    return [await keyring.lookup(OWNER), await keyring.lookup(OTHER)]


async def find() -> Any:
    return await Keyring().lookup(OWNER)


async def forget_one_then_all() -> Any:
    keyring = Keyring()
    await keyring.forget(OWNER, "proxy.password")
    after_one = await keyring.lookup(OWNER)
    await keyring.forget(OWNER)
    await keyring.forget(OWNER)  # there is none: that is no error
    return [after_one, await keyring.lookup(OWNER), len(await keyring.items())]


async def list_items() -> Any:
    return [(one.owner.name, one.field) for one in await Keyring().items()]


async def store_odd_values() -> Any:
    keyring = Keyring()
    values = {"lines": "one\ntwo\r\n", "long": "z" * 8192, "words": "pässwört ↦ 🔑", "empty": ""}
    for field, value in values.items():
        await keyring.store(OWNER, field, "Spacebeam", value)
    return await keyring.lookup(OWNER) == values


async def store_a_null_character() -> Any:
    try:
        await Keyring().store(OWNER, "sign_in.token", "Spacebeam", "a\0b")
    except KeyringError as error:
        return [error.problem.name, await Keyring().lookup(OWNER)]
    return None


async def store_one() -> Any:
    await _storing()
    return "stored"


async def problems() -> Any:
    found = []
    for work in (_storing, find, list_items, _forgetting):
        try:
            await work()
        except KeyringError as error:
            found.append(error.problem.name)
        else:
            found.append("")
    return found


async def _storing() -> None:
    await Keyring().store(OWNER, "sign_in.token", "Spacebeam", "s3cret")


async def _forgetting() -> None:
    await Keyring().forget(OWNER)


async def is_present() -> Any:
    return await Keyring().is_present()


async def store_many(prefix: str) -> Any:
    keyring = Keyring()
    for number in range(20):
        await keyring.store(OWNER, f"{prefix}{number}", "Spacebeam", prefix)
        await keyring.store(OWNER, "both", "Spacebeam", prefix)
    return None


def test_what_was_stored_is_found_by_its_owner_also_by_another_program(keyring_bus: Bus) -> None:
    values = {"sign_in.token": "second", "proxy.password": "other"}
    assert ask(keyring_bus, store_and_find) == [values, {"sign_in.token": "another owner's"}]
    assert ask(keyring_bus, find) == values


def test_one_secret_or_all_of_an_owner_are_forgotten(keyring_bus: Bus) -> None:
    ask(keyring_bus, store_and_find)
    assert sorted(ask(keyring_bus, list_items)) == [
        ["Feeds/Prices", "sign_in.token"],
        ["wss://feed.test/v1", "proxy.password"],
        ["wss://feed.test/v1", "sign_in.token"],
    ]
    assert ask(keyring_bus, forget_one_then_all) == [{"sign_in.token": "second"}, {}, 1]


def test_lines_long_values_and_any_letters_come_back_as_they_were(keyring_bus: Bus) -> None:
    assert ask(keyring_bus, store_odd_values) is True


def test_a_null_character_is_refused_rather_than_cut(keyring_bus: Bus) -> None:
    assert ask(keyring_bus, store_a_null_character) == ["NULL_CHARACTER", {}]


def test_two_programs_store_at_once_and_nothing_is_lost(keyring_bus: Bus) -> None:
    with contextlib.ExitStack() as stack:
        programs: list[subprocess.Popen[bytes]] = [
            stack.enter_context(asking(keyring_bus, store_many, prefix)) for prefix in ("a", "b")
        ]
        assert [one.wait(60) for one in programs] == [0, 0]
    found = ask(keyring_bus, find)
    assert found.pop("both") in ("a", "b")
    assert found == {f"{prefix}{number}": prefix for prefix in ("a", "b") for number in range(20)}


def test_secrets_outlive_the_service_and_are_encrypted_on_the_disk(private_bus: Bus) -> None:
    with keyring_on(private_bus):
        ask(private_bus, store_one)
    with keyring_on(private_bus):
        assert ask(private_bus, find) == {"sign_in.token": "s3cret"}
    files = [path for path in private_bus.home.rglob("*") if path.is_file()]
    assert any(path.suffix == ".keyring" for path in files)
    assert not any(b"s3cret" in path.read_bytes() for path in files)


def test_a_locked_keyring_that_is_not_unlocked_is_said_to_be_locked(private_bus: Bus) -> None:
    with keyring_on(private_bus):
        ask(private_bus, store_one)
    with keyring_on(private_bus, is_unlocked=False):
        assert ask(private_bus, problems) == ["LOCKED"] * 4
        assert ask(private_bus, is_present) is True


def test_a_new_keyring_for_which_no_password_is_chosen_is_locked_too(private_bus: Bus) -> None:
    with keyring_on(private_bus, is_unlocked=False):
        assert ask(private_bus, problems) == ["LOCKED", "", "", ""]


def test_without_a_service_there_is_no_keyring(private_bus: Bus) -> None:
    assert ask(private_bus, problems) == ["NO_SERVICE"] * 4
    assert ask(private_bus, is_present) is False


def test_without_a_bus_there_is_no_keyring(private_bus: Bus) -> None:
    nowhere = Bus("unix:path=/nonexistent/bus", private_bus.home)
    assert ask(nowhere, problems) == ["NO_SERVICE"] * 4
    assert ask(nowhere, is_present) is False


def test_without_libsecret_there_is_no_keyring(keyring_bus: Bus) -> None:
    assert ask(keyring_bus, without_libsecret) == [["NO_LIBRARY"] * 4, False]


async def without_libsecret() -> Any:
    sys.modules["gi.repository.Secret"] = None  # type: ignore[assignment]  # importing it fails
    return [await problems(), await is_present()]
