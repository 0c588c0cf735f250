"""YAML of other programs; texts such as `off`, `12:30` and `1_000` stay as they are written."""

from __future__ import annotations

from typing import Any

from spacebeam.exchange.collections.importers.json_schema import PlainScalar
from spacebeam.exchange.importers.importer import ImportFault, ImportFileError
from spacebeam.exchange.opencollection.yaml_reading import YamlError, YamlProblem, parse

_FAULTS = {
    YamlProblem.TOO_LARGE: ImportFault.FILE_TOO_LARGE,
    YamlProblem.TOO_DEEP: ImportFault.TOO_DEEP,
}


def parsed_yaml(text: str) -> dict[str, Any]:
    """Return the mapping in a YAML text, its texts without quotes as PlainScalar.

    Raises ImportFileError.
    """
    try:
        return dict(parse(text, PlainScalar))
    except YamlError as error:
        fault = _FAULTS.get(error.problem, ImportFault.NOT_YAML)
        raise ImportFileError(fault, line=error.line or 1) from None
