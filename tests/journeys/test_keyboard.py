"""A person without a pointer does all that is to be done, and sees where the keys go."""

from __future__ import annotations

from contextlib import suppress

from gi.repository import GLib

from tests.journeys.keyboard import CONTROL, SHIFT, focus_top_window, press, write
from tests.journeys.program import Program, serving, started
from tests.journeys.screen import BUTTON, COMBO, TEXT, Widget, until

ALT = "Alt_L"
CHOICES = BUTTON | {"page tab", "toggle button"}
ITEMS = frozenset(("list item",))
MENU_ITEMS = frozenset(("menu item",))

SUBSCRIPTION = '{"op":"subscribe","detail":{"symbols":["BTC","ETH"]}}'
PING = '{"op":"ping"}'


def look(program: Program, roles: frozenset[str], name: str, in_popover: bool) -> Widget | None:
    """The widget that keys go to, if it is seen, has one of these roles, and is called so."""
    with suppress(GLib.Error):  # it went away while it was looked at
        for window in program.windows():
            found = next((one for one in window.everything() if one.has_cursor), None)
            if found is None or found.role not in roles:
                continue
            # Newer versions of GTK keep the names of a menu's items to themselves.
            if name in found.name or (found.role in MENU_ITEMS and not found.name):
                # The place of a popover is not counted from the window's.
                return found if in_popover or found.is_shown else None
    return None


def focused(
    program: Program, roles: frozenset[str], name: str, *, in_popover: bool = False
) -> Widget:
    """Wait until keys go to a widget that is seen, whose name has these words."""
    return until(lambda: look(program, roles, name, in_popover), f"the focus at “{name}”")


def in_front(program: Program, roles: frozenset[str], name: str, *, windows: int = 1) -> Widget:
    """Wait until so many windows are open, and keys go to this widget in the one in front."""

    def seen() -> Widget | None:
        focus_top_window()
        return look(program, roles, name, in_popover=False)

    until(lambda: len(program.windows()) == windows, f"{windows} windows")
    return until(seen, f"the focus at “{name}”")


def test_everything_is_done_by_the_keyboard_alone_from_the_start_to_the_end() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        connect(program, window, f"{url}/echo")
        send(program, window)
        filter_and_step(program, window)
        fold(program, window)
        edit_and_resend(program, window)
        recall(program, window)
        second_tab(program, window, url)
        close(program)


def connect(program: Program, window: Widget, address: str) -> None:
    """Open the options from the address and come back to it, and connect."""
    field = in_front(program, TEXT, "Address")
    write(address)
    until(lambda: field.text == address, "the address")
    press("Tab")
    focused(program, BUTTON, "Connect")
    press(ALT, "o")
    in_front(program, COMBO | ITEMS, "Protocol", windows=2)
    press("Escape")
    in_front(program, BUTTON, "Connect")
    press(SHIFT, "Tab")
    focused(program, TEXT, "Address")
    press("Return")
    window.reads("Connected")
    focused(program, TEXT, "Message")


def send(program: Program, window: Widget) -> None:
    """Write JSON and a second message; the cursor stays in the field."""
    for message in (SUBSCRIPTION, PING):
        write(message)
        press("Return")
        until(lambda: window.says(message) == 2, "the echo")  # noqa: B023
        focused(program, TEXT, "Message")


def filter_and_step(program: Program, window: Widget) -> None:
    """Filter, go from match to match, to the rows, and open a row's menu."""
    press(CONTROL, "f")
    focused(program, TEXT, "Filter")
    write("op")
    window.reads("4 of 5")
    press("Return")
    window.reads(" · #2")
    press("F3")
    window.reads(" · #3")
    focused(program, TEXT, "Filter")
    press("F6")
    focused(program, ITEMS, "Received text, ")
    press("Home")
    focused(program, ITEMS, "Sent text, ")
    press("Menu")
    focused(program, MENU_ITEMS, "Edit and Resend", in_popover=True)
    press("Down")
    focused(program, MENU_ITEMS, "Resend", in_popover=True)
    press("Escape")
    focused(program, ITEMS, "Sent text, ")


def fold(program: Program, window: Widget) -> None:
    """Go on to the document, fold and unfold a value, copy its path, and go back to the row."""
    press("F6")
    focused(program, ITEMS, 'op: "subscribe"')  # the first match
    press("Down")
    focused(program, ITEMS, "detail: {1}, unfolded")
    press("Left")
    focused(program, ITEMS, 'detail: {1}  {"symbols":["BTC","ETH"]}, folded')
    press("Right")
    focused(program, ITEMS, "detail: {1}, unfolded")
    press("Menu")
    focused(program, MENU_ITEMS, "Copy Value", in_popover=True)
    press("Escape")
    focused(program, ITEMS, "detail: {1}, unfolded")
    press(CONTROL, SHIFT, "p")
    press("F6")
    field = focused(program, TEXT, "Message")
    press(CONTROL, "v")
    until(lambda: field.text == "detail", "the path")
    press(CONTROL, "z")
    press(SHIFT, "F6")
    focused(program, ITEMS, "detail: {1}, unfolded")
    press("Tab")  # leaves the tree, however many rows follow
    focused(program, CHOICES | TEXT, "")  # which comes first differs between versions of GTK
    press(SHIFT, "Tab")
    focused(program, ITEMS, "detail: {1}, unfolded")
    press("Escape")
    focused(program, ITEMS, "Sent text, ")
    press("Escape")
    focused(program, TEXT, "Message")


def edit_and_resend(program: Program, window: Widget) -> None:
    """Edit the newest message and send it, in two actions."""
    press("F6")
    row = focused(program, ITEMS, "Received text, ")
    assert row.name.endswith(PING)
    press("Menu")
    focused(program, MENU_ITEMS, "Edit and Resend", in_popover=True)
    press("Return")
    focused(program, TEXT, "Message")
    write(" ")
    press("Return")
    until(lambda: window.says(f"{PING} ") == 2, "the echo")
    press("Escape")  # the inspector


def recall(program: Program, window: Widget) -> None:
    """Search what was sent, and send it again from the composer."""
    press(CONTROL, "r")
    focused(program, TEXT, "Search sent messages", in_popover=True)
    write("BTC")
    press("Return")
    field = focused(program, TEXT, "Message")
    until(lambda: field.text == SUBSCRIPTION, "the message")
    press("Return")
    until(lambda: window.says(SUBSCRIPTION) == 4, "the second echo")


def second_tab(program: Program, window: Widget, url: str) -> None:
    """Connect in another tab, come back, disconnect, and connect again."""
    press(CONTROL, "t")
    focused(program, TEXT, "Address")
    write(f"{url}/room/lobby")
    press("Return")
    window.reads("/room/lobby")
    focused(program, TEXT, "Message")
    press(CONTROL, "Page_Up")
    until(lambda: window.says(SUBSCRIPTION) == 4, "the first tab")
    focused(program, TEXT, "Message")
    press(CONTROL, "d")
    window.reads("Disconnected (1000, normal closure).")
    press("F5")
    window.reads("Connected")
    focused(program, TEXT, "Message")


def close(program: Program) -> None:
    """Quit; the question is answered by keys, first with no."""
    press(CONTROL, "q")
    in_front(program, BUTTON, "Cancel", windows=2)
    press("Return")
    in_front(program, TEXT, "Message")
    press(CONTROL, "q")
    in_front(program, BUTTON, "Cancel", windows=2)
    press("Tab")
    focused(program, BUTTON, "Close")
    press("Return")
    assert program.waits() == 0
