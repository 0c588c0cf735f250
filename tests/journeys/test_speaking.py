"""A saved connection that speaks Socket.IO: an event is answered, and the latency is shown."""

from __future__ import annotations

from gi.repository import GLib

from spacebeam.profiles.collection import SavedConnection
from spacebeam.profiles.profile import Profile, ProtocolSettings, SpokenProtocol
from tests.journeys.keyboard import CONTROL, SHIFT, press
from tests.journeys.program import say, started
from tests.journeys.screen import TEXT, Widget, until
from tests.journeys.test_saved_connections import library, open_found
from tests.support.node_peer import socketio_server


def row_with(window: Widget, words: str) -> Widget:
    """Return the row whose name has these words; an answer's has its latency too."""

    def look() -> Widget | None:
        try:
            rows = (one for one in window.everything() if one.role == "list item")
            return next((one for one in rows if words in one.name), None)
        except GLib.Error:
            return None  # it went away while it was looked at

    return until(look, f"a row with “{words}”")


def labels(window: Widget, words: str) -> int:
    """Return how many labels say this, in an open list too."""
    try:
        return sum(one.role == "label" and one.said == words for one in window.everything())
    except GLib.Error:
        return 0  # it went away while it was looked at


def test_the_latency_of_an_acknowledgement_is_seen_without_leaving_the_window() -> None:
    with socketio_server() as port:
        profile = Profile(protocol=ProtocolSettings(SpokenProtocol.SOCKET_IO))
        address = f"ws://127.0.0.1:{port}/admin"
        library().create_connection("", SavedConnection("Rooms", address, profile))
        with started() as program:
            window = program.window()
            open_found(window, "Rooms")
            row_with(window, 'EVENT welcome ["/admin"]')
            event = window.find(TEXT, "Event")
            event.write("sum")
            until(lambda: event.text == "sum", "the event")
            until(lambda: window.find(TEXT, "Message").has_cursor, "the cursor in the message")
            for _step in range(10):
                press(SHIFT, "Tab")
                if event.has_cursor:
                    break
            press(SHIFT, "Tab")  # from the name to the verb
            press("space")
            until(lambda: labels(window, "Call"), "the verbs")
            press("Down")
            press("Return")
            until(lambda: labels(window, "Call") and not labels(window, "Emit"), "the verb")
            say(window, "[40, 3]")
            row_with(window, "ACK /admin [43]")
            press(CONTROL, "f")
            window.find(TEXT, "Filter").write("[43]")
            window.reads("1 of ")
            answer = row_with(window, "ACK /admin [43]")
            for _step in range(40):
                press("Tab")
                if answer.has_cursor:
                    break
            press("End")
            window.reads("Answers #")
