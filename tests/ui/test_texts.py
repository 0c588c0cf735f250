"""What the window's code shows is translated: its texts are written as `_("…")`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.translations import WINDOW

FILES = sorted(path for path in WINDOW.rglob("*.py") if path.name != "self_test.py")  # no window's
SHOWING = {
    "set_label",
    "CallColumn",
    "set_text",
    "set_title",
    "set_subtitle",
    "set_description",
    "set_tooltip_text",
    "set_icon_tooltip_text",
    "set_placeholder_text",
    "set_heading",
    "set_body",
    "set_button_label",
    "set_accept_label",
    "add_response",
    "update_property",
    "show_notice",
    "show_failure",
    "show_outcome",
    "notify",
    "_notify",
    "Toast",
    "MessageDialog",
    "show_message",
}
PROPERTIES = {
    "label",
    "title",
    "subtitle",
    "heading",
    "body",
    "description",
    "tooltip_text",
    "placeholder_text",
    "button_label",
    "words",
}
NO_TEXT = re.compile(r"[a-z0-9_.:-]*|Spacebeam|[a-z-]+(?:::[a-z-]+)?")


def untranslated(path: Path) -> Iterator[str]:
    """Yield the texts that a file shows as they are written."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            shown = [one.value for one in node.keywords if one.arg in PROPERTIES]
            if called(node) in SHOWING:
                shown += node.args
            for argument in shown:
                yield from texts(argument)


def called(node: ast.Call) -> str:
    """Return the name of what is called."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def texts(node: ast.expr) -> Iterator[str]:
    """Yield the texts of an expression, except those that are translated or looked up by."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if not NO_TEXT.fullmatch(node.value) and re.search("[A-Za-z]{2}", node.value):
            yield node.value
    elif isinstance(node, ast.JoinedStr):
        written = "".join(str(one.value) for one in node.values if isinstance(one, ast.Constant))
        if re.search("[A-Za-z]{3}", written.replace("Spacebeam", "")):
            yield ast.unparse(node)
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)
    elif isinstance(node, ast.BoolOp | ast.List | ast.Tuple):
        for one in node.values if isinstance(node, ast.BoolOp) else node.elts:
            yield from texts(one)
    elif isinstance(node, ast.BinOp):
        yield from texts(node.left)
        yield from texts(node.right)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_text_that_code_shows_is_translated(path: Path) -> None:
    assert list(untranslated(path)) == []
