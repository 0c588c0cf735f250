"""Saves a message that a person sent among the messages of its saved connection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import click

from spacebeam.cli.interactive.commands import Message, SaveError
from spacebeam.cli.options.named import file_words, looked_up
from spacebeam.cli.options.target import Target
from spacebeam.decode.json import JsonDecoder
from spacebeam.decode.registry import REGISTRY
from spacebeam.exchange.opencollection.yaml_reading import YamlError
from spacebeam.profiles.collection import MessageFormat, SavedConnection, SavedMessage
from spacebeam.protocol.batch import Kind
from spacebeam.search.decoding import context_of

_NOT_SAVED = (
    "This is not a saved connection. Save it with --save-as NAME, and connect with “spacebeam "
    "connect NAME”."
)


def message_saver(given: Mapping[str, Any]) -> Callable[[str, Message], None]:
    """Return what saves a message under a name; it works in any thread. It raises SaveError.

    A message that has the name is replaced; it is sent on connect if that one was.
    """

    def save(name: str, message: Message) -> None:
        target: Target = given["target"]
        typed = target.typed
        try:
            is_named = bool(typed) and target.preparation is not None
            found = looked_up(given, typed) if is_named else None
            if found is None:
                raise SaveError(_NOT_SAVED)
            connection = found.folder.connection(found.node.path)
            made = _saved_message(name, message, has_variables=given["expand"])
            found.folder.save(found.node.path, _with_message(connection, made))
        except click.UsageError as error:
            raise SaveError(error.message) from None
        except (OSError, YamlError) as error:
            raise SaveError(file_words(typed, error)) from None

    return save


def _saved_message(name: str, message: Message, *, has_variables: bool) -> SavedMessage:
    if isinstance(message, bytes):
        return SavedMessage(name, message.hex(" "), MessageFormat.HEX)
    is_json = REGISTRY.best(message.encode(), context_of(Kind.TEXT)).name == JsonDecoder.name
    text = message if has_variables else message.replace("{{", r"\{{")  # braces of data
    return SavedMessage(name, text, MessageFormat.JSON if is_json else MessageFormat.TEXT)


def _with_message(connection: SavedConnection, message: SavedMessage) -> SavedConnection:
    messages = list(connection.messages)
    for place, one in enumerate(messages):
        if one.name == message.name:
            messages[place] = replace(message, on_connect=one.on_connect, folder=one.folder)
            break
    else:
        messages.append(message)
    return replace(connection, messages=tuple(messages))
