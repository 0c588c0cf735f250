"""Secrets in a real keyring: typed on the first day, used on the second, and in no other file."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.journeys.keyboard import press
from tests.journeys.program import accessibility_bus, connect, started
from tests.journeys.screen import BUTTON, TEXT, TOGGLE, Widget, until
from tests.journeys.test_options import options
from tests.keyring.test_keyring import list_items
from tests.support.keyrings import Bus, ask
from tests.support.processes import LOOPBACK
from tests.support.raw_server import header, raw_server, read_request, switching

_SECRET = "Bearer hunter2hunter2"


@contextlib.contextmanager
def noting_server() -> Iterator[tuple[str, list[bytes]]]:
    """A server that accepts every handshake: its address, and the requests it received."""
    requests: list[bytes] = []

    def script(peer: socket.socket) -> None:
        requests.append(read_request(peer))
        peer.sendall(switching(requests[-1]))
        peer.recv(65536)  # the close frame

    with raw_server(script) as server:
        yield f"ws://{LOOPBACK}:{server.port}/feed", requests


def on_bus(bus: Bus) -> Mapping[str, str]:
    return {**bus.environment, "AT_SPI_BUS_ADDRESS": accessibility_bus(), "SPACEBEAM_LOG": "debug"}


def type_header(dialog: Widget) -> None:
    dialog.find(BUTTON, "Add headers").press()
    dialog.find(TEXT, "Name").write("Authorization")
    dialog.find(TEXT, "Value").write(_SECRET)


def go_down_to(dialog: Widget, name: str = "Save in the keyring") -> None:
    """Go through the fields until a switch is on the screen."""
    for _step in range(20):
        if dialog.look(TOGGLE, name) is None:
            press("Tab")


def switch_on(dialog: Widget) -> None:
    go_down_to(dialog)
    switch = dialog.find(TOGGLE, "Save in the keyring")
    assert not switch.is_on
    switch.press()
    until(lambda: switch.is_on, "the switch on")


def files_with_the_secret(home: Path) -> list[Path]:
    files = [one for one in home.rglob("*") if one.is_file()]
    return [one for one in files if b"hunter2" in one.read_bytes()]


def test_a_saved_secret_is_used_on_the_next_day_and_is_in_the_keyring_alone(
    keyring_bus: Bus,
) -> None:
    with noting_server() as (address, requests):
        with started(on_bus(keyring_bus)) as program:
            window = program.window()
            window.find(TEXT, "Address").write(address)
            dialog = options(program, window)
            type_header(dialog)
            switch_on(dialog)
            press("Escape")
            until(lambda: program.windows() == [window], "the first screen")
            connect(window, address)
            window.reads("Connected")
            press("Control_L", "w")
            assert program.waits() == 0
        assert ask(keyring_bus, list_items) == [[address, "request.headers/Authorization"]]
        with started(on_bus(keyring_bus)) as program:
            window = program.window()
            connect(window, address)
            window.reads("Connected")
            press("Control_L", "w")
            assert program.waits() == 0
    assert [header(one, "Authorization") for one in requests] == [_SECRET, _SECRET]
    assert any(keyring_bus.home.rglob("settings.json"))
    assert files_with_the_secret(keyring_bus.home) == []


def test_a_secret_that_the_person_did_not_agree_to_save_is_asked_for(keyring_bus: Bus) -> None:
    with noting_server() as (address, requests):
        with started(on_bus(keyring_bus)) as program:
            window = program.window()
            window.find(TEXT, "Address").write(address)
            type_header(options(program, window))
            press("Escape")
            until(lambda: program.windows() == [window], "the first screen")
            connect(window, address)
            window.reads("Connected")
            press("Control_L", "w")
            assert program.waits() == 0
        assert ask(keyring_bus, list_items) == []
        with started(on_bus(keyring_bus)) as program:
            window = program.window()
            connect(window, address)
            dialog = until(lambda: [one for one in program.windows() if one != window], "options")
            dialog[0].reads("The secret was not saved. Enter it again.")
    assert len(requests) == 1


def test_without_a_keyring_the_switch_says_so(private_bus: Bus) -> None:
    with started(on_bus(private_bus)) as program:
        window = program.window()
        window.find(TEXT, "Address").write("ws://feed.test/")
        dialog = options(program, window)
        type_header(dialog)
        go_down_to(dialog)
        dialog.reads("There is no keyring on this desktop.")


def test_removing_an_address_removes_its_secrets_from_the_keyring(keyring_bus: Bus) -> None:
    with noting_server() as (address, _requests), started(on_bus(keyring_bus)) as program:
        window = program.window()
        window.find(TEXT, "Address").write(address)
        dialog = options(program, window)
        type_header(dialog)
        switch_on(dialog)
        press("Escape")
        until(lambda: program.windows() == [window], "the first screen")
        until(lambda: ask(keyring_bus, list_items), "the secret in the keyring")
        window.find(BUTTON, f"Forget {address}").press()
        until(lambda: not ask(keyring_bus, list_items), "an empty keyring")
