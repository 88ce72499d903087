"""Charging sessions of points, as ports of sessions ask for them: records, and those that readings tell of."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np

from ingest.model.time import from_micros
from kpi_engine.formulas.session_columns import StoredSessions
from kpi_engine.ports.stored_keys import SessionKey
from kpi_engine.windows.kept_days import KeptDays
from kpi_engine.windows.source import InputSource
from processors.storage.arrays import read_arrays
from processors.storage.binary_copy import ColumnType
from processors.storage.database import Connection
from processors.storage.sessions.assembled import SOURCE as ASSEMBLED
from processors.storage.statements import statements

SQL: Final = statements(__name__)

_ID, _TIME, _NUMBER = ColumnType.INTEGER, ColumnType.TIMESTAMP, ColumnType.DOUBLE
_TYPES: Final = (_ID, _TIME, _TIME, _NUMBER, _NUMBER, _NUMBER, _ID)


def read(
    connection: Connection,
    keys: Sequence[SessionKey],
    kept: KeptDays | None,  # noqa: ARG001 - of sessions nothing is
) -> Mapping[SessionKey, StoredSessions]:
    """Return the sessions under each of ``keys``, in the order of their begin; where none are, none."""
    parameters = {
        "slots": list(range(len(keys))),
        "series": [key.series_id for key in keys],
        "starts": [from_micros(key.start) for key in keys],
        "ends": [from_micros(key.end) for key in keys],
        "assembled": ASSEMBLED,
    }
    columns: list[Any] = read_arrays(connection, SQL["sessions_of_series"], parameters, _TYPES)
    slots, begin, end = (one.astype(np.int64) for one in columns[:3])
    energy, lower, upper = (one.astype(np.float64) for one in columns[3:6])
    whole = StoredSessions(begin, end, energy, lower, upper, columns[6] != 0)
    present, firsts = np.unique(slots, return_index=True)
    edges = pairwise([*firsts.tolist(), len(slots)])
    return {keys[slot]: whole.select(slice(*edge)) for slot, edge in zip(present.tolist(), edges, strict=True)}


SOURCE: Final = InputSource(SessionKey, read)
