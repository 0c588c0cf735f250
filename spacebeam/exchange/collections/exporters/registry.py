"""All formats that a collection is exported in, by name."""

from __future__ import annotations

from spacebeam.exchange.collections.exporters import (
    artillery_script,
    http_document,
    insomnia_document,
    k6_script,
    locust_script,
    opencollection_folder,
    postman_workspace,
    programs,
)
from spacebeam.exchange.collections.exporters.exporter import CollectionExportFormat
from spacebeam.exchange.copy_connection import ConnectionForm

HTTP = CollectionExportFormat("http", ".http", http_document.export)
COLLECTION_FORMATS = {
    one.name: one
    for one in (
        CollectionExportFormat("opencollection", "", opencollection_folder.export),
        CollectionExportFormat("postman", "", postman_workspace.export),
        CollectionExportFormat("insomnia", ".yaml", insomnia_document.export_version_5),
        CollectionExportFormat("insomnia-4", ".json", insomnia_document.export_version_4),
        HTTP,
        CollectionExportFormat("k6", ".js", k6_script.export, is_for_one=True),
        CollectionExportFormat("artillery", ".yml", artillery_script.export),
        CollectionExportFormat("locust", ".py", locust_script.export),
        *(
            CollectionExportFormat(form.value, suffix, programs.exporter_of(form), is_for_one)
            for form, suffix, is_for_one in (
                (ConnectionForm.CURL, ".sh", False),
                (ConnectionForm.WEBSOCAT, ".sh", False),
                (ConnectionForm.PYTHON, ".py", True),
                (ConnectionForm.NODE, ".js", True),
                (ConnectionForm.BROWSER, ".js", True),
            )
        ),
    )
}
