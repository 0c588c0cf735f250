"""The messages of Postman's requests, format 3: in a folder of files, or in the request itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from spacebeam.exchange.collections.importers.files import CollectionFiles
from spacebeam.exchange.collections.importers.importer import CollectionReader
from spacebeam.exchange.collections.importers.socket_io import event
from spacebeam.exchange.collections.importers.values import (
    flag,
    message_format,
    name,
    order,
    record,
    records,
    text,
)
from spacebeam.exchange.importers.importer import ImportFileError
from spacebeam.exchange.losses import Loss
from spacebeam.profiles.collection import SavedMessage

_SUFFIXES = (".message.yaml", ".message.yml")


class PostmanMessages:
    """Reads the messages of requests."""

    def __init__(self, files: CollectionFiles, reader: CollectionReader) -> None:
        self._files = files
        self._reader = reader

    def of_request(self, path: Path, request: dict[str, Any], url: str) -> tuple[SavedMessage, ...]:
        """Return the messages of the request at `path`, in their order."""
        found = request.get("messages")
        if isinstance(found, str):
            listed = self._in_folder(path.parent / found)
        else:  # as the command line writes it
            listed = [(text(one.get("name")), one) for one in records(found)]
        body = record(request.get("body"))
        if content := text(body.get("content")):  # of a request of HTTP
            listed.append(("Body", {"content": content, "contentType": body.get("type")}))
        listed.sort(key=lambda one: order(one[1].get("order")))
        return tuple(self._message(own, one, url) for own, one in listed)

    def _in_folder(self, folder: Path) -> list[tuple[str, dict[str, Any]]]:
        found = []
        real = folder.resolve()
        if not real.is_relative_to(self._files.root) or not real.is_dir():
            self._reader.losses.lose(Loss.FILES, folder.name)
            return []
        for path in self._files.listed(real)[0]:
            if path.name.endswith(_SUFFIXES):
                try:
                    one = record(self._files.document(path))
                except (ImportFileError, OSError):
                    self._reader.losses.lose(Loss.FILES, path.name)
                    continue
                found.append((path.name.partition(".message.")[0], one))
        return found

    def _message(self, own: str, one: dict[str, Any], url: str) -> SavedMessage:
        called = name(one.get("name"), name(own, "Message"))
        if "eventName" not in one:
            content = self._reader.text(one.get("content"))
            return SavedMessage(called, content, message_format(one.get("contentType")))
        arguments = [self._reader.text(two.get("content")) for two in records(one.get("args"))]
        is_acknowledged = flag(one.get("acknowledgement"))
        own_event = self._reader.text(one.get("eventName"))
        return SavedMessage(called, event(url, own_event, arguments, acknowledged=is_acknowledged))
