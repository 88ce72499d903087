"""Rollups of series, as ports of levels ask for them."""

from collections.abc import Mapping, Sequence
from typing import Final

from kpi_engine.ports.stored_keys import RollupKey
from kpi_engine.windows.kept_days import KeptDays
from kpi_engine.windows.rollups import read_rollups
from kpi_engine.windows.source import InputSource
from processors.steps.rollup import Rollup
from processors.storage.database import Connection


def read(connection: Connection, keys: Sequence[RollupKey], kept: KeptDays | None) -> Mapping[RollupKey, Rollup]:  # noqa: ARG001
    """Return the stored rollups among ``keys``."""
    found = read_rollups(connection, ((key.series_id, key.tile) for key in keys))
    return {RollupKey(*key): rollup for key, rollup in found.items()}


SOURCE: Final = InputSource(RollupKey, read)
