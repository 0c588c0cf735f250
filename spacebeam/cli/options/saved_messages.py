"""The messages of a saved connection that a command sends: on connect, by name, with variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from click import BadParameter, UsageError

from spacebeam.cli.options.named import near
from spacebeam.cli.options.schemas import connection_schemas
from spacebeam.decode.visible import one_line
from spacebeam.library.connections.nodes import folded
from spacebeam.profiles.collection import SavedMessage
from spacebeam.profiles.prepared import MessageError, Preparation
from spacebeam.profiles.variables import TooLongError
from spacebeam.wording.variables import message_words, too_long_words, unresolved_words


def on_connect(given: Mapping[str, Any]) -> Callable[[], tuple[str | bytes, ...]]:
    """Return what makes the messages to send after each connect. Raise UsageError."""
    made: Preparation | None = given["target"].preparation
    if made is None or given["no_on_connect"]:
        return tuple
    messages = [one for one in made.connection.messages if one.on_connect]
    if not messages:
        return tuple
    _check(given, made, messages)
    return made.on_connect


def saved_messages(given: Mapping[str, Any]) -> tuple[str | bytes, ...]:
    """Return the messages of --message as they are sent. Raise UsageError."""
    names: tuple[str, ...] = given["saved_messages"]
    made: Preparation | None = given["target"].preparation
    messages = made.connection.messages if made is not None else ()
    found = [_message(messages, name) for name in names]
    if made is None:
        return ()
    _check(given, made, found)
    return tuple(made.payload(one) for one in found)


def expander(given: Mapping[str, Any]) -> Callable[[str], str] | None:
    """Return what replaces the variables in a typed text, if --expand is given.

    It raises ValueError with a sentence.
    """
    made: Preparation | None = given["target"].preparation
    if not given.get("expand") or made is None:
        return None
    kept = made

    def expand(text: str) -> str:
        resolver = kept.resolver()
        try:
            replaced = resolver.message(text)
        except TooLongError:
            raise ValueError(too_long_words()) from None
        if resolver.unresolved.names:
            raise ValueError(unresolved_words(resolver.unresolved))
        return replaced

    return expand


def _message(messages: tuple[SavedMessage, ...], name: str) -> SavedMessage:
    for same in (str, folded):
        for message in messages:
            if same(message.name) == same(name):
                return message
    similar = near(name, [one.name for one in messages])
    raise BadParameter(
        f"There is no saved message “{one_line(name)}”. {similar}".rstrip(), param_hint="--message"
    )


def _check(given: Mapping[str, Any], made: Preparation, messages: Sequence[SavedMessage]) -> None:
    """Raise UsageError if one of the messages cannot be sent."""
    if made.encode is None and any(one.encoding for one in messages):
        from spacebeam.decode.decoder import Context  # few messages are encoded
        from spacebeam.decode.encoding import encoded

        schemas = connection_schemas(given)
        context = Context("binary", "sent", given["target"].endpoint.url, schemas=schemas)
        made.encode = partial(encoded, context=context)
    for message in messages:
        _check_message(made, message)


def _check_message(made: Preparation, message: SavedMessage) -> None:
    shown = one_line(message.name)
    try:
        unresolved = made.trial(message)
    except MessageError as error:
        raise UsageError(message_words(error)) from None
    except TooLongError:
        raise UsageError(too_long_words()) from None
    if unresolved.names:
        words = unresolved_words(unresolved)
        raise UsageError(f"In the message “{shown}”: {words} Write \\{{{{ for braces of data.")
