"""The options of a connection: timeouts, limits, pings, closing, reconnecting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from click import UsageError
from cloup import option, option_group

from spacebeam.cli.options import values
from spacebeam.cli.options.values import CloseOptions
from spacebeam.net.backoff import Backoff
from spacebeam.profiles.profile import MIB, Limits
from spacebeam.protocol.close import CloseCode, is_legal

_Command = TypeVar("_Command", bound=Callable[..., Any])
_TITLE = "Connection"
_RECONNECT = "--reconnect"
_DEFAULT_ATTEMPTS = str(Backoff().attempts)
_DEFAULT = Limits()


def timeout_options(command: _Command) -> _Command:
    """Add the group to a command that only makes a handshake."""
    add: Callable[[_Command], _Command] = option_group(_TITLE, *_timeouts())
    return add(command)


def connection_options(command: _Command) -> _Command:
    """Add the group to a command that stays connected."""
    add: Callable[[_Command], _Command] = option_group(_TITLE, *_timeouts(), *_life())
    return add(command)


def _timeouts() -> tuple[Any, ...]:
    return (
        option(
            "--connect-timeout",
            metavar="S",
            type=values.seconds,
            default=str(_DEFAULT.connect_timeout),
            help="Time out when the handshake takes more than S seconds. "
            f"[default: {_DEFAULT.connect_timeout:g}]",
        ),
        option(
            "--close-timeout",
            metavar="S",
            type=values.seconds,
            default=str(_DEFAULT.close_timeout),
            help="Wait at most S seconds for the server's close frame. "
            f"[default: {_DEFAULT.close_timeout:g}]",
        ),
    )


def _life() -> tuple[Any, ...]:
    return (
        option(
            "--max-message",
            metavar="SIZE",
            type=values.size,
            default=str(_DEFAULT.max_message),
            help="Close the connection if a message is larger: a number of bytes, or 64K, 64M, 1G. "
            f"[default: {_DEFAULT.max_message // MIB}M]",
        ),
        option(
            "--lenient",
            is_flag=True,
            help="Accept texts and close reasons that are not UTF-8, which RFC 6455 forbids. They "
            "are shown escaped, and printed to a pipe and recorded as they came.",
        ),
        option(
            "--ping",
            "--ping-interval",
            "ping",
            metavar="S",
            type=values.seconds,
            help="Send a ping every S seconds, and disconnect if it is not answered.",
        ),
        option(
            "--ping-timeout",
            metavar="S",
            type=values.seconds,
            help="Wait S seconds for the answer to a ping. [default: the interval of --ping]",
        ),
        option("--no-pong", is_flag=True, help="Do not answer the server's pings."),
        option(
            "--close",
            metavar="CODE[:REASON]",
            type=values.close,
            help="Close with this status code; 1005 for none. [default: 1000]",
        ),
        option("--expert", is_flag=True, help="Allow --close to send codes that RFC 6455 forbids."),
        option(
            _RECONNECT,
            metavar="[N]",
            is_flag=False,
            flag_value=_DEFAULT_ATTEMPTS,
            type=values.attempts,
            help="When connecting fails or a connection is lost, try again, at most N times in a "
            f"row (without N: {_DEFAULT_ATTEMPTS}; 0: no limit). Unsent messages wait.",
        ),
    )


def with_attempts(words: list[str]) -> list[str]:
    """Return the command line with the default number for a --reconnect without one.

    Otherwise click would parse the address after --reconnect as its number.
    """
    words = list(words)
    last = words.index("--") if "--" in words else len(words)
    for place, word in enumerate(words[:last]):
        following = words[place + 1] if place + 1 < last else ""
        if word == _RECONNECT and not following.isdigit():
            words[place] = f"{_RECONNECT}={_DEFAULT_ATTEMPTS}"
    return words


def close_options(given: Mapping[str, Any]) -> CloseOptions:
    """Return the close frame to send. Raise UsageError for a code that needs --expert."""
    close: CloseOptions = given["close"] or CloseOptions()
    if given["expert"]:
        return replace(close, even_illegal=True)
    if not may_be_sent(close):
        reason = " with a reason" if close.code == CloseCode.NO_STATUS else ""
        raise UsageError(
            f"Invalid value for '--close': RFC 6455 forbids {close.code}{reason} in a close frame; "
            "add --expert to send it anyway."
        )
    return close


def may_be_sent(close: CloseOptions) -> bool:
    """Return whether RFC 6455 allows this close frame."""
    return is_legal(close.code) or (close.code == CloseCode.NO_STATUS and not close.reason)
