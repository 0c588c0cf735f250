"""The secrets of a profile by their fields, for the keyring.

A field is a path, such as "sign_in.token"; a header, parameter or cookie adds its name:
"request.headers/Authorization", and if the name occurs again "request.headers[2]/Authorization".
That of a second sign-in is "sign_in.token[2]".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from spacebeam.profiles.profile import (
    PAIRS,
    SECRETS,
    Pair,
    Profile,
    Secret,
    SignIn,
    is_secret,
    value_at,
    with_values,
)
from spacebeam.profiles.written_secrets import MASKED, is_only_variables
from spacebeam.protocol.secrets import MASK

_OF_SIGN_IN = ("password", "token", "key_value")


def further_field(path: str, place: int) -> str:
    """Return the field of a further sign-in, whose place is counted from 0."""
    return f"{path}[{place + 2}]"


def is_further_field(field: str) -> bool:
    """Return whether a field is a secret of a further sign-in."""
    path, _bracket, rest = field.partition("[")
    number = rest.removesuffix("]")
    return (
        path in [f"sign_in.{name}" for name in _OF_SIGN_IN]
        and number.isdecimal()
        and field == f"{path}[{number}]"
        and int(number) > 1
    )


def secrets_of(profile: Profile) -> dict[str, str]:
    """Return the known secrets, none of which is written to a file."""
    found = {path: value for path in sorted(SECRETS) if (value := value_at(profile, path))}
    found |= {field: value for field, value in _further(profile) if value}
    found = {path: value for path, value in found.items() if not is_only_variables(value)}
    for path in sorted(PAIRS):
        for field, (name, value) in _fields(path, value_at(profile, path)):
            if value and is_secret(path, name, value):
                found[field] = value
    for path, mask in MASKED.items():
        value = value_at(profile, path)
        if mask(value) != value and MASK not in _text(value):
            found[path] = _text(value)
    return found


def unknown_secrets(profile: Profile) -> frozenset[str]:
    """Return the fields whose secrets were not saved with the profile."""
    pairs = (field for path in PAIRS for field in _unknown_pairs(path, profile))
    found = {path for path in SECRETS if value_at(profile, path) is None}
    found.update(field for field, value in _further(profile) if value is None)
    found.update(path for path in MASKED if MASK in _text(value_at(profile, path)))
    return frozenset((*found, *pairs))


def with_known(profile: Profile, found: Mapping[str, str]) -> Profile:
    """Return the profile with these values in place of the secrets that are unknown."""
    values: dict[str, Any] = {
        path: found[path] for path in SECRETS & found.keys() if value_at(profile, path) is None
    }
    for path in PAIRS:
        values[path] = tuple(
            (name, found.get(field) if value is None else value)
            for field, (name, value) in _fields(path, value_at(profile, path))
        )
    for path in MASKED.keys() & found.keys():
        masked = value_at(profile, path)
        value = found[path] if isinstance(masked, str) else _names(found[path])
        if value and MASKED[path](value) == masked:
            values[path] = value
    others = _with_further(
        profile, lambda field, value: found.get(field) if value is None else value
    )
    return replace(with_values(profile, values), other_sign_ins=others)


def without_known(profile: Profile, found: Mapping[str, str]) -> Profile:
    """Return the profile without the secrets that have these values: the contrary of `with_known`.

    They are unknown again, so that they stay in the keyring alone.
    """
    known = {one for one in secrets_of(profile).items() if found.get(one[0]) == one[1]}
    names = {name for name, _value in known}
    values: dict[str, Any] = dict.fromkeys(SECRETS & names)
    for path in PAIRS:
        values[path] = tuple(
            (name, None if field in names else value)
            for field, (name, value) in _fields(path, value_at(profile, path))
        )
    for path in MASKED.keys() & names:
        values[path] = MASKED[path](value_at(profile, path))
    others = _with_further(profile, lambda field, value: None if field in names else value)
    return replace(with_values(profile, values), other_sign_ins=others)


def _text(value: str | tuple[str, ...]) -> str:
    """Return a field of MASKED as one text."""
    return value if isinstance(value, str) else ", ".join(value)


def _names(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(",") if one.strip())


def _further(profile: Profile) -> Iterator[tuple[str, Secret]]:
    for place, one in enumerate(profile.other_sign_ins):
        for name in _OF_SIGN_IN:
            yield further_field(f"sign_in.{name}", place), getattr(one, name)


def _with_further(profile: Profile, changed: Callable[[str, Secret], Secret]) -> tuple[SignIn, ...]:
    """Return the further sign-ins with what `changed` returns for each field and its value."""
    return tuple(
        replace(
            one,
            password=changed(further_field("sign_in.password", place), one.password),
            token=changed(further_field("sign_in.token", place), one.token),
            key_value=changed(further_field("sign_in.key_value", place), one.key_value),
        )
        for place, one in enumerate(profile.other_sign_ins)
    )


def _unknown_pairs(path: str, profile: Profile) -> Iterator[str]:
    for field, (_name, value) in _fields(path, value_at(profile, path)):
        if value is None:
            yield field


def _fields(path: str, pairs: tuple[Pair, ...]) -> Iterator[tuple[str, Pair]]:
    seen: Counter[str] = Counter()
    for pair in pairs:
        seen[pair[0]] += 1
        number = seen[pair[0]]
        yield f"{path}/{pair[0]}" if number == 1 else f"{path}[{number}]/{pair[0]}", pair
