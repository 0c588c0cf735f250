"""Connections of `.http` files, with the environments that are in files beside them.

Messages are sent after connecting there, so they are here. What is sent after an answer of the
server is a message that is not sent by itself.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from spacebeam.exchange.collections.importers.expressions import http_file
from spacebeam.exchange.collections.importers.files import CollectionFiles
from spacebeam.exchange.collections.importers.http_environments import environments_beside
from spacebeam.exchange.collections.importers.importer import (
    MAX_DEPTH,
    CollectionReader,
    joined,
    websocket_address,
    without_empty_folders,
)
from spacebeam.exchange.collections.importers.profile_maker import NamedValue
from spacebeam.exchange.collections.importers.values import (
    address_name,
    guessed_format,
    message_format,
    name,
    number,
)
from spacebeam.exchange.http_file import (
    Directive,
    HttpFile,
    HttpFileProblem,
    HttpRequest,
    MessageFile,
    MessageText,
    WaitForServer,
)
from spacebeam.exchange.http_file import read as read_http_file
from spacebeam.exchange.importers.importer import ImportFileError
from spacebeam.exchange.losses import Loss, NamedLosses
from spacebeam.profiles.collection import (
    Collection,
    Folder,
    MessageFormat,
    SavedConnection,
    SavedMessage,
)

_MAX_SEARCHED = 2000  # lines
_SUFFIXES = (".http", ".rest")
_LINE = re.compile(
    r"(?:WEBSOCKET|WSS?)\s+\S|wss?://\S+\s*$|###|[A-Z]{3,10}\s+(?:https?://|\{\{)", re.MULTILINE
)
_IGNORED = frozenset(("name", "description", "no-log", "no-cookie-jar", "keepStreaming", "note"))
_LOSSES = {
    HttpFileProblem.SCRIPT: Loss.SCRIPTS,
    HttpFileProblem.NOT_A_HEADER: Loss.INVALID_HEADERS,
    HttpFileProblem.NO_REQUEST: Loss.OTHER_REQUESTS,
    HttpFileProblem.TOO_MANY: Loss.EXCESS,
}


def is_http_file(text: str) -> bool:
    """Whether a text has requests as an `.http` file has them."""
    return any(map(_LINE.match, text.splitlines()[:_MAX_SEARCHED]))


def is_folder(files: CollectionFiles) -> bool:
    """Whether a folder has `.http` files."""
    return any(map(has_suffix, files.listed(files.root)[0]))


def has_suffix(path: Path) -> bool:
    """Whether a file has the suffix of an `.http` file."""
    return path.suffix.lower() in _SUFFIXES


def read(files: CollectionFiles, losses: NamedLosses) -> Collection:
    """Return the connections of a file."""
    reader = _HttpReader(files, losses)
    folder = reader.file_folder(files.own_text(), files.name, files.path.parent)
    return reader.collection(folder)


def read_folder(files: CollectionFiles, losses: NamedLosses) -> Collection:
    """Return the connections of all files in a folder, each file a folder."""
    reader = _HttpReader(files, losses)
    return reader.collection(reader.folder(files.root, 0))


class _HttpReader:
    def __init__(self, files: CollectionFiles, losses: NamedLosses) -> None:
        self._files = files
        self._losses = losses
        self._reader = CollectionReader(losses, http_file)

    def collection(self, folder: Folder) -> Collection:
        """Return a folder with the environments of the outermost folder."""
        shared, environments = environments_beside(self._files, self._reader)
        folder = without_empty_folders(folder)
        return Collection(replace(folder, variables=shared + folder.variables), environments)

    def folder(self, folder: Path, depth: int) -> Folder:
        """Return a folder of files."""
        paths, inner = self._files.listed(folder)
        folders = []
        for path in paths:
            if path.suffix.lower() in _SUFFIXES:
                try:
                    text = self._files.text(path)
                except (ImportFileError, OSError):
                    self._losses.lose(Loss.FILES, path.relative_to(self._files.root).as_posix())
                    continue
                folders.append(self.file_folder(text, path.stem, folder))
        for one in inner:
            if depth < MAX_DEPTH:
                folders.append(self.folder(one, depth + 1))
            else:
                self._losses.lose(Loss.EXCESS)
        own = name(folder.name, "http")
        collections = [Collection(one) for one in folders if any(one.walk())]
        return joined(own, collections).folder if collections else Folder(own)

    def file_folder(self, text: str, own: str, beside: Path) -> Folder:
        """Return the connections of a file; its messages may be in files `beside` it."""
        found = read_http_file(text)
        self._count(found)
        connections = [self._connection(one, beside) for one in found.requests if one.is_socket]
        variables = tuple(self._reader.variable(key, value) for key, value in found.variables)
        return Folder(name(own, "http"), variables=variables, connections=tuple(connections))

    def _count(self, found: HttpFile) -> None:
        for line in found.left_out:
            self._losses.lose(_LOSSES[line.problem])
        if others := sum(not one.is_socket for one in found.requests):
            self._losses.lose(Loss.OTHER_REQUESTS, count=others)

    def _connection(self, request: HttpRequest, beside: Path) -> SavedConnection:
        kind = next((v for key, v in request.headers if key.lower() == "content-type"), "")
        maker = self._reader.maker()
        maker.headers(
            NamedValue(self._reader.text(key), self._reader.text(value))
            for key, value in request.headers
            if key.lower() != "content-type"
        )
        description = ""
        for one in request.directives:
            if one.name == "description":
                description = one.words
            elif one.name in ("timeout", "connection-timeout"):
                seconds = number(one.words.split(" ")[0].removesuffix("s"))
                maker.number("limits.connect_timeout", seconds)
            elif one.name == "no-redirect":
                maker.values["request.follow_redirects"] = False
            elif one.name not in _IGNORED:
                self._losses.lose(Loss.SETTINGS, f"@{one.name}")
        address = self._reader.text(request.address)
        if "://" not in address and not address.startswith("{{"):
            address = f"ws://{address}"
        return SavedConnection(
            name(request.name, address_name(address)),
            websocket_address(address),
            maker.profile(),
            tuple(self._messages(request, message_format(kind), beside)),
            description=description,
        )

    def _messages(
        self, request: HttpRequest, kind: MessageFormat, beside: Path
    ) -> Iterable[SavedMessage]:
        has_waited, count = False, 0
        for part in request.parts:
            if isinstance(part, WaitForServer):
                has_waited = True
                self._losses.lose(Loss.WAITS)
            elif isinstance(part, Directive):
                self._losses.lose(Loss.SETTINGS, f"@{part.name}")
            elif isinstance(part, MessageText):
                count += 1
                text = self._reader.text(part.text)
                own = f"Message {count}"
                yield SavedMessage(own, text, _kind(text, kind), on_connect=not has_waited)
            elif found := self._from_file(part, beside):
                yield SavedMessage(part.path, *found, on_connect=not has_waited)

    def _from_file(self, one: MessageFile, beside: Path) -> tuple[str, MessageFormat] | None:
        """Return the text and format of a message that is in a file; None if it cannot be read."""
        try:
            data = self._files.data(beside / one.path)
        except (OSError, ValueError, ImportFileError):
            self._losses.lose(Loss.FILES, one.path)
            return None
        if not one.is_text:
            return b64encode(data).decode(), MessageFormat.BASE64
        text = self._reader.text(data.decode("utf-8-sig", errors="replace"))
        return text, _kind(text, MessageFormat.TEXT)


def _kind(text: str, kind: MessageFormat) -> MessageFormat:
    """Return the format of a message whose request does not say it."""
    return guessed_format(text) if kind is MessageFormat.TEXT else kind
