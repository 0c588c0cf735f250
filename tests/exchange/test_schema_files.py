"""The schemas of a connection's files: what they give, and what is said of those that are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.decode.schemas import ProtobufRule, protobuf_rule
from spacebeam.exchange.protobuf_files import SchemaFault
from spacebeam.exchange.schema_files import LoadedSchemas, in_folder, load_schemas
from spacebeam.profiles.profile import SchemaFiles
from spacebeam.wording.exchange import schema_words

WIRE = Path(__file__).parents[1] / "decode" / "wire"
FEED = str(WIRE / "feed.desc")


def words(loaded: LoadedSchemas) -> list[str]:
    return [schema_words(one.error) for one in loaded.problems]


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("feed.v1.Envelope", ProtobufRule("feed.v1.Envelope")),
        (".feed.v1.Envelope", ProtobufRule("feed.v1.Envelope")),
        ("sent:a.B", ProtobufRule("a.B", direction="sent")),
        ("/feed/*:a.B", ProtobufRule("a.B", endpoint="/feed/*")),
        ("trade.raw=a.C", ProtobufRule("a.C", field="trade.raw")),
        ("received:/v1:raw = a.C", ProtobufRule("a.C", "/v1", "received", "raw")),
    ],
)
def test_a_rule_is_read(written: str, rule: ProtobufRule) -> None:
    assert protobuf_rule(written) == rule


def test_a_descriptor_set_offers_its_types_but_not_those_of_google() -> None:
    loaded = load_schemas(SchemaFiles(FEED, ("feed.v1.Envelope",)))
    assert loaded.problems == ()
    assert "feed.v1.Trade" in loaded.types
    assert not any(one.startswith("google.") for one in loaded.types)
    assert not any(one.endswith("Entry") for one in loaded.types)  # of maps
    assert loaded.schemas is not None
    assert loaded.schemas.rules == (ProtobufRule("feed.v1.Envelope"),)


def test_the_only_type_needs_no_rule(tmp_path: Path) -> None:
    path = tmp_path / "one.proto"
    path.write_text('syntax = "proto3";\nmessage Order { uint64 id = 1; }\n')
    loaded = load_schemas(SchemaFiles(str(path)))
    assert loaded.schemas is not None
    assert loaded.schemas.rules == (ProtobufRule("Order"),)


def test_a_relative_path_is_one_in_the_folder_of_the_collection() -> None:
    files = in_folder(SchemaFiles("feed.desc", ("feed.v1.Quote",), "feed.avsc"), WIRE)
    loaded = load_schemas(files)
    assert loaded.schemas is not None
    assert len(loaded.schemas.avro) == 1
    assert in_folder(SchemaFiles(FEED), Path("/elsewhere")).protobuf == FEED


def test_a_wrong_proto_file_is_said_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.proto"
    path.write_text('syntax = "proto3";\nmessage Order {\n  uint64 id;\n}\n')
    loaded = load_schemas(SchemaFiles(str(path)))
    assert loaded.schemas is None
    assert [one.path for one in loaded.problems] == ["schemas.protobuf"]
    assert "bad.proto:3:" in words(loaded)[0]


def test_a_wrong_avro_schema_is_said_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.avsc"
    path.write_text('{\n  "type": "record",\n  "name": }')
    assert "line 3, column 11: " in words(load_schemas(SchemaFiles(avro=str(path))))[0]


def test_a_missing_file_does_not_keep_the_other_from_being_read() -> None:
    loaded = load_schemas(SchemaFiles("/missing.proto", avro=str(WIRE / "feed.avsc")))
    assert words(loaded) == ["Could not read the file: No such file or directory"]
    assert loaded.schemas is not None
    assert loaded.schemas.avro


@pytest.mark.parametrize(
    ("types", "fault", "told"),
    [
        ((), SchemaFault.TYPE_MISSING, "feed.v1.BookUpdate, "),
        (("raw=feed.v1.Trade",), SchemaFault.TYPE_MISSING, "feed.v1.BookUpdate, "),
        (("a.B",), SchemaFault.TYPE_UNKNOWN, "“a.B”"),
    ],
)
def test_a_type_that_is_missing_is_said(
    types: tuple[str, ...], fault: SchemaFault, told: str
) -> None:
    loaded = load_schemas(SchemaFiles(FEED, types))
    assert [one.error.fault for one in loaded.problems] == [fault]
    assert told in words(loaded)[0]
