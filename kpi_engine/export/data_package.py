"""A tabular data package of Frictionless Data (v1): a ZIP of the table as CSV and a description for programs."""

import json
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from kpi_engine.export import comma_separated
from kpi_engine.export.hashed import Hashed
from kpi_engine.export.table import ColumnKind, Table, TableColumn

TYPES: Final = {
    ColumnKind.TEXT: {"type": "string"},
    ColumnKind.NUMBER: {"type": "number"},
    ColumnKind.INTEGER: {"type": "integer"},
    ColumnKind.BOOLEAN: {"type": "boolean"},
    ColumnKind.INSTANT: {"type": "datetime", "format": "any"},  # fractions of a second are no default
    ColumnKind.CIVIL: {"type": "datetime", "format": "any"},
}


def write(table: Table, target: IO[bytes]) -> None:
    """Write a table and its description; ``target`` need not be seekable."""
    path = f"{table.name}.csv"
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        with archive.open(path, "w", force_zip64=True) as entry:
            hashed = Hashed(entry)
            comma_separated.write_plain(table, hashed)
        archive.writestr(
            "datapackage.json", json.dumps(_description(table, path, hashed), indent=2, ensure_ascii=False)
        )


def _description(table: Table, path: str, written: Hashed) -> dict[str, Any]:
    about = dict(table.about)
    return {
        "profile": "tabular-data-package",
        "name": f"pharos-{table.name}",
        "title": table.title,
        "created": about["made_at"],
        "about": about,
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": table.name,
                "title": table.title,
                "path": path,
                "encoding": "utf-8",
                "format": "csv",
                "mediatype": "text/csv",
                "bytes": written.size,
                "hash": f"sha256:{written.digest}",
                "schema": {"fields": [_field(column) for column in table.columns], "missingValues": [""]},
            }
        ],
    }


def _field(column: TableColumn) -> dict[str, str]:
    unit = {"unit": column.unit} if column.unit else {}
    return {"name": column.name, **TYPES[column.kind], "description": column.description, **unit}
