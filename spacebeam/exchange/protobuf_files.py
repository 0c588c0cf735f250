"""Schemas of Protocol Buffers in files: descriptor sets, and `.proto` files, which protoc compiles.

Both are the person's own. grpcio-tools, an extra, has a protoc; one that is installed does too.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Sequence
from enum import Enum, auto
from pathlib import Path
from tempfile import TemporaryDirectory

from spacebeam.decode.protobuf.schema import ProtobufSchema

MAX_SIZE = 64 * 2**20  # bytes of a descriptor set
_TIMEOUT_S = 60
_MAX_WORDS = 2000  # characters of protoc's own words


class SchemaFault(Enum):
    """Why a file gives no schema."""

    NO_COMPILER = auto()
    NOT_COMPILED = auto()  # protoc refused it
    TIMED_OUT = auto()
    NO_DESCRIPTOR_SET = auto()
    TOO_LARGE = auto()
    UNREADABLE = auto()  # `words` are the system's
    NO_AVRO_SCHEMA = auto()
    NO_JSON_SCHEMA = auto()
    NO_LIBRARY = auto()  # of JSON Schema
    TYPE_MISSING = auto()  # `words` are the types
    TYPE_UNKNOWN = auto()  # `words` is the name


class SchemaFileError(ValueError):
    """A file gives no schema; `words` are those of protoc or of the decoder.

    `line` and `column` are where, counted from 1; 0 if that is not known, or in `words`.
    """

    def __init__(self, fault: SchemaFault, words: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(words or fault.name)
        self.fault, self.words = fault, words
        self.line, self.column = line, column


def read_protobuf_schema(path: Path, include: Sequence[Path] = ()) -> ProtobufSchema:
    """Return the schema of a `.proto` file or a descriptor set; it may take seconds.

    Imports are searched in the file's folder, then in `include`. Raises OSError and
    SchemaFileError.
    """
    data = _compiled(path.absolute(), include) if path.suffix == ".proto" else _read(path)
    try:
        schema = ProtobufSchema(data)
    except ValueError as error:
        raise SchemaFileError(SchemaFault.NO_DESCRIPTOR_SET, str(error)) from None
    if not schema.messages:
        raise SchemaFileError(SchemaFault.NO_DESCRIPTOR_SET)
    return schema


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(MAX_SIZE + 1)
    if len(data) > MAX_SIZE:
        raise SchemaFileError(SchemaFault.TOO_LARGE)
    return data


def _compiled(path: Path, include: Sequence[Path]) -> bytes:
    with path.open("rb"):  # protoc's own words for a missing file name no reason
        pass
    folders = [f"--proto_path={folder.absolute()}" for folder in (path.parent, *include)]
    with TemporaryDirectory(prefix="spacebeam-") as folder:
        result = Path(folder) / "schema.desc"
        command = [*_compiler(), *folders, "--include_imports", f"--descriptor_set_out={result}"]
        try:
            done = subprocess.run(
                [*command, str(path)],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise SchemaFileError(SchemaFault.TIMED_OUT) from None
        if done.returncode:
            words = done.stderr.decode(errors="replace").strip()
            raise SchemaFileError(SchemaFault.NOT_COMPILED, words[:_MAX_WORDS])
        return _read(result)


def _compiler() -> list[str]:
    """Return the command that runs protoc. Raises SchemaFileError."""
    if importlib.util.find_spec("grpc_tools") is not None:
        return [sys.executable, "-m", "grpc_tools.protoc"]
    if program := shutil.which("protoc"):
        return [program]
    raise SchemaFileError(SchemaFault.NO_COMPILER)
