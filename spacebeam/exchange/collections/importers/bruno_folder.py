"""Bruno's collections as folders of `.bru` files, and a single such file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from spacebeam.exchange.collections.importers.bru_language import BruBlock, BruPair, parse_bru
from spacebeam.exchange.collections.importers.expressions import braces
from spacebeam.exchange.collections.importers.files import CollectionFiles, env_variables
from spacebeam.exchange.collections.importers.importer import (
    MAX_DEPTH,
    CollectionReader,
    websocket_address,
    without_empty_folders,
)
from spacebeam.exchange.collections.importers.profile_maker import NamedValue, ProfileMaker
from spacebeam.exchange.collections.importers.values import (
    guessed_format,
    message_format,
    name,
    number,
    order,
    record,
)
from spacebeam.exchange.importers.importer import ImportFileError
from spacebeam.exchange.losses import Loss, NamedLosses
from spacebeam.profiles.collection import (
    Collection,
    Environment,
    Folder,
    SavedConnection,
    SavedMessage,
    Variable,
)

_ROOT = "bruno.json"
_START = re.compile(r"\s*(?:meta|ws|http|vars|vars:secret|headers|auth)\s*[{\[]\s*$", re.MULTILINE)
_LOCAL = re.compile(r"(?:localhost|127\.0\.0\.1)(?:[:/?]|$)", re.IGNORECASE)
_SCRIPTS = re.compile(r"script:.*|tests|assert|vars:post-response")
_MS = 0.001  # seconds

_Blocks = Mapping[str, BruBlock]


def is_folder(files: CollectionFiles) -> bool:
    """Whether a folder is a collection."""
    return (files.root / _ROOT).is_file()


def is_bru(text: str) -> bool:
    """Whether a text is a `.bru` file."""
    return _START.match(text) is not None


def read_folder(files: CollectionFiles, losses: NamedLosses) -> Collection:
    """Return the collection of a folder."""
    return _BrunoReader(files, losses).collection()


def read_file(files: CollectionFiles, losses: NamedLosses) -> Collection:
    """Return a single request, or an environment, as a collection."""
    if files.path.name in ("collection.bru", "folder.bru"):
        return read_folder(CollectionFiles(files.path.parent), losses)
    reader = _BrunoReader(files, losses)
    blocks = parse_bru(files.own_text())
    if any(block.name.startswith("vars") for block in blocks) and not _first(blocks, "meta").pairs:
        return Collection(Folder(files.name), (reader.environment(files.name, blocks),))
    connection = reader.connection(blocks, files.name)
    return Collection(Folder(files.name, connections=(connection,) if connection else ()))


class _BrunoReader:
    def __init__(self, files: CollectionFiles, losses: NamedLosses) -> None:
        self._files = files
        self._losses = losses
        self._reader = CollectionReader(losses, braces)

    def collection(self) -> Collection:
        root = self._files.root
        about = self._about()
        folder = self._folder(root, "collection.bru", name(about.get("name"), root.name), 0)[1]
        environments = []
        if (root / "environments").is_dir():
            for path in self._files.listed(root / "environments")[0]:
                if path.suffix == ".bru" and (blocks := self._parsed(path)) is not None:
                    environments.append(self.environment(path.stem, blocks))
        return Collection(without_empty_folders(folder), tuple(environments))

    def _about(self) -> dict[str, object]:
        try:
            about = record(msgspec.json.decode(self._files.data(self._files.root / _ROOT)))
        except (ValueError, RecursionError, OSError):
            self._losses.lose(Loss.FILES, _ROOT)
            return {}
        if record(about.get("clientCertificates")).get("certs"):
            self._losses.lose(Loss.CERTIFICATES)
        return about

    def _parsed(self, path: Path) -> list[BruBlock] | None:
        """Return a file's blocks; count it as lost if it is broken."""
        try:
            return parse_bru(self._files.text(path))
        except (ImportFileError, OSError):
            self._losses.lose(Loss.FILES, path.relative_to(self._files.root).as_posix())
            return None

    def _folder(self, folder: Path, about: str, default: str, depth: int) -> tuple[float, Folder]:
        """Return a folder and its number in the order."""
        files, inner = self._files.listed(folder)
        own: list[BruBlock] = []
        found: list[tuple[float, SavedConnection]] = []
        for path in files:
            if path.suffix != ".bru":
                continue
            blocks = self._parsed(path)
            if blocks is None:
                continue
            if path.name == about:
                own = blocks
            elif connection := self.connection(blocks, path.stem):
                found.append((order(_first(blocks, "meta").value("seq")), connection))
        folders: list[tuple[float, Folder]] = []
        for path in inner:
            if depth == 0 and path.name == "environments":
                continue
            if depth < MAX_DEPTH:
                folders.append(self._folder(path, "folder.bru", path.name, depth + 1))
            else:
                self._losses.lose(Loss.EXCESS)
        maker, is_without = self._handshake(own, _first(own, "auth").value("mode"))
        variables = self._variables(own)
        if depth == 0:
            variables = env_variables(self._files, folder / ".env") + variables
        return order(_first(own, "meta").value("seq")), Folder(
            name(_first(own, "meta").value("name"), default),
            maker.profile(),
            variables,
            folders=tuple(one for _seq, one in sorted(folders, key=_by_number)),
            connections=tuple(one for _seq, one in sorted(found, key=_by_number)),
            description=_first(own, "docs").text,
            inherits_sign_in=not is_without,
        )

    def connection(self, blocks: list[BruBlock], default: str) -> SavedConnection | None:
        """Return the connection of a request's file; None if it is none of WebSockets."""
        meta, request = _first(blocks, "meta"), _first(blocks, "ws")
        if meta.value("type") != "ws" and not request.pairs:
            self._losses.lose(Loss.OTHER_REQUESTS)
            return None
        maker, is_without = self._handshake(blocks, request.value("auth"))
        settings = _first(blocks, "settings")
        if timeout := number(settings.value("timeout")):
            maker.number("limits.connect_timeout", timeout * _MS)
        if interval := number(settings.value("keepAliveInterval")):
            maker.values["pings.keepalive"] = True
            maker.number("pings.interval", interval * _MS)
        own = name(meta.value("name"), default)
        return SavedConnection(
            own,
            _address(self._reader.text(request.value("url"))),
            maker.profile(),
            tuple(self._messages(blocks)),
            self._variables(blocks),
            _first(blocks, "docs").text,
            tuple(filter(None, meta.value("tags").split("\n"))),
            inherits_sign_in=not is_without,
        )

    def _handshake(self, blocks: list[BruBlock], mode: str) -> tuple[ProfileMaker, bool]:
        """Return headers and sign-in, and whether no sign-in is to be inherited."""
        maker = self._reader.maker()
        maker.headers(
            NamedValue(
                self._reader.text(pair.name),
                self._reader.text(pair.value),
                pair.enabled,
                pair.has_description,
            )
            for pair in _first(blocks, "headers").pairs
        )
        auth = _first(blocks, f"auth:{mode}")
        values = {pair.name: self._reader.text(pair.value) for pair in auth.pairs}
        is_without = maker.sign_in(mode, {**values, "in": values.get("placement", "")})
        if count := sum(_SCRIPTS.fullmatch(block.name) is not None for block in blocks):
            self._losses.lose(Loss.SCRIPTS, count=count)
        return maker, is_without

    def _messages(self, blocks: list[BruBlock]) -> Iterable[SavedMessage]:
        for block in blocks:
            content = block.value("content")
            if block.name == "body:ws" and content:
                kind = block.value("type")
                yield SavedMessage(
                    name(block.value("name"), "Message"),
                    self._reader.text(content),
                    message_format(kind) if kind else guessed_format(content),
                )

    def _variables(self, blocks: Iterable[BruBlock]) -> tuple[Variable, ...]:
        pairs = [
            pair for block in blocks if block.name == "vars:pre-request" for pair in block.pairs
        ]
        return tuple(map(self._variable, pairs))

    def _variable(self, pair: BruPair) -> Variable:
        if pair.has_description:
            self._losses.lose(Loss.DESCRIPTIONS)
        return self._reader.variable(pair.name, pair.value, pair.enabled)

    def environment(self, own: str, blocks: list[BruBlock]) -> Environment:
        """Return an environment; secrets have names only."""
        variables = [self._variable(pair) for pair in _first(blocks, "vars").pairs]
        for item in _first(blocks, "vars:secret").items:
            self._losses.lose(Loss.SECRET_VALUES, item.lstrip("~"))
            is_enabled = not item.startswith("~")
            variables.append(Variable(item.lstrip("~"), None, is_enabled, is_secret=True))
        return Environment(name(own), tuple(variables), _first(blocks, "color").text)


def _first(blocks: Iterable[BruBlock], wanted: str) -> BruBlock:
    return next((one for one in blocks if one.name == wanted), BruBlock(wanted))


def _by_number(one: tuple[float, object]) -> float:
    return one[0]


def _address(url: str) -> str:
    """Return an address with the scheme that Bruno connects with."""
    if "://" in url or url.startswith("{{") or not url:
        return websocket_address(url)
    return f"{'ws' if _LOCAL.match(url) else 'wss'}://{url}"
