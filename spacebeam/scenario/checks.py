"""Compares a message with a JSON Schema, or with a snapshot that a person approved."""

from __future__ import annotations

import json
import re
from difflib import unified_diff
from functools import lru_cache
from pathlib import Path

from spacebeam.decode.decoder import DecodeError
from spacebeam.decode.json_schema import JsonSchema
from spacebeam.decode.paths import LEFT_OUT, without
from spacebeam.exchange.json_schema_file import read_json_schema
from spacebeam.exchange.protobuf_files import SchemaFault, SchemaFileError
from spacebeam.protocol.batch import Kind
from spacebeam.scenario.inbox import Received
from spacebeam.scenario.misses import miss
from spacebeam.scenario.scenario import CheckSnapshot
from spacebeam.scenario.verdict import Fault, FaultKind, ProposedSnapshot

MAX_LINES = 200  # of a difference
_UNSAFE = re.compile(r"[^\w.-]+")


class CheckError(Exception):
    """A message is not as it should be, or could not be checked."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.kind.value)
        self.fault = fault


def check_schema(received: Received, path: Path) -> None:
    """Check a message against a JSON Schema (draft 2020-12). Raises CheckError."""
    schema = _schema(path)
    try:
        value = received.value()
    except DecodeError:
        raise CheckError(Fault(FaultKind.NO_VALUE, ("@",), (miss(received),))) from None
    if found := schema.violations(value):
        lines = tuple(map(str, found))
        fault = Fault(FaultKind.AGAINST_SCHEMA, (path.name,), (miss(received),), difference=lines)
        raise CheckError(fault)


@lru_cache(maxsize=100)
def _schema(path: Path) -> JsonSchema:
    try:
        schema = read_json_schema(path).received
    except OSError as error:
        raise CheckError(Fault(FaultKind.FILE, (path.name,), detail=error.strerror or "")) from None
    except SchemaFileError as error:
        if error.fault is SchemaFault.NO_LIBRARY:
            raise CheckError(Fault(FaultKind.NO_LIBRARY, ("jsonschema",))) from None
        detail = f"line {error.line}: {error.words}" if error.line else error.words
        raise CheckError(Fault(FaultKind.SCHEMA, (path.name,), detail=detail[:200])) from None
    if schema is None:
        detail = "it describes no messages that are received"
        raise CheckError(Fault(FaultKind.SCHEMA, (path.name,), detail=detail))
    return schema


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
