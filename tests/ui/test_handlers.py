"""Handlers are bound weakly, in every class of the window."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from weakref import ref

import pytest
from gi.repository import Gio, Gtk

import spacebeam.ui
from spacebeam.ui.actions import add
from spacebeam.ui.handlers import weak_handlers, weakly

PACKAGE = Path(spacebeam.ui.__file__).parent
DECORATORS = {"template", "weak_handlers"}
# asyncio holds their handlers until a task ends, and no longer.
EXCEPTIONS = {"Tasks"}
CONNECTING = {"connect", "connect_after", "add_tick_callback", "timeout_add", "idle_add"}


@weak_handlers
class Parent(Gtk.Box):
    """A widget with a child whose handler is its method."""

    def __init__(self) -> None:
        super().__init__()
        self.clicks = 0
        self.button = Gtk.Button()
        self.append(self.button)
        self.button.connect("clicked", self._on_button_clicked)

    def stop(self) -> None:
        self.button.disconnect_by_func(self._on_button_clicked)

    def click(self, by: int = 1) -> None:
        self.clicks += by

    def _on_button_clicked(self, _button: Gtk.Button) -> None:
        self.click()


def test_a_handler_is_called_while_its_widget_lives() -> None:
    parent = Parent()
    parent.button.emit("clicked")
    assert parent.clicks == 1


def test_a_handler_does_not_keep_its_widget_alive() -> None:
    parent = Parent()
    button, gone = parent.button, ref(parent)
    del parent
    gc.collect()
    assert gone() is None
    button.emit("clicked")  # and nothing happens


def test_a_handler_is_disconnected_by_its_method() -> None:
    parent = Parent()
    parent.stop()
    parent.button.emit("clicked")
    assert parent.clicks == 0


def test_an_action_does_not_keep_its_widget_alive() -> None:
    parent = Parent()
    actions = Gio.SimpleActionGroup()
    add(actions, {"one": parent.click, "five": partial(parent.click, 5)})
    parent.insert_action_group("parent", actions)
    parent.activate_action("parent.one", None)
    parent.activate_action("parent.five", None)
    assert parent.clicks == 6
    gone = ref(parent)
    del parent
    gc.collect()
    assert gone() is None
    actions.activate_action("one", None)  # and nothing happens


def test_a_closure_cannot_be_bound_weakly() -> None:
    parent = Parent()
    with pytest.raises(TypeError):
        weakly(lambda: parent.click())


def classes(tree: ast.Module) -> Iterator[ast.ClassDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def strongly_bound(source: str) -> list[str]:
    """Return the classes with handlers that are not bound weakly, and connected strong ones."""
    tree = ast.parse(source)
    found = [
        one.name
        for one in classes(tree)
        if any(isinstance(part, ast.FunctionDef) and part.name[:4] == "_on_" for part in one.body)
        and not {ast.unparse(by).partition("(")[0] for by in one.decorator_list} & DECORATORS
    ]
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Attribute) and call.func.attr in CONNECTING:
            found += [ast.unparse(one) for one in call.args if _is_strong(one)]
    return found


def _is_strong(argument: ast.expr) -> bool:
    """Return whether a connected function is a method of `self`, but no handler, or uses `self`."""
    if isinstance(argument, ast.Attribute) and ast.unparse(argument.value) == "self":
        return not argument.attr.startswith("_on_") and argument.attr.startswith("_")
    names = (node for node in ast.walk(argument) if isinstance(node, ast.Name))
    return isinstance(argument, ast.Lambda) and any(one.id == "self" for one in names)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_every_handler_of_the_window_is_bound_weakly(path: Path) -> None:
    assert set(strongly_bound(path.read_text(encoding="utf-8"))) <= EXCEPTIONS


def test_a_strong_handler_is_found() -> None:
    source = """
class Loose:
    def __init__(self, button):
        button.connect("clicked", self._on_button_clicked)
    def _on_button_clicked(self, button): ...
@template("kept.ui")
class Kept:
    def __init__(self, button):
        button.connect("clicked", self._click)
        button.connect("clicked", lambda _button: self._click())
        button.connect("clicked", self._on_button_clicked)
    def _on_button_clicked(self, button): ...
"""
    assert strongly_bound(source) == ["Loose", "self._click", "lambda _button: self._click()"]
