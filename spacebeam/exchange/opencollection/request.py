"""Headers, subprotocols and the other parts of a profile, in and out of a document.

Secrets are not written, unless they are only variables or in the file already as they are. What
OpenCollection has no field for is in the extension, by the names of the profile's fields.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from spacebeam.exchange.opencollection.fields import (
    Document,
    child,
    flag,
    items,
    merged,
    number,
    text,
)
from spacebeam.profiles.profile import (
    DEFAULTS,
    PAIRS,
    Pair,
    Profile,
    is_secret,
    value_at,
    with_values,
)
from spacebeam.profiles.saved_profile import from_json, to_json
from spacebeam.protocol.subprotocol_secrets import masked_subprotocols

_SUBPROTOCOL = "sec-websocket-protocol"
_HEADERS = "request.headers"


# Headers


def read_headers(document: Document) -> tuple[tuple[Pair, ...], tuple[str, ...]]:
    """Return the enabled headers, and the subprotocols, which are a header there."""
    headers: list[Pair] = []
    subprotocols: list[str] = []
    for one in filter(_is_header, items(document, "headers")):
        name, value = text(one["name"]), one.get("value")
        if name.lower() == _SUBPROTOCOL:
            subprotocols += [word.strip() for word in text(value).split(",") if word.strip()]
        else:
            headers.append((name, value if isinstance(value, str) else None))
    return tuple(headers), tuple(subprotocols)


def written_headers(
    present: object, headers: Iterable[Pair], subprotocols: tuple[str, ...] = ()
) -> list[Any]:
    """Return a list with other headers; disabled ones and descriptions stay."""
    before = {"headers": present}
    pairs = [(name, _kept(before, name, value)) for name, value in headers]
    if subprotocols:
        masked = zip(subprotocols, masked_subprotocols(subprotocols), strict=True)
        offered = ", ".join(one if "{{" in one else shown for one, shown in masked)
        known = (text(one.get("name")) for one in filter(_is_header, items(before, "headers")))
        name = next((one for one in known if one.lower() == _SUBPROTOCOL), "Sec-WebSocket-Protocol")
        pairs.append((name, offered))
    return merged(present, ((name, {"value": value}) for name, value in pairs), _is_header)


def _is_header(item: Document) -> bool:
    return bool(text(item.get("name"))) and not flag(item, "disabled")


def _kept(document: Document, name: str, value: str | None) -> str | None:
    """Return a header's value if it may be written."""
    if not is_secret(_HEADERS, name, value):
        return value
    is_there = any(
        text(one.get("name")) == name and one.get("value") == value
        for one in items(document, "headers")
    )
    return value if is_there else None


# The other fields


def rest_of(profile: Profile, written: Iterable[str]) -> Document:
    """Return the fields that are not at the paths `written`, without the defaults."""
    rest = with_values(profile, {path: DEFAULTS[path] for path in written})
    values: Document = to_json(replace(rest, other_sign_ins=()))
    for path in PAIRS:
        group, _, name = path.partition(".")
        if pairs := child(values, group).get(name):
            values[group][name] = [
                {"name": one, "value": value} if value is not None else {"name": one}
                for one, value in pairs
            ]
    return values


def with_rest(profile: Profile, values: Document) -> Profile:
    """Return the profile with the fields of the extension."""
    typed: Document = {}
    for path, default in DEFAULTS.items():
        group, _, name = path.rpartition(".")
        source = child(values, group) if group else values
        if name in source:
            value = _typed(path, default, source[name])
            (typed.setdefault(group, {}) if group else typed)[name] = value
    read = from_json(typed)
    paths = (path for path in DEFAULTS if _has(typed, path))
    return with_values(profile, {path: value_at(read, path) for path in paths})


def _has(values: Document, path: str) -> bool:
    group, _, name = path.rpartition(".")
    return name in (child(values, group) if group else values)


def _typed(path: str, default: Any, value: Any) -> Any:
    """Return a text of the file as the type of its field."""
    if path in PAIRS:
        return [
            [text(one.get("name")), one.get("value")]
            for one in items({"pairs": value}, "pairs")
            if text(one.get("name"))
        ]
    if isinstance(default, bool):
        return {"true": True, "false": False}.get(text(value).lower(), value)
    if isinstance(default, int | float):
        read = number(value)
        is_whole = isinstance(default, int) and read is not None and read.is_integer()
        return int(read) if is_whole and read is not None else read
    return value
