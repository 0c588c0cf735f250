"""Schemas are read from descriptor sets and `.proto` files, and their faults are told."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from spacebeam.exchange.protobuf_files import (
    SchemaFault,
    SchemaFileError,
    read_protobuf_schema,
)
from spacebeam.wording.exchange import schema_words
from tests.decode.transcripts import WIRE


def test_a_proto_file_says_the_same_as_its_descriptor_set() -> None:
    compiled = read_protobuf_schema(WIRE / "feed.proto")
    known = read_protobuf_schema(WIRE / "feed.desc")
    assert compiled.messages == known.messages
    assert compiled.enums == known.enums
    assert compiled.messages["feed.v1.Envelope"].oneofs["body"][0] == "quote"


def test_imports_are_found_in_other_folders(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other/common.proto").write_text(
        'syntax = "proto3"; message Common { int32 a = 1; }'
    )
    file = tmp_path / "main.proto"
    file.write_text('syntax = "proto3"; import "common.proto"; message Main { Common c = 1; }')
    with pytest.raises(SchemaFileError) as refused:
        read_protobuf_schema(file)
    assert refused.value.fault is SchemaFault.NOT_COMPILED
    assert "common.proto" in schema_words(refused.value)
    assert "\n" not in schema_words(refused.value)
    schema = read_protobuf_schema(file, [tmp_path / "other"])
    assert schema.messages["Main"].names["c"].type_name == "Common"


def test_other_files_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.desc"
    for data in (b"", b"\xff\xff", b"hello", b"\x0a\x02\x22\x00"[:2]):
        file.write_bytes(data)
        with pytest.raises(SchemaFileError) as refused:
            read_protobuf_schema(file)
        assert refused.value.fault is SchemaFault.NO_DESCRIPTOR_SET
        assert "no descriptor set" in schema_words(refused.value)
    with pytest.raises(FileNotFoundError):
        read_protobuf_schema(tmp_path / "none.proto")


def test_without_a_compiler_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SchemaFileError) as refused:
        read_protobuf_schema(WIRE / "feed.proto")
    assert refused.value.fault is SchemaFault.NO_COMPILER
    assert "pip install 'spacebeam[protobuf]'" in schema_words(refused.value)
