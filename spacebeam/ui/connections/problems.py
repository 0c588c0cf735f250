"""What can go wrong with the files of saved connections, in sentences."""

from __future__ import annotations

from spacebeam.decode.visible import one_line
from spacebeam.exchange.opencollection.yaml_reading import YamlError, YamlProblem
from spacebeam.library.connections.files import ChangedOnDiskError
from spacebeam.library.connections.nodes import FileProblem

LIBRARY_ERRORS = (OSError, YamlError, ChangedOnDiskError, ValueError)

_MAX_DETAIL = 200  # characters
_WORDS = {
    YamlProblem.SYNTAX: "This is not valid YAML",
    YamlProblem.TOO_LARGE: "The file is too large for a connection",
    YamlProblem.TOO_DEEP: "The values are nested too deeply",
    YamlProblem.NOT_UTF8: "The text is not UTF-8",
    YamlProblem.DUPLICATE_KEY: "The same key is there twice",
    YamlProblem.ODD_KEY: "A list or mapping cannot be a key",
    YamlProblem.UNKNOWN_ALIAS: "The alias has no anchor",
    YamlProblem.SEVERAL_DOCUMENTS: "There are several documents in one file",
    YamlProblem.NO_MAPPING: "The file has no names and values",
}


def problem_words(problem: FileProblem) -> str:
    """Return why a file cannot be read, with the place."""
    detail = one_line(problem.detail[:_MAX_DETAIL])
    if problem.problem is None:
        return f"The file cannot be opened: {detail}"
    words = _WORDS[problem.problem] + (f": {detail}" if detail else "")
    if not problem.line:
        return words
    return f"Line {problem.line:,}, column {problem.column:,}: {words}"


def error_words(error: Exception) -> str:
    """Return why a file could not be read or written."""
    if isinstance(error, ChangedOnDiskError):
        return "Another program changed the file meanwhile. Nothing was written."
    if isinstance(error, YamlError | OSError):
        return f"{problem_words(FileProblem.of(error))}."
    return one_line(str(error)[:_MAX_DETAIL])
