"""Tests of the window use what a person sees: private attributes belong to the page objects."""

from __future__ import annotations

import ast
from pathlib import Path

WINDOW_TESTS = Path(__file__).resolve().parent / "ui"
PAGE_OBJECTS = "pageobjects"


def private_accesses(source: str) -> list[str]:
    """Return the private attributes that a module reads or sets on other objects than `self`."""
    return [
        node.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and node.attr.startswith("_")
        and not node.attr.endswith("__")
        and not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"))
    ]


def test_window_tests_read_no_private_attributes() -> None:
    found: dict[str, list[str]] = {}
    for path in WINDOW_TESTS.rglob("*.py"):
        name = path.relative_to(WINDOW_TESTS)
        if name.parts[0] != PAGE_OBJECTS:
            found[str(name)] = private_accesses(path.read_text(encoding="utf-8"))
    assert {name: names for name, names in found.items() if names} == {}


def test_a_private_access_is_found() -> None:
    source = """
class Test:
    def check(self, tab):
        assert tab._session.recording._blocks[0]
        tab._session = self._session = tab.__class__
"""
    assert private_accesses(source) == ["_session", "_blocks", "_session"]
