"""What can go wrong with the files of saved connections, in sentences."""

from __future__ import annotations

from spacebeam.decode.visible import one_line
from spacebeam.exchange.opencollection.yaml_reading import YamlError
from spacebeam.library.connections.files import ChangedOnDiskError
from spacebeam.library.connections.nodes import FileProblem
from spacebeam.wording.connection_files import changed_file_words, file_problem_words

LIBRARY_ERRORS = (OSError, YamlError, ChangedOnDiskError, ValueError)

_MAX_DETAIL = 200  # characters


def problem_words(problem: FileProblem) -> str:
    """Return why a file cannot be read, with the place."""
    return file_problem_words(
        problem.problem,
        problem.line,
        problem.column,
        problem.detail,
        is_folder=problem.is_folder,
    )


def error_words(error: Exception) -> str:
    """Return why a file could not be read or written."""
    if isinstance(error, ChangedOnDiskError):
        return changed_file_words()
    if isinstance(error, YamlError | OSError):
        return problem_words(FileProblem.of(error))
    return one_line(str(error)[:_MAX_DETAIL])
