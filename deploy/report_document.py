"""The PDF of a report, where the extra that makes it is installed."""

from typing import Final

from deploy.optional import needed_by
from kpi_engine.reports.report import Document

EXTRA: Final = "install the extra pdf: make pdf in a clone, elsewhere pip install 'pharos-monitoring[pdf]'"


def report_document() -> Document:
    """Return what makes the PDF of a report; raises MissingPackageError where it is not installed."""
    with needed_by("the PDF of a report", EXTRA):
        from kpi_engine.reports import document  # noqa: PLC0415 - an installation may lack what it imports
    return document.render
