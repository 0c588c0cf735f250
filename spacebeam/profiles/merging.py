"""Merges what is changed here and what another program has changed in the same file meanwhile."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from spacebeam.profiles.profile import (
    AwsSettings,
    OAuthSettings,
    ProxySettings,
    SignIn,
    TlsSettings,
)

# The fields of each belong together.
_WHOLE = (SignIn, AwsSettings, OAuthSettings, ProxySettings, TlsSettings)

T = TypeVar("T")


class _Conflict(Exception):
    """Both changed the same in different ways."""


def merged(was: T, mine: T, theirs: T) -> T | None:
    """Return `theirs` with the changes from `was` to `mine`; None for a conflict.

    All are of one dataclass. Headers, variables and the like are merged by their names.
    """
    try:
        return cast(T, _merged(was, mine, theirs))
    except _Conflict:
        return None


def _merged(was: Any, mine: Any, theirs: Any) -> Any:
    if mine in (was, theirs):
        return theirs
    if theirs == was:
        return mine
    if None in (was, mine, theirs):  # removed on one side, or added on both
        raise _Conflict
    if is_dataclass(theirs) and not isinstance(theirs, (type, *_WHOLE)):
        names = [one.name for one in fields(theirs)]
        values = (_merged(*(getattr(one, name) for one in (was, mine, theirs))) for name in names)
        return replace(theirs, **dict(zip(names, values, strict=True)))
    if isinstance(theirs, tuple):
        return _merged_by_name(was, mine, theirs)
    raise _Conflict


def _merged_by_name(was: Any, mine: Any, theirs: Any) -> tuple[Any, ...]:
    """Merge named parts: theirs in their order, then those that are new in `mine`."""
    parts = [_by_name(one) for one in (was, mine, theirs)]
    names = dict.fromkeys((*parts[2], *parts[1]))
    found = {name: _merged(*(one.get(name) for one in parts)) for name in names}
    return tuple(one for one in found.values() if one is not None)


def _by_name(parts: tuple[Any, ...]) -> dict[Hashable, Any]:
    """Return the parts by name. Raise _Conflict for a missing or duplicate name."""
    found: dict[Hashable, Any] = {}
    for part in parts:
        is_pair = isinstance(part, tuple) and bool(part)
        name = part[0] if is_pair else getattr(part, "name", None)
        if name is None or name in found:
            raise _Conflict
        found[name] = part
    return found
