"""The description of a report for programs: RO-Crate 1.2, JSON-LD in ``ro-crate-metadata.json``."""

from collections.abc import Mapping
from typing import Any, Final

NAME: Final = "ro-crate-metadata.json"
KINDS: Final = {
    "report.html": ("The report, to read and to print", "text/html"),
    "report.pdf": ("The report, to hand in", "application/pdf"),
    "report.json": ("What the report is of, by whom and when", "application/json"),
    "figures.jsonl": ("Every figure with all it was computed from, a line each", "application/jsonl"),
    "savings.jsonl": ("What each baseline says, with all it was computed from, a line each", "application/jsonl"),
    "targets.jsonl": (
        "What figures say of each target, with all it was held against, a line each",
        "application/jsonl",
    ),
    "withheld.jsonl": (
        "What was left out for the sake of households, of whom and why, a line each",
        "application/jsonl",
    ),
    "figures.csv": ("The figures as a table", "text/csv"),
    "figures.parquet": ("The figures as a table", "application/vnd.apache.parquet"),
    "methods.json": ("Definition, formula and source of every indicator", "application/json"),
}


def description(report: Mapping[str, Any], files: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the description of a report whose ``files`` have these digests."""
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": report["title"],
        "description": f"Figures of {report['city_title']} in {report['period']}, with {_with(report)}.",
        "datePublished": report["frozen_at"],
        "temporalCoverage": f"{report['first']}/{report['last']}",
        "license": report["licence"],
        "hasPart": [{"@id": name} for name in files],
        "mentions": {"@id": "#pharos"},
    }
    return {
        "@context": "https://w3id.org/ro/crate/1.2/context",
        "@graph": [
            {
                "@id": NAME,
                "@type": "CreativeWork",
                "about": {"@id": "./"},
                "conformsTo": {"@id": "https://w3id.org/ro/crate/1.2"},
            },
            root,
            {"@id": "#pharos", "@type": "SoftwareApplication", "name": "Pharos", "version": report["code_version"]},
            *(_file(name, entry) for name, entry in files.items()),
        ],
    }


def _with(report: Mapping[str, Any]) -> str:
    if report["audience"] == "operators":
        return "what they were computed from"
    return "what they were computed from where no household is behind them"


def _file(name: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    title, kind = KINDS[name]
    size = str(entry["bytes"])
    return {
        "@id": name,
        "@type": "File",
        "name": title,
        "encodingFormat": kind,
        "contentSize": size,
        "sha256": entry["sha256"],
    }
