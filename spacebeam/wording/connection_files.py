"""Why a file of a saved connection cannot be read, as sentences."""

from __future__ import annotations

from spacebeam.decode.visible import one_line
from spacebeam.exchange.opencollection.yaml_reading import YamlProblem
from spacebeam.wording.i18n import _

_MAX_DETAIL = 200  # characters


def file_problem_words(
    problem: YamlProblem | None,
    line: int = 0,
    column: int = 0,
    detail: str = "",
    *,
    is_folder: bool = False,
) -> str:
    """Return why a file or folder cannot be read, with the place if it is known.

    The detail is escaped.
    """
    detail = one_line(detail[:_MAX_DETAIL])
    if is_folder:
        return _("The folder cannot be opened: {detail}.").format(detail=detail)
    if problem is None:
        return _("The file cannot be opened: {detail}.").format(detail=detail)
    words = _words(problem).format(detail=detail)
    if not line:
        return words
    return _("Line {line}, column {column}: {words}").format(line=line, column=column, words=words)


def changed_file_words() -> str:
    """Return that a file was not written, because it is not as it was read."""
    return _("Another program changed the file meanwhile. Nothing was written.")


def _words(problem: YamlProblem) -> str:
    return {
        YamlProblem.SYNTAX: _("This is not YAML: {detail}."),
        YamlProblem.TOO_LARGE: _("The file is too large for a connection."),
        YamlProblem.TOO_DEEP: _("The values are nested too deeply."),
        YamlProblem.NOT_UTF8: _("The text is not UTF-8."),
        YamlProblem.DUPLICATE_KEY: _("The key “{detail}” is there twice."),
        YamlProblem.ODD_KEY: _("A list or a mapping is no key."),
        YamlProblem.UNKNOWN_ALIAS: _("The alias “{detail}” has no anchor before it."),
        YamlProblem.SEVERAL_DOCUMENTS: _("There are several documents in the file."),
        YamlProblem.NO_MAPPING: _("The file has no keys with values."),
    }[problem]
