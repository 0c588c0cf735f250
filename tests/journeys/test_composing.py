"""A person types a message that is not JSON, sees where, and sends it."""

from __future__ import annotations

from tests.journeys.program import connect, serving, started
from tests.journeys.screen import BUTTON, TEXT, until

SUBSCRIPTION = '{"op": "subscribe"}'
SENTENCE = "Line 1, column 20: a comma or } is missing."
WRONG = '{"op": "subscribe" "id": 8}'


def test_a_mistake_in_json_is_shown_and_the_message_is_sent_with_a_word() -> None:
    with serving() as (url, _server), started() as program:
        window = program.window()
        connect(window, f"{url}/echo")
        window.reads("Connected")
        message = window.find(TEXT, "Message")
        message.write(SUBSCRIPTION)
        window.find(BUTTON, "Send").press()
        until(lambda: window.says(SUBSCRIPTION) == 2, "the echo")
        until(lambda: not message.text, "an empty message")
        until(lambda: window.says("JSON"), "the format of the newest message")
        message.write(WRONG)
        window.reads(SENTENCE)
        window.find(BUTTON, "Send").press()
        window.reads("Sent as it is, but it is not JSON.")
        until(lambda: window.says(WRONG) == 2, "the echo")
