"""Time by state of series, as ports of states ask for it."""

from collections.abc import Mapping, Sequence
from typing import Final

from ingest.model.calendar import Period
from kpi_engine.formulas.bucket_cover import Tile
from kpi_engine.ports.stored_keys import StateKey
from kpi_engine.windows.kept_days import KeptDays
from kpi_engine.windows.source import InputSource
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


def read(connection: Connection, keys: Sequence[StateKey], kept: KeptDays | None) -> Mapping[StateKey, dict[int, int]]:  # noqa: ARG001
    """Return the time by state of each of ``keys`` [us]; of what nothing is known there is none."""
    parameters = {
        "periods": [key.tile.period.value for key in keys],
        "series": [key.series_id for key in keys],
        "buckets": [key.tile.bucket for key in keys],
    }
    found: dict[StateKey, dict[int, int]] = {}
    for period, series, start, end, state, duration in connection.execute(SQL["states_at"], parameters, binary=True):
        found.setdefault(StateKey(series, Tile(Period(period), start, end)), {})[state] = duration
    return found


SOURCE: Final = InputSource(StateKey, read)
