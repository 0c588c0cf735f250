"""The messages of standard input as text, hex, Base64 or JSON, or the bytes as they are.

A person who types can send both kinds, by commands. A pipe has JSON Lines for that, in the shape
that --json prints.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from spacebeam.cli import standard_input
from spacebeam.cli.forms import FormError, InputForm
from spacebeam.cli.interactive.commands import Action, TypedForm, mistake_words
from spacebeam.cli.messages import print_error
from spacebeam.cli.standard_input import LINES, Framing, InputError
from spacebeam.decode.visible import one_line
from spacebeam.exchange import json_lines

_HELP = "Each line is sent; /help lists the commands. "
_HELP_END = "Ctrl+D disconnects."
_TERMINAL_LINE = 4095  # bytes; the terminal drops the rest of a longer line (termios(3))
_TOO_LONG = (
    f"The terminal cuts a line at {_TERMINAL_LINE:,} bytes. Send it with --send or through a pipe."
)

_Read = Callable[[bytes], Action | None]  # None: nothing to send


def input_help(source: int, typed: TypedForm, framing: Framing | None = None) -> str:
    """Return what a person can type, "" if standard input is no terminal."""
    if not os.isatty(source):
        return ""
    return (_HELP if _takes_commands(source, typed, framing) else "") + _HELP_END


def _takes_commands(source: int, typed: TypedForm, framing: Framing | None) -> bool:
    """Return whether a person types lines, so that a slash begins a command."""
    return os.isatty(source) and framing is None and not typed.is_raw


async def messages(
    source: int, limit: int, typed: TypedForm, framing: Framing | None = None
) -> AsyncGenerator[Action, None]:
    """Yield the messages of a file descriptor, and of a terminal what else a person wants done.

    Without `framing` a message is a line, or a chunk of raw bytes. A typed line with an error is
    shown again, and not sent. Raises InputError for such a line in a pipe, for a message of more
    than `limit` bytes, and if reading fails.
    """
    if typed.is_raw and framing is None:
        async with aclosing(standard_input.chunks(source)) as chunks:
            async for chunk in chunks:
                yield chunk
        return
    is_typed = _takes_commands(source, typed, framing)
    read = _typed_reader(typed) if is_typed else _reader(typed)
    number = 0
    async with aclosing(standard_input.messages(source, limit, framing or LINES)) as lines:
        async for line in lines:
            number += 1
            try:
                if is_typed and len(line) >= _TERMINAL_LINE:
                    raise ValueError(_TOO_LONG)
                action = read(line)
            except ValueError as error:
                if not is_typed:
                    raise InputError(_words((framing or LINES).name(number), error)) from None
                _show_again(line, error)
            else:
                if action is not None:
                    yield action


def _reader(typed: TypedForm) -> _Read:
    if typed.input_form is InputForm.JSON:
        return json_lines.message
    return bytes.decode if typed.form is None else typed.form.read


def _typed_reader(typed: TypedForm) -> _Read:
    return lambda line: typed.action(line.decode())


def _words(name: str, error: ValueError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"{name} is not UTF-8; --binary sends bytes."
    return f"{name}: {error}"


def _show_again(line: bytes, error: ValueError) -> None:
    """Print why a typed line was not sent, the line, and a mark under the invalid part."""
    is_text = not isinstance(error, UnicodeDecodeError)
    words = mistake_words(error) if is_text else "Not sent: The line is not UTF-8."
    text = line.decode(errors="replace")
    shown = [words, f"  {one_line(text)}"]
    if isinstance(error, FormError):
        shown.append(f"  {' ' * len(one_line(text[: error.place]))}^")
    print_error("\n".join(shown))
