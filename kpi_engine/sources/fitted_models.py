"""Fits of baselines, as ports of models ask for them."""

from collections.abc import Mapping, Sequence
from typing import Final

from psycopg.rows import class_row

from kpi_engine.baselines.stored_model import StoredModel
from kpi_engine.ports.stored_keys import ModelKey
from kpi_engine.windows.kept_days import KeptDays
from kpi_engine.windows.source import InputSource
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


def read(
    connection: Connection,
    keys: Sequence[ModelKey],
    kept: KeptDays | None,  # noqa: ARG001 - of fits nothing is
) -> Mapping[ModelKey, StoredModel]:
    """Return the fits of ``keys`` that there are."""
    found: dict[ModelKey, StoredModel] = {}
    with connection.cursor(row_factory=class_row(StoredModel)) as cursor:
        for key in keys:
            if model := cursor.execute(SQL["fitted_model"], key._asdict()).fetchone():
                found[key] = model
    return found


SOURCE: Final = InputSource(ModelKey, read)
