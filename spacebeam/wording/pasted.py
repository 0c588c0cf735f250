"""What a pasted command line could not say, as sentences."""

from __future__ import annotations

from collections.abc import Iterable

from spacebeam.exchange.command_lines.pasted_connection import LeftOut, LeftOutKind, PasteProblem
from spacebeam.wording.i18n import _, ngettext

_MAX_NAMES = 12  # of one kind


def paste_problem_words(problem: PasteProblem) -> tuple[str, str]:
    """Return why a command line cannot be read, and what to do."""
    return {
        PasteProblem.TOO_LONG: (
            _("The pasted command is too long."),
            _("Enter the address and its options by hand."),
        ),
        PasteProblem.OPEN_QUOTE: (
            _("The pasted command is incomplete: a quotation mark is not closed."),
            _("Copy the whole command, and paste it again."),
        ),
        PasteProblem.NO_ADDRESS: (
            _("The pasted command has no address."),
            _("Copy the whole command, or enter the address."),
        ),
        PasteProblem.LISTENS: (
            _("The pasted command starts a server."),
            _("Use “spacebeam serve” for a server."),
        ),
    }[problem]


def left_out_summary(left_out: Iterable[LeftOut]) -> str:
    """Return one line with what was left out, "" for nothing."""
    parts = [_part(kind, len(names)) for kind, names in _by_kind(left_out).items()]
    return _("Left out: {things}.").format(things=", ".join(parts)) if parts else ""


def left_out_words(left_out: Iterable[LeftOut]) -> str:
    """Return what was left out and why, a sentence on each line; names are not escaped."""
    return "\n".join(_sentence(kind, names) for kind, names in _by_kind(left_out).items())


def _by_kind(left_out: Iterable[LeftOut]) -> dict[LeftOutKind, list[str]]:
    found: dict[LeftOutKind, list[str]] = {}
    for one in left_out:
        found.setdefault(one.kind, []).append(one.name)
    return {kind: found[kind] for kind in _ORDER if kind in found}


# What the person may have to see to comes first.
_ORDER = (
    LeftOutKind.EXPANSION,
    LeftOutKind.EXPRESSION,
    LeftOutKind.UNKNOWN_HEADER,
    LeftOutKind.FILE,
    LeftOutKind.METHOD,
    LeftOutKind.HEADER,
    LeftOutKind.COMMAND,
    LeftOutKind.FRAGMENT,
    LeftOutKind.MESSAGE,
    LeftOutKind.OPTION,
    LeftOutKind.BROWSER_HEADER,
    LeftOutKind.OWN_HEADER,
)


def _part(kind: LeftOutKind, count: int) -> str:
    words = {
        LeftOutKind.EXPANSION: ngettext(
            "{count} variable of the shell", "{count} variables of the shell", count
        ),
        LeftOutKind.EXPRESSION: ngettext(
            "{count} computed value", "{count} computed values", count
        ),
        LeftOutKind.UNKNOWN_HEADER: ngettext(
            "{count} header that was not copied", "{count} headers that were not copied", count
        ),
        LeftOutKind.FILE: ngettext("{count} file", "{count} files", count),
        LeftOutKind.METHOD: _("the request method"),
        LeftOutKind.HEADER: ngettext("{count} header", "{count} headers", count),
        LeftOutKind.COMMAND: ngettext("{count} other command", "{count} other commands", count),
        LeftOutKind.FRAGMENT: _("the fragment of the address"),
        LeftOutKind.MESSAGE: ngettext("{count} message", "{count} messages", count),
        LeftOutKind.OPTION: ngettext("{count} option", "{count} options", count),
        LeftOutKind.BROWSER_HEADER: ngettext(
            "{count} header of browsers", "{count} headers of browsers", count
        ),
        LeftOutKind.OWN_HEADER: ngettext(
            "{count} header of the handshake", "{count} headers of the handshake", count
        ),
    }
    return words[kind].format(count=count)


def _sentence(kind: LeftOutKind, names: list[str]) -> str:
    sentences = {
        LeftOutKind.EXPANSION: _("Left as text, because only the shell knows it: {names}."),
        LeftOutKind.EXPRESSION: _("Values that only the program knows: {names}."),
        LeftOutKind.UNKNOWN_HEADER: _(
            "Headers that the browser may send, and that “Copy as fetch” does not have: {names}."
        ),
        LeftOutKind.FILE: _("Files are not read: {names}."),
        LeftOutKind.METHOD: _("A handshake is always a GET request, not {names}."),
        LeftOutKind.HEADER: _("Headers that cannot be sent with the others: {names}."),
        LeftOutKind.COMMAND: _("Only one command is read, not: {names}."),
        LeftOutKind.FRAGMENT: _("A WebSocket address has no fragment (“#…”)."),
        LeftOutKind.MESSAGE: _("Messages are not sent; type them after connecting."),
        LeftOutKind.OPTION: _("Options without a counterpart: {names}."),
        LeftOutKind.BROWSER_HEADER: _("Headers that only browsers send: {names}."),
        LeftOutKind.OWN_HEADER: _("Headers that the handshake makes itself: {names}."),
    }
    shown = ", ".join(name or "…" for name in names[:_MAX_NAMES])
    if len(names) > _MAX_NAMES:
        shown += ", …"
    return sentences[kind].format(names=shown)
