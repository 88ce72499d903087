"""Days of lamps side by side, as ports of lamps ask for them; what each did by the hour is kept, a byte an hour."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from ingest.model.time import HOUR
from kpi_engine.formulas.lamp_states import UNKNOWN, LampStates, states_of_gauge, states_of_register
from kpi_engine.ports.hours import hour_edges
from kpi_engine.ports.stored_keys import LampDayKey, LampMember
from kpi_engine.sources.days import portions, read_hours
from kpi_engine.window import KNOWN_FROM
from kpi_engine.windows.group_hours import StoredHours
from kpi_engine.windows.kept_days import KeptDays
from kpi_engine.windows.source import InputSource
from kpi_engine.windows.stored_amounts import on_grid
from processors.storage.database import Connection


def read(connection: Connection, keys: Sequence[LampDayKey], kept: KeptDays | None) -> Mapping[LampDayKey, LampStates]:
    """Return the days asked for, a row for each lamp: what is kept, and the rest from the rollups."""
    stored = kept.of(keys) if kept else {}
    found = {key: np.frombuffer(states, np.int8).reshape(len(key.group.members), -1) for key, states in stored.items()}
    for portion in portions([key for key in keys if key not in found]):
        hours = read_hours(connection, portion)
        anew = {key: _day(key, hours) for key in portion}
        if kept:
            kept.add({key: states.tobytes() for key, states in anew.items()})
        found |= anew
    return found


def _day(key: LampDayKey, stored: StoredHours) -> LampStates:
    edges = hour_edges(key.start, key.end, key.group.zone)
    return np.stack([_of_lamp(one, edges, stored) for one in key.group.members])


def _of_lamp(one: LampMember, edges: "np.ndarray[tuple[int], np.dtype[np.int64]]", stored: StoredHours) -> LampStates:
    if one.series_id not in stored:
        return np.full(len(edges) - 1, UNKNOWN, np.int8)
    hours, levels = stored[one.series_id]
    first, last = np.searchsorted(hours.bucket, edges[[0, -1]])
    bucket = hours.bucket[first:last]
    if one.lit_above is not None:
        mean, least, greatest = (on_grid(edges, bucket, row[first:last]) for row in levels)
        return states_of_gauge(mean, least, greatest, one.lit_above)
    # What a register counted in a long silence is known, and not in which of its hours.
    is_known = hours.measured >= KNOWN_FROM * hours.seconds
    burnt = np.where(is_known, hours.total, np.nan)[first:last]
    return states_of_register(on_grid(edges, bucket, burnt), np.diff(edges) / HOUR)


SOURCE: Final = InputSource(LampDayKey, read)
