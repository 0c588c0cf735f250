"""Fields of an OpenCollection document: read leniently, and changed without losing what is beside.

A document is a mapping as `yaml_reading.parse` returns it. What a file has and Spacebeam does not
know stays in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from spacebeam.exchange.opencollection.yaml_reading import Value

Document = dict[str, Any]  # values as read, or to be written

EXTENSION = "spacebeam"  # the key under `extensions`


def text(value: object) -> str:
    """Return a text; a description may be `{content, type}`."""
    if isinstance(value, dict):
        value = value.get("content")
    return value if isinstance(value, str) else ""


def child(document: object, *keys: str) -> Document:
    """Return the mapping under the keys, an empty one if there is none."""
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def items(document: Document, key: str) -> list[Document]:
    """Return the mappings in a list."""
    value = document.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def texts(value: object) -> tuple[str, ...]:
    """Return the texts in a list."""
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def flag(document: Document, key: str) -> bool:
    """Whether a field is true."""
    value = document.get(key)
    return value is True or (isinstance(value, str) and value.lower() == "true")


def number(value: object) -> float | None:
    """Return a finite number, or None."""
    try:
        read = float(value) if isinstance(value, str | int | float) else None
    except ValueError:
        return None
    return read if read is not None and abs(read) < 1e15 else None


def extension(document: Document) -> Document:
    """Return what Spacebeam has added to a document."""
    return child(document, "extensions", EXTENSION)


def put(document: Document, key: str, value: Value | Any, order: Sequence[str] = ()) -> None:
    """Set a field, or remove it if the value is empty; a new one comes in its order."""
    if value is None or value in ("", [], {}):
        document.pop(key, None)
        return
    if key in document or key not in order:
        document[key] = value
        return
    later = set(order[order.index(key) + 1 :])
    following = [one for one in document if one in later]
    if not following:
        document[key] = value
        return
    rest = list(document.items())
    place = next(index for index, (name, _value) in enumerate(rest) if name == following[0])
    document.clear()
    document.update([*rest[:place], (key, value), *rest[place:]])


def put_extension(document: Document, values: Document) -> None:
    """Set or remove Spacebeam's own fields; those of other versions stay."""
    extensions = dict(child(document, "extensions"))
    own = dict(child(extensions, EXTENSION))
    for key, value in values.items():
        put(own, key, value)
    put(extensions, EXTENSION, own)
    put(document, "extensions", extensions)


def merged(
    present: object,
    wanted: Iterable[tuple[str, Document]],
    is_known: Callable[[Document], bool] = lambda _item: True,
) -> list[Any]:
    """Return a list with the wanted items, in their order.

    A wanted item is a name and the fields to set in the present item of that name, None to remove
    one. A present item that is not known stays after the one it stood after.
    """
    before: Document = {}
    followers: dict[int, list[Any]] = {}
    unused: list[Document] = []
    for one in present if isinstance(present, list) else []:
        if isinstance(one, dict) and is_known(one):
            before = one
            unused.append(one)
        else:
            followers.setdefault(id(before) if before else 0, []).append(one)
    result = followers.pop(0, [])
    for name, changes in wanted:
        found = next((one for one in unused if text(one.get("name")) == name), None)
        item = dict(found or {"name": name})
        if found is not None:
            unused.remove(found)
        for key, value in changes.items():
            if value is None:
                item.pop(key, None)
            else:
                item[key] = value
        result += [item, *followers.pop(id(found), [])]
    return [*result, *(one for group in followers.values() for one in group)]
