"""Compares a message with a JSON Schema, or with a snapshot that a person approved."""

from __future__ import annotations

import json
import re
from difflib import unified_diff
from functools import lru_cache
from pathlib import Path
from typing import Any

from spacebeam.decode.decoder import DecodeError
from spacebeam.decode.paths import LEFT_OUT, without
from spacebeam.protocol.batch import Kind
from spacebeam.scenario.inbox import Received
from spacebeam.scenario.misses import miss
from spacebeam.scenario.scenario import CheckSnapshot
from spacebeam.scenario.verdict import Fault, FaultKind, ProposedSnapshot

MAX_LINES = 200  # of a difference
_MAX_VIOLATIONS = 20
_MAX_SCHEMA = 16 * 1024 * 1024  # bytes
_UNSAFE = re.compile(r"[^\w.-]+")


class CheckError(Exception):
    """A message is not as it should be, or could not be checked."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.kind.value)
        self.fault = fault


def check_schema(received: Received, path: Path) -> None:
    """Check a message against a JSON Schema (draft 2020-12). Raises CheckError."""
    validator = _validator(path)
    try:
        value = received.value()
    except DecodeError:
        raise CheckError(Fault(FaultKind.NO_VALUE, ("@",), (miss(received),))) from None
    found = sorted(validator.iter_errors(value), key=lambda one: list(map(str, one.path)))
    if found:
        lines = tuple(f"{one.json_path}: {one.message}" for one in found[:_MAX_VIOLATIONS])
        fault = Fault(FaultKind.AGAINST_SCHEMA, (path.name,), (miss(received),), difference=lines)
        raise CheckError(fault)


@lru_cache(maxsize=100)
def _validator(path: Path) -> Any:
    try:
        import jsonschema  # an extra: spacebeam[schema]
    except ImportError:
        raise CheckError(Fault(FaultKind.NO_LIBRARY, ("jsonschema",))) from None
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_SCHEMA + 1)
        schema = json.loads(data)
        kind = jsonschema.validators.validator_for(schema, jsonschema.Draft202012Validator)
        kind.check_schema(schema)
    except OSError as error:
        raise CheckError(Fault(FaultKind.FILE, (path.name,), detail=error.strerror or "")) from None
    except (ValueError, RecursionError, jsonschema.SchemaError) as error:
        detail = getattr(error, "message", None) or str(error)
        raise CheckError(Fault(FaultKind.SCHEMA, (path.name,), detail=detail[:200])) from None
    return kind(schema)


def check_snapshot(received: Received, step: CheckSnapshot, file: Path, *, approve: bool) -> None:
    """Compare a message with its snapshot, beside the scenario's `file`. Raises CheckError.

    With `approve`, the message becomes the snapshot.
    """
    came = snapshot_of(received, step.left_out)
    path = snapshot_path(file, step.name)
    proposed = ProposedSnapshot(path, came)
    if approve:
        try:
            save_snapshot(proposed)
        except OSError as error:
            detail = error.strerror or str(error)
            raise CheckError(Fault(FaultKind.FILE, (path.name,), detail=detail)) from None
        return
    try:
        approved = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        fault = Fault(FaultKind.NOT_APPROVED, (step.name,), (miss(received),), snapshot=proposed)
        raise CheckError(fault) from None
    except (OSError, UnicodeDecodeError) as error:
        detail = getattr(error, "strerror", None) or "not UTF-8"
        raise CheckError(Fault(FaultKind.FILE, (path.name,), detail=detail)) from None
    if came != approved:
        lines = unified_diff(approved.splitlines(), came.splitlines(), n=2, lineterm="")
        shown = tuple(line for line in lines if not line.startswith(("---", "+++", "@@")))
        fault = Fault(
            FaultKind.DIFFERS, (step.name,), difference=shown[:MAX_LINES], snapshot=proposed
        )
        raise CheckError(fault)


def save_snapshot(proposed: ProposedSnapshot) -> None:
    """Make what came the approved snapshot. Raises OSError."""
    path = proposed.path
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(proposed.text, encoding="utf-8")
    part.replace(path)


def snapshot_path(file: Path, name: str) -> Path:
    """Return where the snapshot of this name is."""
    plain = _UNSAFE.sub("-", name).strip(".-") or "snapshot"
    return file.parent / "snapshots" / file.stem / f"{plain[:100]}.txt"


def snapshot_of(received: Received, left_out: tuple[str, ...]) -> str:
    """Return what a snapshot keeps of a message: its value without some paths, or its text."""
    try:
        value = received.value()
    except DecodeError:
        is_text = received.kind is Kind.TEXT
        return received.payload.decode(errors="replace") if is_text else received.payload.hex(" ")
    value = without(value, left_out, LEFT_OUT)
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, default=str) + "\n"
