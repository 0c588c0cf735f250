"""Imports a file of another program, by a worker, and opens what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gi.repository import Gio, Gtk

from spacebeam.decode.preview import size
from spacebeam.decode.visible import one_line
from spacebeam.ui.compat import choose_file, set_parent
from spacebeam.ui.exchange.import_dialog import FoundConversation, ImportDialog
from spacebeam.ui.recordings.dialogs import show_error
from spacebeam.wording.exchange import format_name, not_carried_list
from spacebeam.wording.i18n import _, ngettext
from spacebeam.worker.frames import json_frame
from spacebeam.worker.process import WorkerError, WorkerProcess

_HEADING = _("Could not import the file")
_MAX_CONNECTIONS = 100  # that are shown one by one
_NO_TIME = 86400.0  # Unix time; a file without times has none later


async def choose_import(window: Gtk.Window, suffixes: Sequence[str]) -> Gio.File | None:
    """Ask for a file to import; return None if the person cancels."""
    files, every = Gtk.FileFilter(), Gtk.FileFilter()
    files.set_name("Recordings and connections")
    every.set_name("All files")
    every.add_pattern("*")
    for suffix in suffixes:
        files.add_suffix(suffix[1:])  # in either case
    return await choose_file(window, _("Import a file of another program"), (files, every))


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """A folder that saved connections can be imported into."""

    name: str
    root: Path
    path: str


@dataclass(frozen=True, slots=True)
class Imported:
    """The recordings that were imported, or the folder or environments of saved connections."""

    recordings: tuple[Path, ...] = ()
    has_connections: bool = False
    folder: str = ""


async def import_file(
    window: Gtk.Window,
    file: Gio.File,
    folder: Path,
    targets: Sequence[ImportTarget],
    selected: int = 0,
) -> Imported:
    """Import recordings into the folder of recordings, or saved connections into a target."""
    path = Path(file.get_path() or "")
    if file.get_path() is None:
        await show_error(window, _HEADING, _("Choose a file on this computer."))
        return Imported()
    dialog = ImportDialog()
    name = one_line(path.name)
    dialog.set_title(_("Import “{name}”").format(name=name))
    set_parent(dialog, window)
    answered: asyncio.Future[list[int] | None] = asyncio.get_running_loop().create_future()

    def on_requested(_dialog: ImportDialog, chosen: list[int]) -> None:
        if not answered.done():
            answered.set_result(chosen)

    def on_unrealize(_window: Gtk.Window) -> None:
        if not answered.done():
            answered.set_result(None)

    dialog.connect("import-requested", on_requested)
    dialog.connect("unrealize", on_unrealize)
    handler = window.connect("unrealize", on_unrealize)
    dialog.show_progress(_("Reading “{name}”…").format(name=name), 0.0)
    dialog.present()
    try:
        async with WorkerProcess("import", str(path), str(folder)) as worker:
            reading = asyncio.ensure_future(_read(worker, dialog, name, targets, selected))
            await asyncio.wait((reading, answered), return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                reading.cancel()
                worker.cancel()
                return Imported()
            has_connections = await reading
            chosen = await answered
            if chosen is None:
                return Imported()
            if has_connections:
                return await _added(window, worker, targets[dialog.folder])
            await worker.send(json_frame({"take": chosen}))
            taken = (await worker.receive())["taken"]
            return Imported(tuple(Path(one) for one in taken))
    except WorkerError:
        await show_error(window, _HEADING, _("The import ended unexpectedly."))
        return Imported()
    finally:
        window.disconnect(handler)
        dialog.destroy()


async def _added(window: Gtk.Window, worker: WorkerProcess, target: ImportTarget) -> Imported:
    """Add saved connections to a folder; say why that failed, if it did."""
    await worker.send(json_frame({"root": str(target.root), "parent": target.path}))
    told = await worker.receive()
    if told["problem"]:
        await show_error(window, _HEADING, one_line(told["problem"]))
        return Imported()
    return Imported(has_connections=True, folder=told["folder"] or "")


async def _read(
    worker: WorkerProcess,
    dialog: ImportDialog,
    name: str,
    targets: Sequence[ImportTarget],
    selected: int,
) -> bool:
    """Show the progress, and at last what the file has; return whether that is connections."""
    total, format_ = 1, ""
    while "found" not in (told := await worker.receive()):
        total, format_ = told.get("total", total), told.get("format", format_)
        dialog.show_progress(_("Reading “{name}”…").format(name=name), told.get("read", 0) / total)
    if told.get("connections") or told.get("environments"):
        _show_connections(dialog, told, targets, selected)
        return True
    found = [_shown(*one) for one in told["found"]]
    problem = told["problem"]
    if problem and found:
        problem += _(" What came before can be imported.")
    dialog.show_found(
        _summary(told.get("format", format_), len(found)),
        found,
        not_carried_list(told["losses"]),
        problem,
    )
    return False


def _show_connections(
    dialog: ImportDialog, told: dict[str, Any], targets: Sequence[ImportTarget], selected: int
) -> None:
    found = [
        FoundConversation(one_line(name), _about(one_line(where), one_line(address), messages))
        for name, where, address, messages in told["connections"][:_MAX_CONNECTIONS]
    ]
    if told["count"] > len(found):
        found.append(
            FoundConversation(
                _("{count:,} more connections").format(count=told["count"] - len(found)), ""
            )
        )
    environments = [one_line(one) for one in told["environments"]]
    if environments:
        title = ngettext(
            "{count:,} environment", "{count:,} environments", len(environments)
        ).format(count=len(environments))
        found.append(FoundConversation(title, ", ".join(environments[:_MAX_CONNECTIONS])))
    dialog.show_connections(
        _summary(told["format"], told["count"]),
        found,
        [one_line(one.name) for one in targets],
        selected,
        not_carried_list(told["losses"]),
    )


def _about(where: str, address: str, messages: int) -> str:
    counted = ngettext("{count:,} message", "{count:,} messages", messages).format(count=messages)
    return " · ".join(filter(None, (where, address, counted if messages else "")))


def _summary(format_: str, count: int) -> str:
    if not format_:
        return _("This file cannot be imported.")
    counted = ngettext("{count:,} connection", "{count:,} connections", count).format(count=count)
    counted = counted if count else _("no WebSocket")
    return f"{format_name(format_)}: {counted}"


def _shown(address: str, began: float, entries: int, bytes_: int) -> FoundConversation:
    parts = [
        ngettext("{count:,} entry", "{count:,} entries", entries).format(count=entries),
        size(bytes_),
    ]
    if began > _NO_TIME:
        parts.append(datetime.fromtimestamp(began).strftime("%Y-%m-%d %H:%M:%S"))
    return FoundConversation(one_line(address) or _("No address"), " · ".join(parts))
