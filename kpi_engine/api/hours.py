"""The hours behind an additive indicator: how the amount of a day is spread over it, for the curves of the console.

An indicator itself has no hours; these are the sums of the same meters' hourly amounts, with the same rule: a sum is
never partial.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import fsum
from typing import Any, Final

from pydantic import Field

from ingest.model.calendar import Period, edges
from ingest.model.sentences import Sentence
from ingest.model.time import from_micros
from kpi_engine.api.errors import NotFoundError
from kpi_engine.api.fetching import fetch
from kpi_engine.api.ranges import TimeRange
from kpi_engine.api.representation import Answer
from kpi_engine.indicator import Indicator
from kpi_engine.subjects import subject_index
from kpi_engine.subjects.subject import Subject, SubjectName
from kpi_engine.subjects.subject_index import SubjectIndex
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)
NOT_OF_CITY: Final = Sentence("no indicator is computed for the city as a whole in {city}")
NOT_OF_SUBJECT: Final = Sentence("no indicator is computed for {subject} in {city}")


class Hour(Answer):
    """The meters of a subject together in [start, end)."""

    start: datetime
    end: datetime
    sum: float | None = Field(description="Amount of all meters; null unless every one is known: never partial.")
    so_far: float | None = Field(description="Amount of what is known, for an open hour or where meters are missing.")
    meters: int = Field(description="Meters that count.")
    known: int = Field(description="Meters whose amount is whole.")
    provisional: bool = Field(description="The hour is open.")


@dataclass(frozen=True)
class _Row:
    """Hours of the meters as read."""

    bucket: datetime
    bucket_end: datetime
    amounts: list[float] | None
    whole: int


class Subjects:
    """Whom figures speak of, read again when the city files or factors have changed."""

    def __init__(self) -> None:
        self._index = SubjectIndex()

    def find(self, connection: Connection, name: SubjectName) -> Subject:
        """Return a city, or a site or group of it; raises NotFoundError where no indicator is computed for it."""
        if found := self.look_up(connection, name):
            return found
        whom = name.site or name.group
        why = NOT_OF_CITY.of(city=name.city) if whom is None else NOT_OF_SUBJECT.of(subject=whom, city=name.city)
        raise NotFoundError(why)

    @property
    def index(self) -> subject_index.SubjectIndex:
        """Everything that was read when a subject was last looked up."""
        return self._index

    def current(self, connection: Connection) -> subject_index.SubjectIndex:
        """Return everything as the database knows it now."""
        if subject_index.version(connection) != self._index.version:
            self._index = subject_index.load(connection)
        return self._index

    def look_up(self, connection: Connection, name: SubjectName) -> Subject | None:
        """Return a city, or a site or group of it; None where no indicator is computed for it."""
        return self.current(connection).by_name.get(name)


def hours(
    connection: Connection, subject: Subject, indicator: Indicator[Any], asked: TimeRange, now: int
) -> list[Hour]:
    """Return the civil hours that overlap the range, with or without data, in order of time."""
    (quantity,) = indicator.needs.quantities
    meters = [meter for meter in subject.meters_of(indicator) if quantity in meter.series]
    bounds = edges(asked.start, asked.end, Period.HOUR, subject.zone).tolist()
    spans = [(max(meter.valid_from, bounds[0]), min(meter.valid_to, bounds[-1])) for meter in meters]
    scope = {
        "series": [meter.series[quantity].series_id for meter in meters],
        "starts": [from_micros(start) for start, _ in spans],
        "ends": [from_micros(max(span)) for span in spans],
    }
    known = {row.bucket: row for row in fetch(connection, _Row, SQL["api_hours_of_series"], **scope)}
    hours_of = [
        (known.get(from_micros(start)) or _Row(from_micros(start), from_micros(end), None, 0), start)
        for start, end in pairwise(bounds)
    ]
    counting = [sum(start <= hour < end for start, end in spans) for _, hour in hours_of]
    return [_hour(row, meters, from_micros(now)) for (row, _), meters in zip(hours_of, counting, strict=True)]


def _hour(row: _Row, meters: int, now: datetime) -> Hour:
    so_far = fsum(row.amounts) if row.amounts else None
    return Hour(
        start=row.bucket,
        end=row.bucket_end,
        sum=so_far if row.whole == meters > 0 else None,
        so_far=so_far,
        meters=meters,
        known=row.whole,
        provisional=row.bucket_end > now,
    )
