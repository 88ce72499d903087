"""Fitted models in the database: every fit stays, with its days, so that what a former one said can be told again."""

from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from json import dumps, loads
from typing import Any, Final

import numpy as np
from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb

from ingest.model.observation import FloatColumn
from ingest.model.time import from_micros
from kpi_engine.baselines.days import EnergyDays
from kpi_engine.baselines.declared import DeclaredBaseline
from kpi_engine.baselines.fitted import Fit
from kpi_engine.baselines.stored_model import StoredModel
from kpi_engine.figures.code_version import CODE_VERSION
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


def result_of(fit: Fit, declared: DeclaredBaseline) -> dict[str, Any]:
    """Return what is kept of a fit beside its days."""
    method, found = declared.method, fit.baseline
    return {
        "reasons": list(fit.reasons),
        "flags": list(fit.sufficiency.flags),
        "days": fit.sufficiency.days,
        "missing_days": fit.sufficiency.missing,
        "method": {"name": method.name, "title": method.title, "citation": method.citation},
        "model": found and asdict(found.model),
        "quality": found and found.quality.document(),
        "may_cool": declared.may_cool,
        "tried": [asdict(one) for one in fit.tried],
    }


def inputs_of(days: EnergyDays) -> dict[str, Any]:
    """Return days as they are kept: columns of numbers, null for what is not known or not bounded."""
    columns = days.columns()
    day = columns.pop("day")
    return {
        "day": day.tolist(),
        "columns": {name: _written(column) for name, column in columns.items()},
        "reasons": {str(number): text for number, text in days.reasons.items()},
    }


def keep(
    connection: Connection, declared: DeclaredBaseline, fit: Fit, days: EnergyDays, now: int
) -> tuple[StoredModel, bool]:
    """Keep a fit as the model that holds from ``now`` on, and return it; committed on return.

    What comes out as the model that holds already is not kept again: then that one and False are returned.
    """
    result, inputs = result_of(fit, declared), inputs_of(days)
    document = [declared.fitted_part, inputs]
    digest = sha256(dumps(document, sort_keys=True).encode()).hexdigest()
    with connection.transaction():
        connection.execute(SQL["baseline_lock"], {"id": declared.id})
        known = current(connection, declared)
        if known is not None and (known.inputs_hash, known.result) == (digest, loads(dumps(result))):
            return known, False
        parameters = {
            "version": known.version + 1 if known else 1,
            "declaration": Jsonb(declared.declaration.model_dump(mode="json")),
            "fitted_part": declared.fitted_part,
            "result": Jsonb(result),
            "inputs": Jsonb(inputs),
            "inputs_hash": digest,
            "code_version": CODE_VERSION,
            "now": from_micros(now),
        }
        connection.execute(SQL["baseline_supersede"], declared.key | {"now": from_micros(now)})
        connection.execute(SQL["baseline_add"], declared.key | parameters)
        stored = current(connection, declared)
    if stored is None:
        raise TypeError(f"{declared.id} was kept and is not there")
    return stored, True


def current(
    connection: Connection, declared: DeclaredBaseline, as_of: datetime | None = None, version: int | None = None
) -> StoredModel | None:
    """Return the model that holds, that held at ``as_of``, or that of a ``version``; None where there is none."""
    parameters = declared.key | {"as_of": as_of, "version": version}
    with connection.cursor(row_factory=class_row(StoredModel)) as cursor:
        return cursor.execute(SQL["baseline_model"], parameters).fetchone()


def holding(connection: Connection, city: str | None = None) -> dict[str, StoredModel]:
    """Return the models that hold, of a city or of all, by the ids of their baselines and without their days."""
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(SQL["baseline_models_holding"], {"city": city}).fetchall()
    return {row.pop("id"): StoredModel(**row) for row in rows}


def versions(connection: Connection, declared: DeclaredBaseline) -> list[StoredModel]:
    """Return every fit of a baseline, without its days, the oldest first."""
    with connection.cursor(row_factory=class_row(StoredModel)) as cursor:
        return cursor.execute(SQL["baseline_versions"], declared.key).fetchall()


def _written(column: FloatColumn) -> list[float | None]:
    return [value if np.isfinite(value) else None for value in column.tolist()]
