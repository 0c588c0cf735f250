"""`spacebeam serve`: run the built-in server, for testing clients."""

from __future__ import annotations

import asyncio

from cloup import option

from spacebeam.cli.command_line import command
from spacebeam.cli.loop import on_signals, run
from spacebeam.cli.messages import print_error, print_line, print_terminal_note
from spacebeam.cli.options import values
from spacebeam.cli.status import Status
from spacebeam.server.server import Server, ServerError

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
  spacebeam serve --allow-origin https://app.example"""


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
def command_line(
    host: str, port: int, subprotocols: tuple[str, ...], origins: tuple[str, ...]
) -> Status:
    """Run a WebSocket server until Ctrl+C, and print the address to connect to.

    A client that offers only subprotocols that are not accepted is connected without one.
    """
    return run(_serve(Server(host, port, subprotocols=subprotocols, origins=origins)))


async def _serve(server: Server) -> Status:
    stopping = asyncio.Event()
    with on_signals(stopping.set):
        try:
            server.start()
        except ServerError as error:
            print_error(str(error))
            return Status.FAILED
        print_line(server.url)
        print_terminal_note(f"Press Ctrl+C to stop.\n{_PATHS}")
        await stopping.wait()
        await server.stop()
    return Status.DONE
