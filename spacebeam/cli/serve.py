"""`spacebeam serve`: the built-in server, for trying a client or this program itself."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

from spacebeam.cli import arguments
from spacebeam.cli.loop import on_signals, run
from spacebeam.cli.messages import complain, say, tell_terminal
from spacebeam.cli.status import Status
from spacebeam.server.server import Server, ServerError

_DESCRIPTION = """\
Serves WebSockets until Ctrl+C, and prints the address to connect to."""
_PATHS = """\
paths:
  /echo                  what you say comes back
  /room/NAME             a chat room: what one in it says, all others receive
  /ticker?interval=MS    a JSON object at each tick
  /flood?count=N&size=S  N messages of S bytes, as fast as you read"""
_EPILOG = f"""\
{_PATHS}

exit codes: 0 stopped, 1 cannot listen there, 2 bad usage"""


def add_to(commands: argparse._SubParsersAction[Any], words: str) -> None:
    """Add the command to the program's."""
    parser = commands.add_parser(
        "serve",
        help=words,
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--host",
        metavar="ADDRESS",
        type=arguments.host,
        default="127.0.0.1",
        help="the IP address to listen on (default: 127.0.0.1)",
    )
    parser.add_argument(
        "--port",
        type=arguments.port,
        default=0,
        help="the port to listen on (default: any that is free)",
    )
    parser.set_defaults(run=lambda parsed: run(_serve(Server(parsed.host, parsed.port))))


async def _serve(server: Server) -> Status:
    stopping = asyncio.Event()
    with on_signals(stopping.set):
        try:
            server.start()
        except ServerError as error:
            complain(str(error))
            return Status.FAILED
        say(server.url)
        tell_terminal(f"Ctrl+C stops it.\n{_PATHS}")
        await stopping.wait()
        await server.stop()
    return Status.DONE
