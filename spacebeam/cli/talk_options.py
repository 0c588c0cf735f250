"""The options of a connection's life: pings, the goodbye, connecting again, telling every frame."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from spacebeam.cli import arguments
from spacebeam.net.backoff import Backoff
from spacebeam.protocol.close import CloseCode, is_legal
from spacebeam.protocol.frame_decoder import DEFAULT_MAX_MESSAGE
from spacebeam.protocol.frames import MAX_CONTROL_PAYLOAD
from spacebeam.protocol.lifecycle import Keepalive

_MAX_REASON = MAX_CONTROL_PAYLOAD - 2  # bytes (RFC 6455, section 5.5.1)
_RECONNECT = "--reconnect"


@dataclass(frozen=True, slots=True)
class CloseOptions:
    """What this side's close frame says."""

    code: int = CloseCode.NORMAL
    reason: str = ""
    even_illegal: bool = False


@dataclass(frozen=True, slots=True)
class TalkOptions:
    """How a person wants a connection to be kept."""

    keepalive: Keepalive | None = None
    answers_pings: bool = True
    goodbye: CloseOptions = CloseOptions()
    backoff: Backoff | None = None  # None: what is lost stays lost
    is_verbose: bool = False


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the options to a command."""
    life = parser.add_argument_group("connection")
    life.add_argument(
        "--max-message",
        metavar="SIZE",
        type=arguments.size,
        default=DEFAULT_MAX_MESSAGE,
        help="close when a message is larger than this, in bytes or as in 64K, 64M, 1G "
        f"(default: {DEFAULT_MAX_MESSAGE // 2**20}M)",
    )
    life.add_argument(
        "--ping",
        "--ping-interval",
        metavar="S",
        type=arguments.seconds,
        help="send a ping every S seconds, and end the connection when the server is silent",
    )
    life.add_argument(
        "--ping-timeout",
        metavar="S",
        type=arguments.seconds,
        help="how long the server may be silent after a ping (without this option: as --ping)",
    )
    life.add_argument("--no-pong", action="store_true", help="do not answer the server's pings")
    life.add_argument(
        "--close",
        metavar="CODE[:REASON]",
        type=_goodbye,
        default=CloseOptions(),
        help="say goodbye with this code (without this option: 1000); 1005 for none",
    )
    life.add_argument(
        "--expert", action="store_true", help="let --close send codes that no one may send"
    )
    life.add_argument(
        _RECONNECT,
        metavar="N",
        nargs="?",
        type=_attempts,
        const=Backoff().attempts,
        help="when the first connection fails or one is lost, try again, N times in a row at most "
        f"(without N: {Backoff().attempts}; 0: without end); what was not sent waits meanwhile",
    )
    life.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        help="tell the handshake and every frame on standard error: > sent, < received",
    )


def spelled_out(words: Sequence[str]) -> list[str]:
    """A command line in which --reconnect has its number, so that it takes no address for one."""
    words = list(words)
    last = words.index("--") if "--" in words else len(words)
    for place, word in enumerate(words[:last]):
        following = words[place + 1] if place + 1 < last else ""
        if word == _RECONNECT and not following.isdigit():
            words[place] = f"{_RECONNECT}={Backoff().attempts}"
    return words


def options(parser: argparse.ArgumentParser, parsed: argparse.Namespace) -> TalkOptions:
    """How the connection is to be kept; what does not fit together ends the program."""
    if parsed.ping_timeout is not None and parsed.ping is None:
        parser.error("argument --ping-timeout: it needs --ping.")
    keepalive = None
    if parsed.ping is not None:
        keepalive = Keepalive(parsed.ping, parsed.ping_timeout or parsed.ping)
    given: CloseOptions = parsed.close
    goodbye = CloseOptions(given.code, given.reason, even_illegal=parsed.expert)
    if not parsed.expert and not _may_be_said(given):
        parser.error(
            f"argument --close: {given.code} may not be sent"
            + (" with a reason" if given.code == CloseCode.NO_STATUS else "")
            + "; --expert sends it all the same."
        )
    return TalkOptions(
        keepalive,
        not parsed.no_pong,
        goodbye,
        None if parsed.reconnect is None else Backoff(attempts=parsed.reconnect),
        parsed.verbose,
    )


def _may_be_said(goodbye: CloseOptions) -> bool:
    return is_legal(goodbye.code) or (goodbye.code == CloseCode.NO_STATUS and not goodbye.reason)


def _goodbye(value: str) -> CloseOptions:
    code, _, reason = arguments.text(value).partition(":")
    if not (code.isascii() and code.isdigit() and int(code[:6]) <= 0xFFFF):
        raise argparse.ArgumentTypeError(f"“{code}” is not a code from 0 to 65535.")
    if len(reason.encode()) > _MAX_REASON:
        raise argparse.ArgumentTypeError(f"A reason has {_MAX_REASON} bytes at most.")
    return CloseOptions(int(code), reason)


def _attempts(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise argparse.ArgumentTypeError(f"“{arguments.text(value)}” is not a number of attempts.")
    return int(value)
