"""The messages of standard input as text, hex, Base64 or JSON, or the bytes as they are.

A person who types can send both kinds: `/binary` and `/text`, as with websocat's prefixes. A pipe
has JSON Lines for that, in the shape that --json prints.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from enum import Enum
from functools import partial

from spacebeam.cli import standard_input
from spacebeam.cli.forms import BinaryForm, FormError
from spacebeam.cli.messages import print_error
from spacebeam.cli.standard_input import LINES, Framing, InputError
from spacebeam.decode.visible import one_line
from spacebeam.exchange import json_lines

_HELP = "Each line is sent; “/binary 00 ff” sends bytes, “/text …” any text. "
_HELP_END = "Ctrl+D disconnects."
_TEXT, _BINARY = "/text", "/binary"
_TERMINAL_LINE = 4095  # bytes; the terminal drops the rest of a longer line (termios(3))
_TOO_LONG = (
    f"The terminal cuts a line at {_TERMINAL_LINE:,} bytes. Send it with --send or through a pipe."
)

Message = str | bytes
_Read = Callable[[bytes], Message | None]  # None: nothing to send


class InputForm(Enum):
    """The format of standard input."""

    LINES = "lines"
    JSON = "json"


def input_help(
    source: int, input_form: InputForm, form: BinaryForm | None, framing: Framing | None = None
) -> str:
    """Return what a person can type, "" if standard input is no terminal."""
    if not os.isatty(source):
        return ""
    return (_HELP if _takes_commands(source, input_form, form, framing) else "") + _HELP_END


def _takes_commands(
    source: int, input_form: InputForm, form: BinaryForm | None, framing: Framing | None
) -> bool:
    """Return whether a person types lines, so that `/binary` and `/text` are commands."""
    is_typed = os.isatty(source) and framing is None
    return is_typed and input_form is InputForm.LINES and form is not BinaryForm.RAW


async def messages(
    source: int,
    limit: int,
    input_form: InputForm,
    form: BinaryForm | None,
    framing: Framing | None = None,
) -> AsyncGenerator[Message, None]:
    """Yield the messages of a file descriptor; `form` is the format of binary ones.

    Without `framing` a message is a line, or a chunk of raw bytes. A typed line with an error is
    shown again, and not sent. Raises InputError for such a line in a pipe, for a message of more
    than `limit` bytes, and if reading fails.
    """
    if form is BinaryForm.RAW and input_form is InputForm.LINES and framing is None:
        async with aclosing(standard_input.chunks(source)) as chunks:
            async for chunk in chunks:
                yield chunk
        return
    read = _reader(input_form, form, _takes_commands(source, input_form, form, framing))
    is_typed = os.isatty(source) and framing is None
    number = 0
    async with aclosing(standard_input.messages(source, limit, framing or LINES)) as lines:
        async for line in lines:
            number += 1
            try:
                if is_typed and len(line) >= _TERMINAL_LINE:
                    raise ValueError(_TOO_LONG)
                message = read(line)
            except ValueError as error:
                if not is_typed:
                    raise InputError(_words((framing or LINES).name(number), error)) from None
                _show_again(line, error)
            else:
                if message is not None:
                    yield message


def _reader(input_form: InputForm, form: BinaryForm | None, takes_commands: bool) -> _Read:
    if input_form is InputForm.JSON:
        return json_lines.message
    if takes_commands:
        return partial(_typed, form=form)
    return bytes.decode if form is None else form.read


def _typed(line: bytes, form: BinaryForm | None) -> Message:
    command, _, rest = line.decode().partition(" ")
    if command == _TEXT:
        return rest
    if command != _BINARY:
        return line.decode() if form is None else form.read(line)
    try:
        return (form or BinaryForm.HEX).read(rest.encode())
    except FormError as error:
        raise FormError(str(error), error.place + len(_BINARY) + 1) from None


def _words(name: str, error: ValueError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"{name} is not UTF-8; --binary sends bytes."
    return f"{name}: {error}"


def _show_again(line: bytes, error: ValueError) -> None:
    """Print why a typed line was not sent, the line, and a mark under the invalid part."""
    words = "The line is not UTF-8." if isinstance(error, UnicodeDecodeError) else str(error)
    text = line.decode(errors="replace")
    shown = [f"Not sent: {words}", f"  {one_line(text)}"]
    if isinstance(error, FormError):
        shown.append(f"  {' ' * len(one_line(text[: error.place]))}^")
    print_error("\n".join(shown))
