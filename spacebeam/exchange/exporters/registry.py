"""All formats that a recording is exported in, by name."""

from __future__ import annotations

from spacebeam.exchange.exporters import (
    csv_file,
    har_file,
    json_lines_file,
    markdown_file,
    parquet_file,
    payload_folder,
    playwright_trace,
    text_file,
)
from spacebeam.exchange.exporters.exporter import Export, ExportFormat
from spacebeam.exchange.losses import Loss

_TRACE = (Loss.EVENTS, Loss.MARKS, Loss.INVALID_TEXTS, Loss.SECRETS)
_FOLDER = (Loss.HANDSHAKES, Loss.OTHER_ENTRIES, Loss.MARKS)


def _format(name: str, suffix: str, export: Export, *losses: Loss) -> ExportFormat:
    return ExportFormat(name, suffix, export, frozenset((Loss.WIRE_FORMS, *losses)))


FORMATS = {
    one.name: one
    for one in (
        _format("har", ".har", har_file.export, *_TRACE, Loss.CONTROL_FRAMES),
        _format("playwright", ".zip", playwright_trace.export, *_TRACE),
        _format("jsonl", ".jsonl", json_lines_file.export, Loss.HANDSHAKES),
        _format("csv", ".csv", csv_file.export, Loss.HANDSHAKES),
        _format("markdown", ".md", markdown_file.export, Loss.HANDSHAKES, Loss.INVALID_TEXTS),
        _format("text", ".txt", text_file.export, Loss.HANDSHAKES, Loss.MARKS),
        ExportFormat(
            "parquet",
            ".parquet",
            parquet_file.export,
            frozenset((Loss.HANDSHAKES,)),
            parquet_file.is_available,
        ),
        _format("folder", "", payload_folder.export, *_FOLDER),
    )
}
