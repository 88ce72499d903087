"""One indicator of several cities and groups side by side: by name, never by value."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request

from ingest.model.calendar import Period
from ingest.model.time import to_micros
from kpi_engine.api import kpis
from kpi_engine.api.comparisons import ComparisonAnswer, comparison_answer
from kpi_engine.api.errors import invalid
from kpi_engine.api.hours import Subjects
from kpi_engine.api.routes.kpis import Allowed, KpiName
from kpi_engine.api.turns import EXPENSIVE
from kpi_engine.comparison.compared import Per
from kpi_engine.comparison.reading import ComparisonAsked, compare
from kpi_engine.errors import ComparisonError
from kpi_engine.figures.figure_periods import FigurePeriod
from kpi_engine.privacy.viewing import AskedFigure
from kpi_engine.subjects.subject import SubjectName

router = APIRouter(prefix="/kpis", tags=["KPIs"])

Names = tuple[str, ...]
MOST: Final = 100  # cities and groups of one request


@dataclass(frozen=True)
class Compared:
    """What is compared, and when."""

    city: Annotated[Names, Query(description="Cities.")]
    start: Annotated[date, Query(alias="from", description="The first day; included.")]
    end: Annotated[date, Query(alias="to", description="The day after the last.")]
    group: Annotated[Names, Query(description="Groups as CITY/GROUP.")] = ()
    period: FigurePeriod = FigurePeriod.YEAR
    per: Annotated[Per | None, Query(description="Divide amounts by the inhabitants of a city, or its area.")] = None

    @property
    def names(self) -> list[SubjectName]:
        """Whose figures, each once; raises InvalidRequestError where there are too many."""
        if len(self.city) + len(self.group) > MOST:
            raise invalid("city", f"expected at most {MOST} cities and groups")
        return list(dict.fromkeys([*(SubjectName(name) for name in self.city), *map(_group, self.group)]))


@router.get("/{kpi}/comparison", dependencies=[EXPENSIVE], summary="Cities and groups side by side")
def compare_subjects(
    kpi: KpiName, request: Request, access: Allowed, asked: Annotated[Compared, Depends()]
) -> ComparisonAnswer:
    """Put figures of cities and groups side by side, with bounds. They stand by name: this is no ranking."""
    names = asked.names
    for name in names:
        access.cities(name.city)
    if asked.start >= asked.end:
        raise invalid("to", "expected `from` to be earlier than `to`")
    subjects: Subjects = request.app.state.subjects
    wanted = ComparisonAsked(kpis.find(kpi), names, Period(asked.period), asked.start, asked.end, asked.per)
    try:
        found = compare(access.connection, subjects.current(access.connection), wanted)
    except ComparisonError as error:
        raise invalid("kpi", str(error), "path") from error
    for each in found.figures:
        span = to_micros(each.start), to_micros(each.end)
        access.require_shown(AskedFigure(each.subject, kpi, Period(asked.period), *span))
    answer = comparison_answer(found)
    for one in answer.figures:
        one.reason = access.viewing.words(one.city, one.reason)
    return answer


def _group(text: str) -> SubjectName:
    city, _, group = text.partition("/")
    if not city or not group:
        raise invalid("group", "expected a group as CITY/GROUP")
    return SubjectName(city, None, group)
