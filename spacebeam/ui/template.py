"""Loads a widget's `.ui` file from beside its `.py`, without a resource compiler."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from gi.repository import Gtk

from spacebeam.ui.handlers import weak_handlers
from spacebeam.wording.ui_texts import translated_ui

Widget = TypeVar("Widget", bound=type[Gtk.Widget])


def beside(module: str, name: str) -> Path:
    """Return the file `name` beside an imported module; importlib.resources costs a start 10 ms."""
    return Path(str(sys.modules[module].__file__)).with_name(name)


def interface(module: str, name: str) -> str:
    """Return the `.ui` file `name` beside an imported module, in the person's language."""
    return translated_ui(beside(module, name).read_bytes()).decode()


def template(name: str) -> Callable[[Widget], Widget]:
    """Decorate a widget class with the template in the file `name` of its package.

    Its handlers do not keep its widgets alive.
    """

    def decorate(widget: Widget) -> Widget:
        text = translated_ui(beside(widget.__module__, name).read_bytes())
        return weak_handlers(Gtk.Template(string=text)(widget))

    return decorate
