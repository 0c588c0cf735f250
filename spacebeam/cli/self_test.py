"""`spacebeam self-test`: check that an installed Spacebeam works on this computer."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Callable, Mapping

import click
import gi
from gi.repository import Gio, GLib

from spacebeam import __version__
from spacebeam.cli.command_line import command
from spacebeam.cli.loop import run
from spacebeam.cli.messages import print_line
from spacebeam.cli.status import Status
from spacebeam.cli.window import SkippedError, WindowProbe
from spacebeam.net.connection import Connection
from spacebeam.net.handshake import HandshakeError
from spacebeam.net.soup import Soup
from spacebeam.protocol.batch import Batch, Direction
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.endpoint import parse
from spacebeam.server.server import Server
from spacebeam.wording.closing import close_words
from spacebeam.wording.failures import Face, failure_words

_MIN_GLIB = (2, 74)
_MIN_SOUP = (3, 2)
_ECHO_TIMEOUT_S = 10.0
_SKIPPED = "skipped"

Check = Callable[[], str]


@command("self-test", epilog="exit codes: 0 every check passed or was skipped, 1 a check failed")
@click.pass_obj
def command_line(window: WindowProbe) -> Status:
    """Check the libraries, the window and a connection, and print a line for each."""
    checks: dict[str, Check] = {
        "Spacebeam": _program,
        "GLib": _glib,
        "libsoup": _soup,
        "TLS": _tls,
        "window libraries": lambda: _joined(window.versions()),
        "window": window.open_and_close,
        "conversation": lambda: run(_echo_over_network()),
    }
    results = [_passes(name, check) for name, check in checks.items()]
    return Status.DONE if all(results) else Status.FAILED


def _passes(name: str, check: Check) -> bool:
    try:
        detail = check()
    except SkippedError as error:
        print_line(f"skipped {name}: {error}")
    except HandshakeError as error:
        print_line(f"FAILED {name}: {failure_words(error.failure, Face.TERMINAL)}")
        return False
    except Exception as error:  # noqa: BLE001  any failure is a result
        print_line(f"FAILED {name}: {str(error) or type(error).__name__}")
        return False
    else:
        # The window may report that it has no display.
        reason = detail.removeprefix(_SKIPPED).lstrip(": ")
        if detail.startswith(_SKIPPED):
            print_line(f"skipped {name}: {reason}")
        else:
            print_line(f"ok {name}: {detail}")
    return True


def _program() -> str:
    return f"{__version__}, Python {platform.python_version()}, PyGObject {gi.__version__}"


def _glib() -> str:
    found = (GLib.MAJOR_VERSION, GLib.MINOR_VERSION, GLib.MICRO_VERSION)
    return _at_least(found, _MIN_GLIB)


def _soup() -> str:
    found = (Soup.get_major_version(), Soup.get_minor_version(), Soup.get_micro_version())
    return _at_least(found, _MIN_SOUP)


def _at_least(found: tuple[int, ...], least: tuple[int, ...]) -> str:
    version = ".".join(map(str, found))
    if found < least:
        raise RuntimeError(f"{version} is older than {'.'.join(map(str, least))}")
    return version


def _tls() -> str:
    backend = Gio.TlsBackend.get_default()
    if not backend.supports_tls():
        raise RuntimeError("wss:// addresses cannot be reached; install glib-networking")
    return type(backend).__name__.removeprefix("__gi__.").removeprefix("GTlsBackend") or "present"


def _joined(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())


async def _echo_over_network() -> str:
    server = Server()
    server.start()
    try:
        async with asyncio.timeout(_ECHO_TIMEOUT_S):
            return await _echo(f"{server.url}/echo")
    except TimeoutError:
        raise RuntimeError(f"no answer within {_ECHO_TIMEOUT_S:g} s") from None
    finally:
        await server.stop()


async def _echo(url: str) -> str:
    sent = (b"\xe2\x9c\x93 text", bytes(range(256)))
    received: list[bytes] = []
    has_all = asyncio.Event()

    def listen(batch: Batch) -> None:
        if batch.direction is Direction.RECEIVED:
            received.extend(batch.payloads())
        if len(received) >= len(sent):
            has_all.set()

    connection = Connection(listen)
    await connection.open(parse(url))
    await connection.send(sent[0].decode())
    await connection.send(sent[1])
    await has_all.wait()
    ending = await connection.close()
    if tuple(received[: len(sent)]) != sent:
        raise RuntimeError("the server's echo differs from the sent messages")
    if ending.code != CloseCode.NORMAL:
        raise RuntimeError(close_words(ending))
    return "text and binary echoed, closed with 1000"
