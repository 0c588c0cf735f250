"""All formats that a recording is exported in, by name."""

from __future__ import annotations

from spacebeam.exchange.exporters import (
    csv_file,
    har_file,
    json_lines_file,
    markdown_file,
    payload_folder,
    text_file,
)
from spacebeam.exchange.exporters.exporter import ExportFormat

FORMATS = {
    one.name: one
    for one in (
        ExportFormat("har", ".har", har_file.export),
        ExportFormat("jsonl", ".jsonl", json_lines_file.export),
        ExportFormat("csv", ".csv", csv_file.export),
        ExportFormat("markdown", ".md", markdown_file.export),
        ExportFormat("text", ".txt", text_file.export),
        ExportFormat("folder", "", payload_folder.export),
    )
}
