"""What the embedded stack makes of messages: the yardstick for every other way of storing them.

One stream, one rollup worker and one KPI engine, in this process and one after the other; no broker, no Kafka.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from ingest.model.calendar import Period
from ingest.model.city import city_file
from ingest.model.observation import RawMessage
from kpi_engine.engine.days_on_reading import FiguresAsked, figures
from kpi_engine.engine.engine import Engine
from kpi_engine.factors import registry as factors
from kpi_engine.factors.files import shipped
from kpi_engine.indicators import INDICATORS
from kpi_engine.subjects import subject_index
from processors.intake.stream import Stream
from processors.rollups.worker import RollupWorker
from processors.storage.database import connect
from processors.storage.readings.sink import Sink
from processors.storage.registry.registry import load, sync
from processors.storage.rollups.rollups import RollupStore
from tests import computed

SPAN = 2000, 2100
FIGURES = """
    select kpi, c.name, s.name, period, period_start, value, coverage, estimated_share, kpi_value.status, reason,
           inputs_hash
    from kpi_value join city as c using (city_id) left join site as s using (site_id)
    where superseded_at is null
    order by 1, 2, 3 nulls first, 4, 5
"""


def store(url: str, city: Path, messages: Iterable[RawMessage]) -> None:
    """Store messages and roll them up."""
    with connect(url, "embedded") as connection:
        catalogue = sync(connection, [city_file.load(city)])
        Stream(Sink(connection, catalogue, "mqtt"), catalogue).accept(list(messages))
        worker = RollupWorker(RollupStore(connection), lambda: catalogue)
        while worker.cycle().spans:
            pass


def compute(url: str, now: int) -> None:
    """Compute every figure that is due at ``now``, in microseconds."""
    with connect(url, "embedded") as connection:
        load(connection)
        factors.sync(connection, shipped())
        connection.commit()
        computed.compute(Engine(connection), now)


def heat_by_day(url: str) -> list[tuple[object, ...]]:
    """Return the days of heat delivered of every site, which are computed when they are asked for."""
    asked = FiguresAsked(INDICATORS["heat_delivered"], Period.DAY, *(datetime(year, 1, 1, tzinfo=UTC) for year in SPAN))
    with connect(url, "embedded") as connection:
        index = subject_index.load(connection)
        names = sorted(one.name for one in index.subjects.values() if one.site is not None)
        days = figures(connection, index, names, asked)
    return [(one.site, one.period_start, one.value, one.status, one.inputs_hash) for one in days]
