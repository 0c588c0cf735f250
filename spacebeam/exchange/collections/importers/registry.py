"""All formats of collections, found by their content."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from spacebeam.exchange.collections.importers import (
    asyncapi_file,
    bruno_folder,
    command_line_file,
    hoppscotch_file,
    http_folder,
    insomnia_file,
    opencollection_folder,
    postman_file,
    postman_folder,
    yaak_file,
)
from spacebeam.exchange.collections.importers.files import MAX_FILE, CollectionFiles, is_json
from spacebeam.exchange.collections.importers.importer import CollectionFormat
from spacebeam.exchange.importers.importer import ImportFault, ImportFileError
from spacebeam.exchange.losses import NamedLosses
from spacebeam.profiles.collection import Collection

_HEAD = 64 * 1024  # characters
# A key that some format has at the beginning of a line; other texts are not read as YAML.
_YAML_KEY = re.compile(
    r"^(?:type|_type|asyncapi|opencollection|info|\$kind|model|name|values)[\"']?\s*:", re.MULTILINE
)
_JSON_MARK = re.compile(
    r"/collection/v2|\"(?:_postman_\w+|__export_format|yaakSchema|asyncapi)\"\s*:"
)


@dataclass(frozen=True, slots=True)
class ImportedCollection:
    """What a file or folder has."""

    format: str
    collection: Collection
    losses: NamedLosses


# The first that fits: from the most certain mark to the least.
_DOCUMENTS: tuple[tuple[Callable[[Any], bool], CollectionFormat], ...] = (
    (insomnia_file.is_version_4, CollectionFormat("insomnia", insomnia_file.read_version_4)),
    (insomnia_file.is_version_5, CollectionFormat("insomnia", insomnia_file.read_version_5)),
    (yaak_file.is_export, CollectionFormat("yaak", yaak_file.read)),
    (yaak_file.is_model, CollectionFormat("yaak", yaak_file.read_folder)),
    (
        opencollection_folder.is_root,
        CollectionFormat("opencollection", opencollection_folder.read_root),
    ),
    (asyncapi_file.is_asyncapi, CollectionFormat("asyncapi", asyncapi_file.read)),
    (postman_folder.is_request, CollectionFormat("postman", postman_folder.read_request)),
    (postman_file.is_collection, CollectionFormat("postman", postman_file.read)),
    (
        opencollection_folder.is_request,
        CollectionFormat("opencollection", opencollection_folder.read_single),
    ),
    (
        postman_file.is_environment,
        CollectionFormat("postman-environment", postman_file.read_environment),
    ),
    (
        postman_folder.is_environment,
        CollectionFormat("postman-environment", postman_folder.read_environment),
    ),
    (hoppscotch_file.is_storage, CollectionFormat("hoppscotch", hoppscotch_file.read)),
    (
        hoppscotch_file.is_environments,
        CollectionFormat("hoppscotch", hoppscotch_file.read_environments),
    ),
)
_HTTP = CollectionFormat("http", http_folder.read)
_TEXTS: tuple[tuple[Callable[[str], bool], CollectionFormat], ...] = (
    (bruno_folder.is_bru, CollectionFormat("bruno", bruno_folder.read_file)),
    (command_line_file.is_command_line, CollectionFormat("command", command_line_file.read)),
    (http_folder.is_http_file, _HTTP),
)
_FOLDERS: tuple[tuple[Callable[[CollectionFiles], bool], CollectionFormat], ...] = (
    (bruno_folder.is_folder, CollectionFormat("bruno", bruno_folder.read_folder)),
    (
        opencollection_folder.is_folder,
        CollectionFormat("opencollection", opencollection_folder.read_in_folder),
    ),
    (postman_folder.is_folder, CollectionFormat("postman", postman_folder.read_folder)),
    (yaak_file.is_folder, CollectionFormat("yaak", yaak_file.read_folder)),
    (http_folder.is_folder, CollectionFormat("http", http_folder.read_folder)),
)


def recognise(path: Path) -> CollectionFormat | None:
    """Return the format of a file or folder of collections; None if it is something else.

    Raises ImportFileError for one that is broken, OSError.
    """
    return _recognised(CollectionFiles(path))


def read(path: Path, *, other_side: bool = False) -> ImportedCollection:
    """Return the collection of a file or folder, and what could not be carried over.

    `other_side` takes an API's description for that of the client. Raises ImportFileError, OSError.
    """
    files = CollectionFiles(path, other_side=other_side)
    format_ = _recognised(files)
    if format_ is None:
        raise ImportFileError(ImportFault.UNKNOWN_FORMAT)
    losses = NamedLosses()
    try:
        return ImportedCollection(format_.name, format_.read(files, losses), losses)
    except RecursionError:
        raise ImportFileError(ImportFault.TOO_DEEP) from None


def _recognised(files: CollectionFiles) -> CollectionFormat | None:
    if files.is_folder:
        return next((one for is_it, one in _FOLDERS if is_it(files)), None)
    if files.path.stat().st_size > MAX_FILE:
        return None
    text = files.own_text()
    if is_json(text):
        return _of_json(files, text)
    head = text[:_HEAD]
    # A file with one request looks like a request that was copied, too.
    if http_folder.has_suffix(files.path) and http_folder.is_http_file(head):
        return _HTTP
    if _YAML_KEY.search(head) and not http_folder.is_http_file(head):
        return _of_document(files.own_document())
    return next((one for is_it, one in _TEXTS if is_it(head)), None)


def _of_json(files: CollectionFiles, text: str) -> CollectionFormat | None:
    """Return the format of a document in JSON, which is not decoded if it is a recording."""
    with suppress(ValueError, RecursionError):
        if "log" in msgspec.json.decode(text, type=dict[str, msgspec.Raw]):
            return None
    try:
        return _of_document(files.own_document())
    except ImportFileError:
        if _JSON_MARK.search(text[:_HEAD]):
            raise
        return None


def _of_document(document: Any) -> CollectionFormat | None:
    return next((one for is_it, one in _DOCUMENTS if is_it(document)), None)
