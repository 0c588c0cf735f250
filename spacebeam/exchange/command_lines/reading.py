"""Finds out by its content what a pasted text is, and reads it."""

from __future__ import annotations

import re
from dataclasses import replace

from spacebeam.exchange.command_lines.connection_builder import ConnectionBuilder
from spacebeam.exchange.command_lines.curl import CurlReader
from spacebeam.exchange.command_lines.fetch_call import is_fetch_call, read_fetch_call
from spacebeam.exchange.command_lines.pasted_connection import (
    MAX_SIZE,
    LeftOutKind,
    PastedConnection,
    PasteError,
    PasteProblem,
)
from spacebeam.exchange.command_lines.power_shell import is_power_shell, read_power_shell
from spacebeam.exchange.command_lines.shell_words import (
    ShellWords,
    bash_words,
    cmd_words,
    is_for_cmd,
)
from spacebeam.exchange.command_lines.websocket_programs import (
    read_websocat,
    read_wscat,
    read_wsrepl,
)

_PROGRAMS = ("curl", "websocat", "wscat", "wsrepl")
# A prompt, variables of the environment, and programs that start others.
_PROGRAM = re.compile(
    r"\s*(?:[$%>#]\s+)?(?:\w+=\S*\s+)*(?:(?:sudo|time|exec|command|npx|-y|--yes)\s+)*"
    r"(?:(?:[A-Za-z]:)?[^\s'\":]*[/\\])?(?:curl|websocat|wscat|wsrepl)(?:\.exe|\.cmd)?(?=\s+\S)",
    re.IGNORECASE,
)
# As copies of ours have, above the command.
_COMMENTS = re.compile(
    r"(?:[ \t]*(?:#|//)(?! *(?:[\w./\\-]+ )*(?:curl|websocat|wscat|wsrepl)\b)[^\n]*\n)+"
)
_PROMPT = re.compile(r"\s*[$%>#]\s+")
_POWER_SHELL = re.compile(r"\s*(?:\$\w+\s*=|invoke-|iwr\b|irm\b)", re.IGNORECASE)
_HEADER = re.compile(r":?[!#$%&'*+\-.^_`|~0-9A-Za-z]+:(?:[ \t].*)?")
_SCHEMES = ("http", "https", "ws", "wss")
_START_LINE = re.compile(r"([A-Z]+) (\S+)(?: HTTP/\d(?:\.\d)?)?")


def is_pasted_connection(text: str) -> bool:
    """Whether a text is a command line, a call of `fetch` or a list of headers, and no address."""
    start = (
        _COMMENTS.sub("", text[:MAX_SIZE], count=1) if _COMMENTS.match(text) else text[:MAX_SIZE]
    )
    if (
        _PROGRAM.match(start)
        or is_fetch_call(start)
        or (_POWER_SHELL.match(start) and is_power_shell(start))
    ):
        return True
    lines = [line.strip() for line in start.splitlines() if line.strip()]
    has_start = bool(lines) and _START_LINE.fullmatch(lines[0]) is not None
    headers = lines[1:] if has_start else lines
    is_filled = any(": " in line for line in headers)  # `localhost:` is an address
    return is_filled and all(_HEADER.fullmatch(line) for line in headers)


def read(text: str) -> PastedConnection | None:
    """Return the connection that a text describes; None if it is no command line and no headers.

    Raise PasteError for a command line that cannot be read.
    """
    if not is_pasted_connection(text):
        return None
    text = _cleaned(text)
    builder = ConnectionBuilder()
    if _POWER_SHELL.match(text) and is_power_shell(text):
        read_power_shell(builder, text)
    elif is_fetch_call(text):
        read_fetch_call(builder, text)
    elif _PROGRAM.match(text):
        _read_commands(builder, _words(text))
    else:
        _read_headers(builder, text)
        return builder.finish(needs_address=False)
    return builder.finish()


def read_all(text: str) -> list[PastedConnection]:
    """Return the connections of several commands, those of WebSockets if there are any.

    What is left out without belonging to any of them belongs to the last. Raise PasteError if there
    is none.
    """
    if _POWER_SHELL.match(text) or not _PROGRAM.match(text):
        one = read(text)
        return [] if one is None else [one]
    commands = [command for command in _words(_cleaned(text)).commands if command]
    programs = [command for command in commands if _program(command)[0]]
    wanted = [one for one in programs if _is_websocket(one)] or programs
    others = [command for command in commands if command not in wanted]
    found: list[PastedConnection] = []
    builder = ConnectionBuilder()
    for command in wanted:
        try:
            _read_program(builder, *_program(command))
            found.append(builder.finish())
            builder = ConnectionBuilder()
        except PasteError:
            builder = ConnectionBuilder()
            others.append(command)
    if not found:
        raise PasteError(PasteProblem.NO_ADDRESS)
    for command in others:
        builder.leave_out_command(command)
    rest = builder.finish(needs_address=False).left_out
    return [*found[:-1], replace(found[-1], left_out=found[-1].left_out + rest)]


def _cleaned(text: str) -> str:
    if len(text) > MAX_SIZE:
        raise PasteError(PasteProblem.TOO_LONG)
    text = _COMMENTS.sub("", text, count=1) if _COMMENTS.match(text) else text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")


def _words(text: str) -> ShellWords:
    text = _PROMPT.sub("", text, count=1) if _PROMPT.match(text) else text
    return cmd_words(text) if is_for_cmd(text) else bash_words(text)


def _read_commands(builder: ConnectionBuilder, words: ShellWords) -> None:
    commands = [command for command in words.commands if command]
    found = [index for index, command in enumerate(commands) if _program(command)[0]]
    if not found:
        raise PasteError(PasteProblem.NO_ADDRESS)
    # Of several, as "Copy all as cURL" gives, the first that is a WebSocket.
    chosen = next((index for index in found if _is_websocket(commands[index])), found[0])
    for index, command in enumerate(commands):
        if index != chosen:
            builder.leave_out_command(command)
    for name in words.expansions:
        builder.leave_out(LeftOutKind.EXPANSION, name)
    if words.has_redirect:
        builder.leave_out(LeftOutKind.FILE)
    _read_program(builder, *_program(commands[chosen]))


def _program(command: list[str]) -> tuple[str, list[str]]:
    """Return the first known program of a command, or "", and the words after it."""
    for place, word in enumerate(command[:8]):
        name = re.split(r"[/\\]", word)[-1].lower().removesuffix(".exe").removesuffix(".cmd")
        if name in _PROGRAMS:
            return name, command[place + 1 :]
    return "", []


def _is_websocket(words: list[str]) -> bool:
    return any(
        re.match(r"wss?://|upgrade:\s*websocket", word, re.IGNORECASE) is not None for word in words
    )


def _read_program(builder: ConnectionBuilder, program: str, words: list[str]) -> None:
    match program:
        case "curl":
            CurlReader(builder).read(words)
        case "wscat":
            read_wscat(builder, words)
        case "websocat":
            read_websocat(builder, words)
        case "wsrepl":
            read_wsrepl(builder, words)


def _read_headers(builder: ConnectionBuilder, text: str) -> None:
    """Read header lines, with an address if they have one."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    known = {}  # of HTTP/2's `:authority` and the like, and of their counterparts
    if start := _START_LINE.fullmatch(lines[0]):
        builder.method(start[1])
        known["path"] = start[2]
        del lines[0]
    for line in lines:
        name, _, value = line.removeprefix(":").partition(":")
        known[name.strip().lower()] = value.strip()
        if not line.startswith(":"):
            builder.header_line(line)
    host = known.get("authority") or known.get("host", "")
    path = known.get("path", "/")
    scheme = known.get("scheme") or known.get("origin", "").partition("://")[0]
    if "://" in path:
        builder.address = path
    elif host:
        builder.address = f"{scheme}://{host}{path}" if scheme in _SCHEMES else f"{host}{path}"
