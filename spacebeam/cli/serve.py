"""`spacebeam serve`: run the built-in server, for testing clients; or the server of a recording."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import click
from cloup import option, option_group

from spacebeam.cli.command_line import command
from spacebeam.cli.loop import on_signals, run
from spacebeam.cli.messages import print_error, print_line, print_note, print_terminal_note
from spacebeam.cli.options import values
from spacebeam.cli.replay_script import read_script
from spacebeam.cli.status import Status
from spacebeam.decode.visible import one_line
from spacebeam.net.connection import Connection
from spacebeam.net.message_writer import NotOpenError
from spacebeam.scenario.replay.script import Turn
from spacebeam.scenario.replay.server_part import Matching, ServerPart, ServerSettings
from spacebeam.server.inbox import Inbox
from spacebeam.server.paths import ServedPaths
from spacebeam.server.server import Server, ServerError
from spacebeam.server.services import Query, Service

_MAX_SHOWN = 200  # characters or bytes

_PATHS = """\
paths:
  /echo                  sends each message back
  /room/NAME             a room: sends each message to all other members
  /chat/NAME?name=YOURS  a chat room whose members have names, as in “spacebeam help chat”
  /ticker?interval=MS    sends a JSON object every MS milliseconds
  /flood?count=N&size=S  sends N messages of S bytes as fast as the client reads"""
_EPILOG = f"""\
{_PATHS}

exit codes: 0 stopped by Ctrl+C, 1 could not listen on the address, 2 bad usage,
5 standard output failed

examples:
  spacebeam serve --port 8000
  spacebeam serve --subprotocol chat.v2 --subprotocol chat.v1
  spacebeam serve --allow-origin https://app.example
  spacebeam serve --replay feed.beam --echo id"""


@command("serve", epilog=_EPILOG)
@option(
    "--host",
    metavar="ADDRESS",
    type=values.host,
    default="127.0.0.1",
    help="IP address to listen on. [default: 127.0.0.1]",
)
@option(
    "--port",
    metavar="PORT",
    type=values.port,
    default="0",
    help="Port to listen on. [default: any free port]",
)
@option(
    "--subprotocol",
    "subprotocols",
    metavar="NAME",
    type=values.subprotocol,
    multiple=True,
    help="Accept this subprotocol if a client offers it, and no other. Repeatable. "
    "[default: accept the first that is offered]",
)
@option(
    "--allow-origin",
    "origins",
    metavar="ORIGIN",
    type=values.origin,
    multiple=True,
    help="Let web pages of this origin connect too, such as https://app.example; null for "
    "files, * for any. Repeatable. [default: pages of this computer, of private networks and of "
    "ADDRESS]",
)
@option_group(
    "Replay",
    option(
        "--replay",
        metavar="FILE",
        type=click.Path(readable=False),
        shell_complete=values.file_names,
        help="Play the server's part of this recording at any path, in place of the paths below.",
    ),
    option(
        "--match",
        type=click.Choice([one.value for one in Matching]),
        default=Matching.CONTENT.value,
        help="Which recorded message a client's message stands for: the one with the same content, "
        "else the same keys and type; or the next in order. [default: content]",
    ),
    option(
        "--echo",
        metavar="PATH",
        type=values.value_path,
        multiple=True,
        help="Put what the client says at this path into the answers, as its id. Repeatable.",
    ),
    option(
        "--ignore",
        metavar="PATH",
        type=values.value_path,
        multiple=True,
        help="Leave out this path when messages are matched. Repeatable.",
    ),
    option(
        "--speed",
        metavar="N",
        type=click.FloatRange(0, 1_000_000, min_open=True),
        default=1.0,
        help="Answer at N times the recorded pace. [default: 1]",
    ),
)
def command_line(
    host: str,
    port: int,
    subprotocols: tuple[str, ...],
    origins: tuple[str, ...],
    replay: str | None,
    match: str,
    echo: tuple[str, ...],
    ignore: tuple[str, ...],
    speed: float,
) -> Status:
    """Run a WebSocket server until Ctrl+C, and print the address to connect to.

    A client that offers only subprotocols that are not accepted is connected without one.
    """
    paths: ServedPaths | ReplayedPath = ServedPaths()
    if replay is not None:
        script = read_script(replay)
        if script is None:
            return Status.UNREADABLE
        paths = ReplayedPath(script, ServerSettings(Matching(match), speed, ignore, echo))
    server = Server(host, port, subprotocols=subprotocols, origins=origins, paths=paths)
    return run(_serve(server, "" if replay is not None else _PATHS))


class ReplayedPath:
    """The server of a recording, at any path."""

    help = "This server plays a recording at any path.\n"

    def __init__(self, script: Sequence[Turn], settings: ServerSettings) -> None:
        self._part = ServerPart(script, settings, _print_unknown)

    def find(self, _path: str, _query: Query, _remote: str) -> Service | None:
        """Return the recording's service, the same for every client."""
        return self._serve

    async def _serve(self, connection: Connection) -> None:
        async def send(message: str | bytes) -> None:
            with suppress(NotOpenError):
                await connection.send(message)

        await self._part.play(Inbox(connection), send)


def _print_unknown(message: str | bytes) -> None:
    shown = message[:_MAX_SHOWN]
    text = shown if isinstance(shown, str) else shown.hex(" ")
    print_note(f"No recorded message is like this one: {one_line(text)}")


async def _serve(server: Server, paths: str) -> Status:
    stopping = asyncio.Event()
    with on_signals(stopping.set):
        try:
            server.start()
        except ServerError as error:
            print_error(str(error))
            return Status.FAILED
        print_line(server.url)
        print_terminal_note(f"Press Ctrl+C to stop.\n{paths}".rstrip())
        await stopping.wait()
        await server.stop()
    return Status.DONE
