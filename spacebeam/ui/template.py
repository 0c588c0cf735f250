"""Loads a widget's `.ui` file from beside its `.py`, without a resource compiler."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

from gi.repository import Gio, Gtk

from spacebeam.ui.handlers import weak_handlers
from spacebeam.wording.ui_texts import translated_ui

Widget = TypeVar("Widget", bound=type[Gtk.Widget])


def beside(module: str, name: str) -> Path:
    """Return the file `name` beside an imported module; importlib.resources costs a start 10 ms."""
    return Path(str(sys.modules[module].__file__)).with_name(name)


def interface(module: str, name: str) -> str:
    """Return the `.ui` file `name` beside an imported module, in the person's language."""
    return translated_ui(beside(module, name).read_bytes()).decode()


@cache
def menu(module: str, name: str, menu_id: str) -> Gio.MenuModel:
    """Return a menu of the `.ui` file `name` beside an imported module, the same each time.

    A menu of a template would be another one for each widget. GTK 4.8 never frees the sections of
    a menu that a popover has shown: 17 KiB for twenty items.
    """
    text, start, _template = interface(module, name).partition("<template")
    menus = f"{text}</interface>" if start else text  # a builder makes no template
    found = Gtk.Builder.new_from_string(menus, -1).get_object(menu_id)
    assert isinstance(found, Gio.MenuModel)
    return found


def template(name: str) -> Callable[[Widget], Widget]:
    """Decorate a widget class with the template in the file `name` of its package.

    Its handlers do not keep its widgets alive.
    """

    def decorate(widget: Widget) -> Widget:
        text = translated_ui(beside(widget.__module__, name).read_bytes())
        return weak_handlers(Gtk.Template(string=text)(widget))

    return decorate
