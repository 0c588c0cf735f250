"""What a person can type: messages, and commands that begin with a slash, as wscat's --slash has.

Two slashes send one, so that any text can be sent. Pure: a text in, an action out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from spacebeam.cli.forms import BinaryForm, FormError, InputForm
from spacebeam.cli.options.connection import may_be_sent
from spacebeam.cli.options.values import CloseOptions
from spacebeam.decode.speaking.speaker import Verb
from spacebeam.exchange import json_lines
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.frames import MAX_CONTROL_PAYLOAD, Opcode
from spacebeam.protocol.raw_frame import RawFrame
from spacebeam.session.outgoing import Ping

_SLASH = "/"
_MAX_CODE = 65_535  # a close code has 16 bits
_MAX_REASON = MAX_CONTROL_PAYLOAD - 2  # bytes; RFC 6455, section 5.5.1


class CommandError(ValueError):
    """A typed text is no message and no command; nothing is sent."""


class SaveError(CommandError):
    """The newest message cannot be saved."""


@dataclass(frozen=True, slots=True)
class FileToSend:
    """A file whose contents are one message."""

    path: Path
    is_binary: bool = False  # also if it is text


@dataclass(frozen=True, slots=True)
class MessageToSave:
    """The newest message that was typed and sent is to be saved under this name."""

    name: str


@dataclass(frozen=True, slots=True)
class ShowHelp:
    """Print what can be typed."""


Message = str | bytes


@dataclass(frozen=True, slots=True)
class TypedCall:
    """A call of the spoken protocol: what follows the verb."""

    verb: Verb
    rest: str


Control = Ping | RawFrame | CloseOptions
Action = Message | Control | FileToSend | MessageToSave | ShowHelp | TypedCall


@dataclass(frozen=True, slots=True)
class Command:
    """A command: what follows its name, and what it does."""

    name: str
    arguments: str
    words: str


COMMANDS = (
    Command("/ping", "[TEXT]", "send a ping, and print how long its pong takes"),
    Command("/pong", "[TEXT]", "send a pong that nobody asked for"),
    Command(
        "/close", "[CODE [REASON]]", "close the connection; without CODE as --close says, or 1000"
    ),
    Command("/binary", "HEX", "send bytes, in hexadecimal or the format of --binary"),
    Command("/binary", "@FILE", "send a file as a binary message"),
    Command("/text", "TEXT", "send a text, whatever it begins with; without TEXT an empty one"),
    Command("/send", "FILE", "send a file as a message: as text if it is UTF-8"),
    Command("/emit", "NAME [ARG…]", "send an event of the protocol that --protocol says"),
    Command("/call", "NAME [ARG…]", "the same with an answer"),
    Command("/subscribe", "NAME [ARG…]", "subscribe, where the protocol can"),
    Command("/publish", "NAME [BODY]", "publish, where the protocol can"),
    Command("/save", "NAME", "save the newest typed message in the saved connection"),
    Command("/help", "", "print this"),
)
_USAGE_WIDTH = max(len(f"{one.name} {one.arguments}") for one in COMMANDS) + 2
_LINES = (
    *(f"{f'{one.name} {one.arguments}':{_USAGE_WIDTH}}{one.words}" for one in COMMANDS),
    f"{'//…':{_USAGE_WIDTH}}send a text that begins with one slash",
)
COMMAND_HELP = "\n".join(_LINES)
KEY_HELP = "\n".join(
    f"{keys:{_USAGE_WIDTH}}{words}"
    for keys, words in (
        ("Enter", "send the message"),
        ("Alt+Enter", "begin a new line in it; pasted lines stay together"),
        ("Up, Down", "earlier messages to this address"),
        ("Ctrl+R", "search them"),
        ("Tab", "complete commands and files"),
        ("Ctrl+D, Ctrl+C", "disconnect"),
    )
)


@dataclass(frozen=True, slots=True)
class TypedForm:
    """How typed text is read, as the options of the command line say."""

    form: BinaryForm | None = None  # of messages without a command; None: text
    input_form: InputForm = InputForm.LINES
    close: CloseOptions = CloseOptions()  # noqa: RUF009  it is immutable; of --close

    def action(self, text: str) -> Action | None:
        """Return what to do for a typed text; None for nothing.

        Raises CommandError, FormError with the place of the mistake, or ValueError, with a
        sentence each.
        """
        if not text.startswith(_SLASH):
            return self._message(text)
        if text.startswith(2 * _SLASH):
            return text[1:]
        name, _, rest = text.partition(" ")
        read = self._readers.get(name)
        if read is None:
            shown = name.partition("\n")[0]
            raise CommandError(f"“{shown}” is not a command. /help lists them, //… sends a slash.")
        return read(rest)

    @property
    def _readers(self) -> dict[str, Callable[[str], Action]]:
        """What reads the rest of each command."""
        return {
            "/ping": lambda rest: Ping(_control_payload(rest)),
            "/pong": lambda rest: RawFrame(_control_payload(rest), Opcode.PONG).masked_at_random(),
            "/close": lambda rest: self._close(rest.strip()),
            "/binary": self._binary,
            "/text": str,
            "/send": lambda rest: FileToSend(_path("/send", rest)),
            "/save": lambda rest: MessageToSave(_saved_name(rest)),
            "/help": lambda _rest: ShowHelp(),
            **{f"/{verb}": partial(TypedCall, verb) for verb in Verb},
        }

    def typed(self, message: Message) -> str:
        """Return a text for which `action` returns the message."""
        if isinstance(message, str):
            if message and self.form is None and self.input_form is InputForm.LINES:
                return _SLASH + message if message.startswith(_SLASH) else message
            return f"/text {message}"
        return f"/binary {self._binary_form.write(message).decode()}"

    @property
    def is_raw(self) -> bool:
        """Whether the bytes of standard input are sent as they come."""
        return self.form is BinaryForm.RAW and self.input_form is InputForm.LINES

    @property
    def _binary_form(self) -> BinaryForm:
        return BinaryForm.HEX if self.form is None or self.form is BinaryForm.RAW else self.form

    def _message(self, text: str) -> Message | None:
        if self.input_form is InputForm.JSON:
            return json_lines.message(text.encode())
        if not text:
            return None
        return text if self.form is None else self.form.read(text.encode())

    def _binary(self, rest: str) -> Action:
        if rest.startswith("@"):
            return FileToSend(_path("/binary @", rest[1:]), is_binary=True)
        try:
            return self._binary_form.read(rest.encode())
        except FormError as error:
            raise FormError(str(error), error.place + len("/binary ")) from None

    def _close(self, rest: str) -> Action:
        if not rest:
            return self.close
        code, _, reason = rest.partition(" ")
        if not (code.isascii() and code.isdigit() and int(code[:6]) <= _MAX_CODE):
            raise CommandError(f"“{code}” is not a close code. Write /close 1000 bye.")
        size = len(reason.encode())
        if size > _MAX_REASON:
            raise CommandError(f"The reason has {size} bytes; a close frame holds {_MAX_REASON}.")
        close = CloseOptions(int(code), reason, even_illegal=self.close.even_illegal)
        if not (self.close.even_illegal or may_be_sent(close)):
            with_reason = " with a reason" if close.code == CloseCode.NO_STATUS else ""
            raise CommandError(
                f"RFC 6455 forbids {close.code}{with_reason} in a close frame; connect with "
                "--expert to send it."
            )
        return close


def mistake_words(error: ValueError) -> str:
    """Return that an action was not done, and why."""
    return f"{'Not saved' if isinstance(error, SaveError) else 'Not sent'}: {error}"


def _control_payload(text: str) -> bytes:
    payload = text.encode()
    if len(payload) > MAX_CONTROL_PAYLOAD:
        raise CommandError(
            f"The text has {len(payload)} bytes; a ping or pong holds {MAX_CONTROL_PAYLOAD}."
        )
    return payload


def _saved_name(rest: str) -> str:
    if not rest.strip():
        raise SaveError("Write a name after “/save”.")
    return rest.strip()


def _path(command: str, name: str) -> Path:
    name = name.strip()
    if not name:
        raise CommandError(f"Write the name of a file after “{command}”.")
    try:
        return Path(name).expanduser()
    except RuntimeError:
        raise CommandError(f"There is no home folder for “{name}”.") from None
