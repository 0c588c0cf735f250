"""`spacebeam mcp`: let an assistant talk to servers and read recordings."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click
from click import BadParameter
from cloup import option

from spacebeam.assistant.permissions import (
    LOOPBACK,
    AllowedServer,
    PatternError,
    allowed_server,
)
from spacebeam.cli.command_line import command
from spacebeam.cli.messages import print_error, print_terminal_note
from spacebeam.cli.options import values
from spacebeam.cli.status import Status
from spacebeam.library.recordings import default_folder
from spacebeam.session.engine import in_engine

_EPILOG = """\
An assistant starts this command and speaks the Model Context Protocol with it, over standard input
and output. In its settings, that is the command “spacebeam” with these words: mcp --allow HOST.
It needs a library: pip install 'spacebeam[mcp]'

tools:
  connect, send, expect, receive, close, list_connections
                    talk to an allowed server; “expect” waits for a message that matches a filter
  list_recordings, read_recording
                    read recordings of the library, a page at a time, or what a filter shows

Secrets in addresses are masked. Redirects are not followed. At most 16 connections, 100 messages
and 256 KiB at once, 16,384 characters of a message.

exit codes: 0 the assistant has ended; 1 the library is missing; 2 bad usage

examples:
  spacebeam mcp
  spacebeam mcp --allow 'wss://*.staging.example' --allow feed.example:8443 --no-record"""


def _server(value: str) -> AllowedServer:
    try:
        return allowed_server(values.text(value))
    except PatternError as error:
        raise BadParameter(str(error)) from None


@command("mcp", epilog=_EPILOG)
@option(
    "--allow",
    metavar="SERVER",
    type=_server,
    multiple=True,
    help="Let the assistant connect to this server too: a host, *.HOST for all below it, with a "
    "scheme, port and the beginning of a path if only those are meant. Repeatable. "
    "[default: only this computer]",
)
@option(
    "--recordings",
    "folder",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder whose recordings can be read, and where connections are recorded. "
    "[default: the library]",
)
@option("--no-record", is_flag=True, help="Do not record the assistant's connections.")
def command_line(allow: tuple[AllowedServer, ...], folder: Path | None, no_record: bool) -> Status:
    """Let an assistant connect to allowed servers, send, wait for messages, and read recordings."""
    try:
        from spacebeam.assistant.tool_server import tool_server  # the library is an extra
    except ImportError as error:
        print_error(
            f"The library “{error.name}” is missing. Install it with: pip install 'spacebeam[mcp]'"
        )
        return Status.FAILED
    if sys.stdin is None or sys.stdout is None:
        print_error("An assistant speaks over standard input and output, which are closed.")
        return Status.USAGE
    servers = (*map(allowed_server, LOOPBACK), *allow)
    server, conversations = tool_server(servers, folder or default_folder(), records=not no_record)
    print_terminal_note("An assistant speaks with this command. Press Ctrl+D to stop.")

    async def serve() -> None:
        try:
            await server.run_stdio_async()
        finally:
            await in_engine(conversations.close_all())

    asyncio.run(serve())
    return Status.DONE
