"""Names of files from names of connections: safe on every system, and the same each time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

SUFFIX = ".yml"
FOLDER_FILE = "folder.yml"
COLLECTION_FILE = "opencollection.yml"
ENVIRONMENTS = "environments"
FOLDER_FILES = (FOLDER_FILE, COLLECTION_FILE, "_folder.yaml")  # the last one is Restura's
SUFFIXES = (".yml", ".yaml")

_MAX_BYTES = 120
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u2028\u2029\u202a-\u202e\u2066-\u2069]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)  # of Windows
_OURS = frozenset(("folder", "_folder", "opencollection", ENVIRONMENTS, "node_modules"))


def safe_name(name: str, default: str = "connection") -> str:
    """Return a file's name, without a suffix, for the name that a person gave."""
    name = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    name = _FORBIDDEN.sub("-", name).strip(" .")
    while len(name.encode()) > _MAX_BYTES:
        name = name[:-1].rstrip(" .")
    name = name or default
    is_taken = _RESERVED.fullmatch(name) or name.casefold() in _OURS
    return f"{name}_" if is_taken else name


def free_name(name: str, taken: Iterable[str], suffix: str = "") -> str:
    """Return a name that is not taken: with a number if it is. Case makes no difference."""
    folded = {unicodedata.normalize("NFC", one).casefold() for one in taken}
    number, found = 1, f"{name}{suffix}"
    while found.casefold() in folded:
        number += 1
        found = f"{name} {number}{suffix}"
    return found


def is_derived(file_name: str, name: str, default: str = "connection") -> bool:
    """Whether a file is called by a name, perhaps with a number."""
    rest = file_name.removeprefix(safe_name(name, default))
    return rest != file_name and re.fullmatch(r"(?: \d+)?(?:\.ya?ml)?", rest) is not None
