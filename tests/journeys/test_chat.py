"""A newcomer opens two windows, presses one button in each, and they talk."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from tests.journeys.program import another_bus, say, started
from tests.journeys.screen import BUTTON, TEXT, TOGGLE, Widget, until
from tests.journeys.test_windows import confirm
from tests.support.notifications import NotificationService, notification_service


@pytest.fixture(autouse=True)
def desktop() -> Iterator[NotificationService]:
    """The desktop that shows notifications."""
    with notification_service() as service:
        yield service


@contextlib.contextmanager
def another_desktop() -> Iterator[tuple[dict[str, str], NotificationService]]:
    """Another bus, and the desktop that shows notifications there."""
    with another_bus() as bus, notification_service(bus["DBUS_SESSION_BUS_ADDRESS"]) as service:
        yield bus, service


def enter_the_room(window: Widget) -> None:
    window.find(BUTTON, "Chat on This Computer").press()
    window.reads("You are in the room as ")


def in_popover(window: Widget, roles: frozenset[str], name: str) -> Widget:
    """A part of an open popover, whose place is not counted from the window's."""

    def look() -> Widget | None:
        every = window.everything()
        return next((one for one in every if one.role in roles and one.name == name), None)

    return until(look, name)


def take_name(window: Widget, name: str) -> None:
    button = window.find(BUTTON | TOGGLE, "Your name in the room")
    button.children()[0].press()  # the part of a menu button that is pressed
    in_popover(window, TEXT, "Your name").write(name)
    in_popover(window, BUTTON, "Change").press()
    window.reads(f" is now {name}")


def talk(one: Widget, other: Widget) -> None:
    say(one, "Is anybody there?")
    other.reads("Is anybody there?")
    say(other, "I am")
    one.reads("I am")


def test_starting_it_twice_opens_two_windows_that_talk() -> None:
    with started() as program:
        first = program.window()
        with started() as again:
            assert again.waits() == 0
            second = program.window(1)
            enter_the_room(first)
            enter_the_room(second)
            talk(first, second)


def test_two_people_chat_with_names_and_are_notified(desktop: NotificationService) -> None:
    with another_desktop() as (bus, desktop_of_ben), started() as one, started(bus) as other:
        ada, ben = one.window(), other.window()
        enter_the_room(ada)
        enter_the_room(ben)
        ada.reads(" came")
        take_name(ada, "Ada")
        take_name(ben, "Ben")
        ada.reads("2 here")
        talk(ben, ada)
        ben.reads("Ada")
        ada.reads("Ben")
        # At most one of the two windows is in front; about the other's messages one is notified.
        until(
            lambda: (
                ("Ben", "Is anybody there?") in _texts(desktop)
                or ("Ada", "I am") in _texts(desktop_of_ben)
            ),
            "a notification",
        )
        ben.find(BUTTON, "Disconnect").press()
        ada.reads("Ben left")


def test_two_programs_talk_and_the_room_outlives_the_one_that_opened_it() -> None:
    with another_desktop() as (bus, _desktop), started(bus) as staying, started() as leaving:
        first, second = leaving.window(), staying.window()
        enter_the_room(first)
        enter_the_room(second)
        talk(first, second)
        first.find(BUTTON, "Close").press()
        until(lambda: len(leaving.windows()) == 2, "the question")
        confirm(leaving.windows(), first, "Close")
        assert leaving.waits() == 0
        second.reads("Closed by the server (1001, going away).")
        second.find(BUTTON, "Reconnect").press()
        second.reads("Connected")


def _texts(desktop: NotificationService) -> list[tuple[str, str]]:
    return [(one.title, one.body) for one in desktop.shown]
