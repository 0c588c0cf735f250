"""Reading a Protobuf message with a company's `.proto`, without leaving the window."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

from websockets.sync.server import ServerConnection, serve

from tests.journeys.keyboard import CONTROL, focus_top_window, press
from tests.journeys.program import connect, started
from tests.journeys.screen import BUTTON, TEXT, until
from tests.journeys.test_expert import choose
from tests.journeys.test_rows import row, select_last
from tests.support.processes import LOOPBACK

PROTO = Path(__file__).parents[1] / "decode" / "wire" / "feed.proto"
QUOTE = bytes.fromhex("085e52120a074254432d455552110000000000002340")


@contextlib.contextmanager
def feed() -> Iterator[str]:
    """A server that sends a quote to each client; gives its address."""

    def talk(client: ServerConnection) -> None:
        client.send(QUOTE)
        for _message in client:
            pass

    server = serve(talk, LOOPBACK, 0, ping_interval=None)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"ws://{LOOPBACK}:{server.socket.getsockname()[1]}/feed"
    finally:
        server.shutdown()
        thread.join()


def test_a_message_is_read_with_the_proto_file_and_again_after_a_restart() -> None:
    with feed() as url:
        with started() as program:
            window = program.window()
            connect(window, url)
            row(window, "Received binary, ", "}")
            dialog = choose(program, window, "Decoding…")
            dialog.find(TEXT, "Schema (.proto or descriptor set)").write(str(PROTO))
            dialog.reads("message types")
            dialog.find(TEXT, "Message types, separated by commas").write("feed.v1.Envelope")
            press("Escape")
            until(lambda: program.windows() == [window], "the conversation")
            focus_top_window()
            row(window, "Received binary, ", '"quote":{"symbol":"BTC-EUR","bid":9.5}}')
            select_last(window, "Received binary, ", "}")
            window.reads("quote")
            press(CONTROL, "d")
            window.find(BUTTON, "Reconnect")
            press(CONTROL, "q")
            program.waits()
        with started() as program:
            window = program.window()
            row(window, "Received binary, ", '"quote":{"symbol":"BTC-EUR","bid":9.5}}')
            press("F5")
            window.reads("Connected")
            row(window, "Received binary, ", '"quote":{"symbol":"BTC-EUR","bid":9.5}}')
