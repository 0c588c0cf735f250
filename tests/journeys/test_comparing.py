"""A person sees which field of an order changed."""

from __future__ import annotations

from tests.journeys.keyboard import press
from tests.journeys.program import connect, say, serving, started
from tests.journeys.screen import until
from tests.journeys.test_rows import row, select_last


def test_the_field_of_an_order_that_changed_is_seen() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        connect(window, f"{url}/echo")
        say(window, '{"id": 7, "state": "new"}')
        row(window, "Received text, ", '"new"}')
        say(window, '{"id": 7, "state": "done"}')
        select_last(window, "Received text, ", '"done"}')
        press("Alt_L", "d")
        until(lambda: len(program.windows()) == 2, "the window of the comparison")
        comparison = program.window(1)
        row(comparison, 'state: "new" is now "done"', '"done"')
        press("Escape")
        until(lambda: len(program.windows()) == 1, "the window closed")
