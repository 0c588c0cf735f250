"""Command lines and header lists in a file, as they are pasted: a connection for each command."""

from __future__ import annotations

from spacebeam.exchange.collections.importers.expressions import plain
from spacebeam.exchange.collections.importers.files import CollectionFiles
from spacebeam.exchange.collections.importers.values import address_name, name
from spacebeam.exchange.command_lines.pasted_connection import (
    LeftOutKind,
    PastedConnection,
    PasteError,
)
from spacebeam.exchange.command_lines.reading import is_pasted_connection, read_all
from spacebeam.exchange.importers.importer import ImportFault, ImportFileError
from spacebeam.exchange.losses import Loss, NamedLosses
from spacebeam.profiles.collection import Collection, Folder, SavedConnection, SavedMessage

_LOSSES = {
    LeftOutKind.OWN_HEADER: Loss.HANDSHAKE_HEADERS,
    LeftOutKind.BROWSER_HEADER: Loss.HANDSHAKE_HEADERS,
    LeftOutKind.HEADER: Loss.INVALID_HEADERS,
    LeftOutKind.FILE: Loss.FILES,
    LeftOutKind.EXPANSION: Loss.EXPRESSIONS,
    LeftOutKind.COMMAND: Loss.OTHER_REQUESTS,
}


def is_command_line(text: str) -> bool:
    """Whether a text is a command line, or a list of headers that have an address."""
    if not is_pasted_connection(_without_shebang(text)):
        return False
    try:
        return any(one.address for one in read_all(_without_shebang(text)))
    except PasteError:
        return True


def read(files: CollectionFiles, losses: NamedLosses) -> Collection:
    """Return the connections of a file's commands."""
    try:
        found = read_all(_without_shebang(files.own_text()))
    except PasteError:
        raise ImportFileError(ImportFault.OTHER_SHAPE, line=1) from None
    connections = tuple(_connection(one, losses) for one in found)
    return Collection(Folder(name(files.name, "Commands"), connections=connections))


def _without_shebang(text: str) -> str:
    return text.partition("\n")[2] if text.startswith("#!") else text


def _connection(pasted: PastedConnection, losses: NamedLosses) -> SavedConnection:
    for one in pasted.left_out:
        losses.lose(_LOSSES.get(one.kind, Loss.SETTINGS), one.name)
    messages = tuple(
        SavedMessage(f"Message {count}", plain(text, losses), on_connect=True)
        for count, text in enumerate(pasted.messages, 1)
    )
    own = address_name(pasted.address)
    return SavedConnection(own, pasted.address, pasted.profile, messages)
