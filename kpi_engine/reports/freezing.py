"""Freezing: the figures of a period as they are known in one moment, each with its complete inputs."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from ingest.model.calendar import Period
from ingest.model.time import from_micros
from kpi_engine.engine.reload_inputs import with_inputs
from kpi_engine.figures import store
from kpi_engine.figures.store import Lineage
from kpi_engine.indicator import Indicator
from kpi_engine.reports.frozen import AS_STORED, FrozenFigure
from kpi_engine.reports.period import ReportPeriod
from kpi_engine.subjects.subject import Subject
from kpi_engine.subjects.subject_index import SubjectIndex
from processors.storage.database import Connection


@dataclass(frozen=True)
class ReportScope:
    """What a report is of: a city and its groups, with ``sites`` each of its sites as well.

    ``as_of``: as known at that instant, UTC; None: as known when it is frozen.
    """

    city: str
    period: ReportPeriod
    sites: bool = False
    as_of: datetime | None = None

    def takes(self, subject: Subject) -> bool:
        """Whether figures of a subject are in it."""
        return subject.city.name == self.city and (self.sites or subject.site is None)


def frozen_figures(connection: Connection, index: SubjectIndex, scope: ReportScope) -> Iterator[FrozenFigure]:
    """Yield the months of the period, and the year where it is one: the city before its groups and sites."""
    periods = (Period.YEAR, Period.MONTH) if scope.period.is_year else (Period.MONTH,)
    subjects = sorted(filter(scope.takes, index.subjects.values()), key=lambda one: (one.site or "", one.group or ""))
    for subject in subjects:
        for indicator in sorted(subject.indicators, key=lambda one: one.name):
            for period in periods:
                if period in indicator.periods:
                    yield from _figures(connection, index, subject, indicator, period, scope)


def _figures(  # noqa: PLR0913, PLR0917 - of what, of whom, of when
    connection: Connection,
    index: SubjectIndex,
    subject: Subject,
    indicator: Indicator[Any],
    period: Period,
    scope: ReportScope,
) -> Iterator[FrozenFigure]:
    start, end = map(from_micros, scope.period.within(subject.zone))
    city, site, group = subject.name
    values = store.values(connection, indicator.name, city, site, period.value, start, end, scope.as_of, group=group)
    inputs = store.inputs_of(connection, [value.value_id for value in values])
    for value in values:
        whole = with_inputs(connection, Lineage(value, inputs[value.value_id], ()), index)
        stored = {name: of for name, of in asdict(value).items() if name in AS_STORED}
        yield FrozenFigure(**stored, zone=subject.zone, inputs=whole.inputs, reproducible=bool(whole.reproduces))
