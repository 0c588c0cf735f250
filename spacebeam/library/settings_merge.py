"""Merges this program's changes into a settings file that others change too.

Another Spacebeam, a newer version or the person may have written the file since it was read. So
only what changed here is written, and everything else in the file stays.
"""

from __future__ import annotations

from typing import Any

from spacebeam.library.filters import MAX_USED
from spacebeam.profiles.saved_profile import from_json, renamed, to_json
from spacebeam.protocol.secrets import saved_address

MAX_RECENT = 12  # addresses

_Values = dict[str, Any]
_ABSENT: Any = object()
_FORMER_NAMES = {"options": "profiles", "keeping": "retention"}


def normalised(values: _Values) -> _Values:
    """Return a file's values with today's names, and without secrets in its addresses."""
    values = dict(values)
    for former, name in _FORMER_NAMES.items():
        if former in values:
            values.setdefault(name, values.pop(former))
    if isinstance(values.get("recent"), list):
        masked = [saved_address(one) if isinstance(one, str) else one for one in values["recent"]]
        values["recent"] = [one for place, one in enumerate(masked) if one not in masked[:place]]
    if isinstance(values.get("profiles"), dict):
        profiles: _Values = {}
        for address, profile in values["profiles"].items():
            is_former = isinstance(profile, dict) and renamed(profile)
            profiles.setdefault(
                saved_address(address), to_json(from_json(profile)) if is_former else profile
            )
        values["profiles"] = profiles
    return values


def merge(base: _Values, mine: _Values, theirs: _Values) -> _Values:
    """Return `theirs`, the file's normalised values, with the changes from `base` to `mine`."""
    merged = _merge(_simple(base), _simple(mine), theirs)
    gone: set[str] = set(base["recent"]) - set(mine["recent"])
    if mine["recent"] != base["recent"]:
        merged["recent"], cut = _recent(
            base["recent"], mine["recent"], theirs.get("recent"), MAX_RECENT
        )
        gone |= cut
    if gone or mine["profiles"] != base["profiles"]:
        before = theirs.get("profiles")
        profiles = _merge(base["profiles"], mine["profiles"], _dict(before))
        merged["profiles"] = {one: value for one, value in profiles.items() if one not in gone}
    was, used = (_dict(one.get("filters")).get("used", []) for one in (base, mine))
    if used != was:
        others = _dict(theirs.get("filters")).get("used")
        merged["filters"]["used"], _cut = _recent(was, used, others, MAX_USED)
    return merged


def _simple(values: _Values) -> _Values:
    return {one: value for one, value in values.items() if one not in ("recent", "profiles")}


def _merge(base: _Values, mine: _Values, theirs: _Values) -> _Values:
    merged = dict(theirs)
    for name in {**base, **mine}:
        before, now = base.get(name, _ABSENT), mine.get(name, _ABSENT)
        if now == before:
            continue
        if isinstance(now, dict) and isinstance(there := theirs.get(name), dict):
            merged[name] = _merge(_dict(before), now, there)
        elif now is not _ABSENT:
            merged[name] = now
        elif rest := _merge(_dict(before), {}, _dict(theirs.get(name))):
            merged[name] = rest  # a newer version's
        else:
            merged.pop(name, None)
    return merged


def _recent(
    base: list[str], mine: list[str], theirs: object, limit: int
) -> tuple[list[Any], set[str]]:
    """Return what was used recently in both, and what is too many."""
    count = 0
    while mine[count:] != [one for one in base if one in mine[count:]]:
        count += 1
    used, removed = mine[:count], [one for one in base if one not in mine]  # since `base`
    others = theirs if isinstance(theirs, list) else []
    merged = used + [one for one in others if one not in used and one not in removed]
    addresses = [one for one in merged if isinstance(one, str)]
    # A newer version may save more of them.
    limit = max(limit, sum(isinstance(one, str) for one in others))
    cut = set(addresses[limit:])
    return [one for one in merged if not isinstance(one, str) or one not in cut], cut


def _dict(value: object) -> _Values:
    return value if isinstance(value, dict) else {}
