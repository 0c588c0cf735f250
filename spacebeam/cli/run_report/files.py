"""Writes reports: to a temporary file first, so that a report is whole or not there."""

from __future__ import annotations

import os
from pathlib import Path


class ReportError(Exception):
    """A report could not be written; the message says why."""


def write_report(path: Path, text: str) -> None:
    """Write a report. Raises ReportError."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if path.exists() and not path.is_file():  # such as /dev/stdout
            path.write_text(text, encoding="utf-8")
            return
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ReportError(f"Could not write the report {path}: {error.strerror}.") from None
