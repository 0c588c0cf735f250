"""What kind of message a payload is, and what it is about: so that like is compared with like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacebeam.decode.conversation import Reading
from spacebeam.decode.decoder import Value

# Members of a message that name its type, in JSON protocols.
TYPE_NAMES = (
    *("type", "event", "op", "method", "action", "kind", "channel", "topic", "msg", "cmd"),
    *("e", "stream"),
)
# Members that name what a message is about, in lower case; others end with “id”.
_SUBJECTS = frozenset(
    (
        *("id", "_id", "key", "uuid", "symbol", "s", "stream", "pair", "market", "ticker"),
        *("instrument", "product", "subscription", "channel", "topic", "room", "device", "sensor"),
    )
)
_ENDINGS = ("_id", "Id", "ID")
_MAX_DEPTH = 3
_MAX_MEMBERS = 200  # of a message that are looked at for what it is about
_MAX_TEXT = 100  # characters of a name
_MAX_MESSAGES = 8  # of a payload
_MAX_ID = 2**128
_LIST_HEAD = 3  # elements of a list that can be names

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MessageKind:
    """What a message is, whatever its values are."""

    direction: str  # as in `Context`
    names: tuple[Names, ...]  # of the protocol's messages, else of the value
    asked: Names = ()  # names of the questions that it answers


def kind_of(reading: Reading, direction: str) -> MessageKind:
    """Return the kind of a payload that was read."""
    names = [
        (one.type, one.name, *type_names(one.value)) for one in reading.messages[:_MAX_MESSAGES]
    ]
    names = names or [(reading.decoder, *(type_names(reading.value) or _keys(reading.value)))]
    asked = tuple(one.question.name for one in reading.answers[:_MAX_MESSAGES])
    return MessageKind(direction, tuple(names), asked)


def type_names(value: Value) -> Names:
    """Return the texts in a value that name its type; of a list those at its beginning."""
    if isinstance(value, dict):
        found = ((name, value.get(name)) for name in TYPE_NAMES)
        return tuple(f"{name}={text[:_MAX_TEXT]}" for name, text in found if isinstance(text, str))
    if isinstance(value, list):
        head = value[:_LIST_HEAD]
        inside = next((one for one in head if isinstance(one, dict)), None)
        names = tuple(one[:_MAX_TEXT] for one in head if isinstance(one, str))
        return (*names, *type_names(inside)) if inside is not None else names
    return ()


def _keys(value: Value) -> Names:
    return tuple(sorted(value)) if isinstance(value, dict) else (type(value).__name__,)


def subject_of(value: Value) -> frozenset[tuple[str, str]]:
    """Return what a message is about: the names and values of the ids in it."""
    return frozenset(_ids(value))


def _ids(value: Value) -> Iterator[tuple[str, str]]:
    pending, left = [(value, 0)], _MAX_MEMBERS
    while pending and left > 0:
        inside, depth = pending.pop(0)
        members: Iterator[tuple[str, Value]] = iter(())
        if isinstance(inside, dict):
            members = iter(inside.items())
        elif isinstance(inside, list):
            members = iter([("", one) for one in inside[:_LIST_HEAD]])
        for name, member in members:
            left -= 1
            if left < 0:
                return
            if isinstance(member, dict | list):
                if depth < _MAX_DEPTH:
                    pending.append((member, depth + 1))
            elif _is_subject(name) and isinstance(member, str):
                yield name, member[:_MAX_TEXT]
            elif _is_subject(name) and isinstance(member, int) and abs(member) < _MAX_ID:
                yield name, str(member)


def _is_subject(name: str) -> bool:
    return not name or name.lower() in _SUBJECTS or name.endswith(_ENDINGS)
