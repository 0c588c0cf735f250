"""What a person chose for the chat of an address."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

MAX_PATH = 200  # characters
MAX_CHOICES = 50  # addresses


@dataclass(frozen=True, slots=True)
class ChatChoice:
    """How the conversation with an address is shown; None is as it is by default."""

    is_shown: bool | None = None  # as a chat, in place of the timeline
    notifies: bool | None = None
    name_path: str = ""  # JMESPath of the sender's name in a JSON message
    text_path: str = ""


def to_json(choice: ChatChoice) -> dict[str, Any]:
    """Return a choice without its defaults."""
    return {name: value for name, value in asdict(choice).items() if value not in (None, "")}


def choices_from_json(values: object) -> dict[str, ChatChoice]:
    """Return the choices by their addresses; what has the wrong type is left out."""
    if not isinstance(values, dict):
        return {}
    known = ((one, value) for one, value in values.items() if isinstance(value, dict))
    return {address: _from_json(value) for address, value in list(known)[:MAX_CHOICES]}


def _from_json(values: dict[str, Any]) -> ChatChoice:
    taken: dict[str, Any] = {}
    for field in fields(ChatChoice):
        value = values.get(field.name)
        is_path = isinstance(value, str) and len(value) <= MAX_PATH
        if is_path if field.default == "" else isinstance(value, bool):
            taken[field.name] = value
    return ChatChoice(**taken)
