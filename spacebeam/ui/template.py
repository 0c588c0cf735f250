"""Loads a widget's `.ui` file from beside its `.py`, without a resource compiler."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from typing import TypeVar

from gi.repository import Gtk

from spacebeam.ui.handlers import weak_handlers

Widget = TypeVar("Widget", bound=type[Gtk.Widget])


def template(name: str) -> Callable[[Widget], Widget]:
    """Decorate a widget class with the template in the file `name` of its package.

    Its handlers do not keep its widgets alive.
    """

    def decorate(widget: Widget) -> Widget:
        package = widget.__module__.rpartition(".")[0]
        text = resources.files(package).joinpath(name).read_bytes()
        return weak_handlers(Gtk.Template(string=text)(widget))

    return decorate
