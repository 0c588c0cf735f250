"""The output options: format, colours and tracing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import click
from cloup import option, option_group

from spacebeam.cli.forms import BinaryForm
from spacebeam.cli.message_form import SAVED
from spacebeam.cli.message_lines import LineStyle
from spacebeam.cli.terminal import is_styled, is_terminal
from spacebeam.decode.encoding import encoders
from spacebeam.decode.registry import NAMES

# Decoder names by the value of --decode; "" is the best decoder for each payload.
DECODERS = {"auto": "", **NAMES}
# Names of the formats that JSON can be written in, by the value of --encode.
ENCODERS = {written: name for written, name in NAMES.items() if name in encoders()}
_Command = TypeVar("_Command", bound=Callable[..., Any])

json_object = option("--json", "as_json", is_flag=True, help="Print one JSON object.")
json_lines = option("--json", "as_json", is_flag=True, help="Print a JSON object per line.")


def decoder_name(_context: click.Context, _option: click.Parameter, written: str) -> str | None:
    """Return the name of the decoder that is meant; "" for auto, None if none is given."""
    return SAVED if written == SAVED else DECODERS.get(written)


def _decode_option(names: Iterable[str], of_names: str, default: str) -> Any:
    return option(
        "--decode",
        "decoder",
        metavar="FORMAT",
        type=click.Choice(list(names), case_sensitive=False),
        callback=decoder_name,
        help="Decode messages in this format, as messagepack, and print their values as JSON; "
        "others as auto does: text as text, binary messages of a known format as its values, the "
        f"rest in hex. {of_names}“spacebeam help decoders” explains them. [default: {default} on a "
        "terminal; otherwise text as text, binary in hex]",
    )


decode_of_recording = _decode_option(
    (*DECODERS, SAVED),
    "saved: in the formats and by the schemas of the saved connection to the recorded address. ",
    "auto",
)
decode_of_connection = _decode_option(
    (*DECODERS, SAVED),
    "saved: in the formats that are chosen for the saved connection, those of text and of binary "
    "messages each, or else auto. ",
    "saved",
)


def encoder_name(_context: click.Context, _option: click.Parameter, written: str) -> str | None:
    """Return the name of the format that is meant; None if none is given."""
    return ENCODERS.get(written)


def encode_option(help_words: str) -> Any:
    """Return the option that names the format that JSON is written in."""
    return option(
        "--encode",
        "encoder",
        metavar="FORMAT",
        type=click.Choice(list(ENCODERS), case_sensitive=False),
        callback=encoder_name,
        help=help_words,
    )


hide = option(
    "--hide",
    "hidden",
    metavar="FILTER",
    multiple=True,
    help="Leave out entries that match this filter, as is:ping. Repeatable.",
)
raw = option(
    "--raw",
    "is_raw",
    is_flag=True,
    help="Print the messages alone, unescaped, a line feed after each.",
)


def _form(_context: click.Context, _option: click.Parameter, written: str | None) -> Any:
    return None if written is None else BinaryForm(written)


binary = option(
    "--binary",
    "form",
    type=click.Choice([form.value for form in BinaryForm]),
    callback=_form,
    help="Print binary messages in this format; raw prints the bytes of all messages, as --raw, "
    "with nothing between them. [default: hex]",
)
STYLE = (
    option("--pretty", is_flag=True, help="Indent JSON."),
    option("--time", is_flag=True, help="Print the time before each message."),
)


def line_style(given: Mapping[str, Any], *, is_typed: bool) -> LineStyle | None:
    """Return how messages are printed for a person; None: as they are, for a program."""
    if not (is_terminal() or given["pretty"] or given["time"]):
        return None
    return LineStyle(
        is_safe=is_terminal(),
        has_marks=is_typed,
        has_time=given["time"],
        is_pretty=given["pretty"],
        has_colors=is_styled(),
    )


trace = option(
    "-v",
    "--verbose",
    is_flag=True,
    help="Print the handshake and every frame to standard error: > sent, < received.",
)


def _set_color(context: click.Context, _option: click.Parameter, when: str) -> None:
    context.color = {"always": True, "never": False}.get(when)


_color: Any = option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    expose_value=False,
    is_eager=True,
    callback=_set_color,
    help="Use colours and tables. [default: auto, on a terminal without NO_COLOR]",
)


def output_options(*own: Any) -> Callable[[_Command], _Command]:
    """Return a decorator that adds the group; the command's `own` options come first."""

    def add(command: _Command) -> _Command:
        group: Callable[[_Command], _Command] = option_group("Output", *own, _color)
        return group(command)

    return add
