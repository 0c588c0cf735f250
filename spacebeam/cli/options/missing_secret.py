"""The error of a saved connection whose secret is neither in the keyring nor given."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from click import UsageError

from spacebeam.cli.options.named import looked_up
from spacebeam.cli.options.target import Target
from spacebeam.decode.visible import one_line
from spacebeam.profiles.profile import PAIRS, SECRETS, Profile, value_at
from spacebeam.profiles.secret_fields import further_field, unknown_secrets
from spacebeam.profiles.validation import Problem, ValidationError, is_of_further
from spacebeam.wording.keyring import field_words

_ADDED = "request.query"  # a parameter of --query replaces none of the connection


def missing_secret(
    error: ValidationError, profile: Profile, given: Mapping[str, Any], options: Sequence[str]
) -> UsageError | None:
    """Return the error that names the secret and how to give it; None for other mistakes.

    `options` are those of the field.
    """
    target: Target = given["target"]
    made = target.preparation
    if error.problem is not Problem.NOT_SAVED or made is None or not made.connection.name:
        return None
    name = _name(error, profile)
    if name is None:
        return None
    field, ways = f"{error.path}/{name}" if name else error.path, []
    if is_of_further(error):
        # Options replace all sign-ins.
        field = further_field(error.path, error.row or 0)
        ways = [f"give all its sign-ins as options, this one with {options[-1]}"]
    elif error.path != _ADDED:
        ways = [f"give it with {options[-1]}"]
    if command := _command(field, target.typed, given):
        ways.append(f"save it with “{command}”")
    advice = (", or " if is_of_further(error) else " or ").join(ways)
    return UsageError(
        f"The {field_words(field)} of “{one_line(target.typed)}” is a secret that was not saved."
        f"{f' {advice[0].upper()}{advice[1:]}.' if advice else ''}"
    )


def _name(error: ValidationError, profile: Profile) -> str | None:
    """Return the name of a pair without a value, "" for another secret; None if it has one."""
    if is_of_further(error):
        return ""
    value = value_at(profile, error.path)
    if error.path in PAIRS:
        name, value = value[error.row or 0]
        return str(name) if value is None else None
    return "" if value is None and error.path in SECRETS else None


def _command(field: str, typed: str, given: Mapping[str, Any]) -> str:
    """Return the command that saves the secret; empty if a folder of the connection has it."""
    found = looked_up(given, typed)
    if found is None or field not in unknown_secrets(
        found.folder.connection(found.node.path).profile
    ):
        return ""
    is_file = Path(typed).expanduser().is_file()
    words = [str(found.folder.root / found.node.path) if is_file else typed, field]
    for folder in given["library"]:
        words += ["--library", folder]
    return one_line(shlex.join(["spacebeam", "secrets", "set", *words]))
