"""Which figures of today an alarm touches: those that read a device it stands for, as they are known now."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Final

from pydantic import Field

from kpi_engine.api.fetching import fetch
from kpi_engine.api.representation import Answer
from kpi_engine.indicators import INDICATORS
from kpi_engine.subjects.subject import WHOLE_CITY, SubjectId
from kpi_engine.subjects.subject_index import SubjectIndex
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


class TouchedFigure(Answer):
    """A figure of the running day or month that reads devices an alarm is of."""

    value_id: int
    kpi: str
    title: str
    city: str
    site: str | None
    group: str | None
    period: str
    period_start: datetime
    period_end: datetime
    value: float | None
    unit: str
    coverage: float
    status: str
    reason: str | None
    devices: int = Field(description="How many devices of the alarm it reads.")


def devices_of(connection: Connection, alarm_id: int) -> list[int]:
    """Return the ids of the devices that an alarm stands for, or of the one it is of."""
    return [one for (one,) in connection.execute(SQL["alarm_devices"], {"alarm_id": alarm_id})]


def touched(
    connection: Connection, index: SubjectIndex, devices: Collection[int], now: datetime
) -> list[TouchedFigure]:
    """Return the figures of periods that hold ``now`` and read devices, by their ids; those of the city first."""
    readers: dict[tuple[SubjectId, str], set[int]] = defaultdict(set)
    for series_id, device_id in connection.execute(SQL["alarm_series"], {"devices": list(devices)}):
        for reader in index.readers.get(series_id, ()):
            for kpi in reader.names:
                readers[reader.subject.key, kpi].add(device_id)
    wanted = {
        "kpis": [kpi for _, kpi in readers],
        "cities": [city for (city, _), _ in readers],
        "sites": [WHOLE_CITY if site is None else site for (_, site), _ in readers],
        "counts": [len(found) for found in readers.values()],
    }
    titles = {name: indicator.title for name, indicator in INDICATORS.items()}

    def figure(**row: object) -> TouchedFigure:
        return TouchedFigure.model_validate(row | {"title": titles[str(row["kpi"])]})

    return fetch(connection, figure, SQL["alarm_figures"], now=now, **wanted)
