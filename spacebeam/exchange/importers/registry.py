"""All formats that recordings are made of, found by their content."""

from __future__ import annotations

import re
import zlib
from typing import BinaryIO

import msgspec

from spacebeam.exchange.importers import cdp_file, har_file, json_lines_file, zip_archive
from spacebeam.exchange.importers.capture import capture_file
from spacebeam.exchange.importers.capture.packets import PCAP, PCAPNG
from spacebeam.exchange.importers.importer import ImportFault, ImportFileError, ImportFormat
from spacebeam.exchange.importers.inflating import GZIP, inflated

_HEAD = 64 * 1024  # bytes
_ZIP = b"PK\x03\x04"
_BOM = b"\xef\xbb\xbf"
_CDP = re.compile(rb'"method"\s*:\s*"[A-Z][A-Za-z]*\.')
_LINE_KEYS = frozenset(("text", "base64", "kind", "data", "event", "unsearched"))

HAR = ImportFormat("har", har_file.read)
ZIP = ImportFormat("har", zip_archive.read)
JSON_LINES = ImportFormat("jsonl", json_lines_file.read)
CDP = ImportFormat("cdp", cdp_file.read_list)
CAPTURE = ImportFormat("capture", capture_file.read)
CDP_LINES = ImportFormat("cdp", cdp_file.read_lines)


def recognised(file: BinaryIO) -> tuple[ImportFormat, BinaryIO]:
    """Return the format of a file, and the file to read, from its beginning.

    Raises ImportFileError, and OSError if the file cannot be read.
    """
    head = file.read(_HEAD)
    file.seek(0)
    if head.startswith(GZIP):  # any of the others, such as .pcapng.gz
        inner = inflated(file).read(_HEAD)
        file.seek(0)
        return _of_head(inner), inflated(file)
    if _is_zlib(head):  # as mitmproxy's .zhar
        return HAR, inflated(file)
    if head.startswith(_ZIP):
        return ZIP, file
    return _of_head(head), file


def _of_head(head: bytes) -> ImportFormat:
    if head.startswith((PCAPNG, *PCAP)):
        return CAPTURE
    return _format(head.removeprefix(_BOM).lstrip())


def _is_zlib(head: bytes) -> bool:
    if len(head) < 3 or head[0] != 0x78 or int.from_bytes(head[:2], "big") % 31:
        return False
    try:
        found = zlib.decompressobj().decompress(head, 64)
    except zlib.error:
        return False
    return found.lstrip()[:1] == b"{"


def _format(head: bytes) -> ImportFormat:
    if head.startswith(b"["):
        if _CDP.search(head):
            return CDP
    elif head.startswith(b"{"):
        first, _end, _rest = head.partition(b"\n")
        try:
            keys = msgspec.json.decode(first)
        except (ValueError, RecursionError):
            keys = {}
        if "method" in keys:
            return CDP_LINES
        if not _LINE_KEYS.isdisjoint(keys):
            return JSON_LINES
        if b'"log"' in head[:1024]:
            return HAR
        if re.match(rb'\{\s*"(number|time|direction|kind|text|base64)"', head):
            return JSON_LINES  # its first line is long
    raise ImportFileError(ImportFault.UNKNOWN_FORMAT)
