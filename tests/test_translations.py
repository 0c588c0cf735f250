"""The template and the translations are up to date, and German is complete."""

from __future__ import annotations

import ast
import os
import string
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import translations
from tests.support.processes import LOOPBACK, free_port

PROJECT = Path(__file__).parents[1]
LANGUAGES = sorted(translations.translations().items())


def fields(text: str) -> set[str]:
    """Return the names of the fields that a text is formatted with."""
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}


def every(text: object) -> list[str]:
    """Return the forms of a text: the plural has several."""
    return [str(one) for one in text] if isinstance(text, list | tuple) else [str(text or "")]


def test_the_template_has_all_texts() -> None:
    expected = translations.as_text(translations.template())
    assert translations.TEMPLATE.read_text(encoding="utf-8") == expected, "run make translations"


def test_no_text_is_inside_an_f_string_where_it_is_not_found_before_python_3_12() -> None:
    for path in sorted((PROJECT / "spacebeam").rglob("*.py")):
        strings = (
            one for one in ast.walk(ast.parse(path.read_bytes())) if isinstance(one, ast.JoinedStr)
        )
        inside = (one for string in strings for one in ast.walk(string))
        marked = [one for one in inside if isinstance(one, ast.Call) and _is_marked(one)]
        assert not marked, f"{path}:{marked[0].lineno}"


def _is_marked(call: ast.Call) -> bool:
    names = isinstance(call.func, ast.Name) and call.func.id in ("_", "ngettext")
    return names and isinstance(call.args[0], ast.Constant)


@pytest.mark.parametrize(("source", "compiled"), LANGUAGES, ids=lambda path: path.stem)
def test_a_translation_is_up_to_date_and_compiled(source: Path, compiled: Path) -> None:
    catalog = translations.translated(source)
    assert source.read_text(encoding="utf-8") == translations.as_text(catalog)
    assert compiled.read_bytes() == translations.compiled(catalog)


@pytest.mark.parametrize(("source", "_compiled"), LANGUAGES, ids=lambda path: path.stem)
def test_a_translation_is_complete_and_has_the_same_fields(source: Path, _compiled: Path) -> None:
    for message in translations.translated(source):
        texts = every(message.string)
        assert not message.fuzzy or not message.id, f"is left out: {message.id}"
        assert all(texts), f"not translated: {message.id}"
        if message.id:
            wanted = fields(every(message.id)[-1])
            assert [fields(text) for text in texts] == [wanted] * len(texts), message.id


def test_the_language_of_the_environment_is_used() -> None:
    url = f"ws://{LOOPBACK}:{free_port()}/"
    ended = subprocess.run(
        [sys.executable, "-m", "spacebeam", "connect", url],
        env={**os.environ, "LANGUAGE": "de"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stderr.startswith("spacebeam: Verbindung abgelehnt: ")


def test_other_languages_are_shown_english() -> None:
    program = "from spacebeam.wording.i18n import _; print(_('normal closure'))"
    environment = {**os.environ, "LANGUAGE": "tlh"}
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert ended.stdout == "normal closure\n"
