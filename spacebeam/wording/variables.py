"""Variables that could not be replaced, and saved messages that cannot be sent, as sentences."""

from __future__ import annotations

from collections.abc import Iterable

from spacebeam.decode.visible import one_line
from spacebeam.profiles.prepared import MessageError
from spacebeam.profiles.variables import Unresolved
from spacebeam.wording.i18n import _, ngettext

_MAX_NAMES = 10


def unresolved_words(unresolved: Unresolved, message: str = "") -> str:
    """Return which variables have no value and why, perhaps in a message of this name."""
    sentences = []
    if unresolved.unknown:
        sentences.append(
            ngettext(
                "The variable {names} has no value.",
                "The variables {names} have no value.",
                len(unresolved.unknown),
            ).format(names=_quoted(unresolved.unknown))
        )
    if unresolved.missing_secrets:
        sentences.append(
            ngettext(
                "The secret variable {names} has no value here.",
                "The secret variables {names} have no value here.",
                len(unresolved.missing_secrets),
            ).format(names=_quoted(unresolved.missing_secrets))
        )
    if unresolved.circular:
        sentences.append(
            ngettext(
                "The variable {names} refers to itself.",
                "The variables {names} refer to themselves.",
                len(unresolved.circular),
            ).format(names=_quoted(unresolved.circular))
        )
    words = " ".join(sentences)
    if not message:
        return words
    name = one_line(message)
    return _("In the message “{name}”: {words}").format(name=name, words=words)


def message_words(error: MessageError) -> str:
    """Return why a saved message cannot be sent."""
    name, message = one_line(error.message.name), error.message
    if not error.reason:
        return _("The message “{name}” is not {format}.").format(
            name=name, format=message.format.value
        )
    return _("The message “{name}” cannot be sent as {format}: {reason}.").format(
        name=name, format=one_line(message.encoding), reason=error.reason
    )


def define_words(count: int) -> str:
    """Return what to do about `count` variables without a value, in the window."""
    return ngettext(
        "Define it in an environment, or in the options of a folder.",
        "Define them in an environment, or in the options of a folder.",
        count,
    )


def enter_words() -> str:
    """Return what to do about secrets that are missing in the options, in the window."""
    return _("Enter them in the options, and connect.")


def too_long_words() -> str:
    """Return that a text with its variables replaced is too long."""
    return _("With its variables replaced, the text would be too long.")


def _quoted(names: Iterable[str]) -> str:
    found = list(names)
    shown = ", ".join(f"“{one_line(name)}”" for name in found[:_MAX_NAMES])
    return f"{shown}, …" if len(found) > _MAX_NAMES else shown
